"""A picture of the films: nearby are those whose factors are alike.

t-SNE (van der Maaten and Hinton 2008, https://jmlr.org/papers/v9/vandermaaten08a.html), from
scikit-learn, of the directions of the films' LightFM factors. Distances between far groups and the
axes mean nothing.
"""

import numpy as np
from numpy.typing import NDArray

from recsys.models.factors import Floats

MOST_FILMS = 1_000
LEAST_FILMS = 50

_NEIGHBOURS = 30  # what t-SNE calls perplexity
_STEPS = 400
_STEPS_ONWARDS = 250
_SPREAD = 25.0  # how far, from the middle, t-SNE spreads a thousand films
_MOST_ALIKE = 5


def no_map(films: int) -> Floats:
    """The picture that no film is in: (films, 2) NaN."""
    return np.full((films, 2), np.nan, np.float32)


def draw_map(
    film_factors: Floats, likes: NDArray[np.int64], seed: int, former: Floats | None = None
) -> Floats:
    """Where the best liked films stand, each coordinate from -1 to 1.

    Parameters
    ----------
    film_factors : float32 array (films, d)
    likes : int64 array (films,)
        How many people like each film; the `MOST_FILMS` best liked ones are drawn.
    seed : int
    former : float32 array (films, 2), optional
        Where the films stood before, NaN for those that weren't drawn: they stay near there. Drawn
        anew, a picture is another one each time, whatever way it is turned.

    Returns
    -------
    float32 array (films, 2)
        NaN for films that aren't drawn: nearly all have too few likes to have a place of their
        own. All NaN when fewer than `LEAST_FILMS` have any.
    """
    places = no_map(len(film_factors))
    drawn = np.lexsort((np.arange(len(likes)), -likes))[:MOST_FILMS]
    drawn = drawn[likes[drawn] > 0]
    if len(drawn) < LEAST_FILMS:
        return places
    from sklearn.manifold import TSNE  # a second to import, and only training draws
    from threadpoolctl import threadpool_limits

    lengths = np.linalg.norm(film_factors[drawn], axis=1, keepdims=True)
    lengths[lengths == 0] = 1
    directions = film_factors[drawn] / lengths
    begin = None if former is None else _begin(directions, former[drawn])
    method = TSNE(
        perplexity=min(_NEIGHBOURS, len(drawn) // 4),
        angle=0.8,
        random_state=seed,
        n_jobs=1,
        **(
            {"max_iter": _STEPS, "init": "pca"}
            if begin is None
            else {"max_iter": _STEPS_ONWARDS, "init": begin, "early_exaggeration": 1.0}
        ),
    )
    # On two cores threads, which wait for each other at each small step, take six times as long;
    # a limit set before scikit-learn's import wouldn't reach its own.
    with threadpool_limits(1):
        picture = method.fit_transform(directions)
    picture -= (picture.max(axis=0) + picture.min(axis=0)) / 2
    places[drawn] = picture / np.abs(picture).max()
    return places


def _begin(directions: Floats, former: Floats) -> Floats | None:
    """Where films stood, in t-SNE's units, new ones among those most like them; None if all are."""
    is_new = np.isnan(former).any(axis=1)
    if (~is_new).sum() < LEAST_FILMS:
        return None
    begin = former.copy()
    likeness = directions[is_new] @ directions[~is_new].T
    nearest = np.argsort(-likeness, axis=1, kind="stable")[:, :_MOST_ALIKE]
    begin[is_new] = former[~is_new][nearest].mean(axis=1)
    return begin * _SPREAD
