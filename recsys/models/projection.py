"""The map of films, on which films with similar factors are close to each other.

A t-SNE projection (van der Maaten and Hinton 2008,
https://jmlr.org/papers/v9/vandermaaten08a.html), from scikit-learn, of the directions of the films'
LightFM factors. The axes and the distances between distant groups have no meaning.
"""

import numpy as np
from numpy.typing import NDArray

from recsys.models.factors import Floats

MOST_FILMS = 1_000
LEAST_FILMS = 50

_NEIGHBOURS = 30  # t-SNE's perplexity
_STEPS = 400
_STEPS_ONWARDS = 250
_SPREAD = 25.0  # the distance from the centre over which t-SNE spreads a thousand films
_MOST_ALIKE = 5


def no_map(films: int) -> Floats:
    """Return an empty map: float32 array (films, 2) of NaN."""
    return np.full((films, 2), np.nan, np.float32)


def draw_map(
    film_factors: Floats, likes: NDArray[np.int64], seed: int, former: Floats | None = None
) -> Floats:
    """Compute the positions of the most liked films, each coordinate from -1 to 1.

    Parameters
    ----------
    film_factors : float32 array (films, d)
    likes : int64 array (films,)
        How many people like each film; the `MOST_FILMS` most liked ones are drawn.
    seed : int
        For t-SNE.
    former : float32 array (films, 2), optional
        The previous positions, NaN for films that weren't drawn. Films stay close to them; without
        them, every new map looks different, even after rotation.

    Returns
    -------
    float32 array (films, 2)
        NaN for films that aren't drawn: nearly all of them have too few likes for a meaningful
        position. All NaN if fewer than `LEAST_FILMS` have likes.
    """
    places = no_map(len(film_factors))
    drawn = np.lexsort((np.arange(len(likes)), -likes))[:MOST_FILMS]
    drawn = drawn[likes[drawn] > 0]
    if len(drawn) < LEAST_FILMS:
        return places
    from sklearn.manifold import TSNE  # a second to import, and only training needs it
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
    # On two cores, threads wait for each other at each small step and take six times as long. A
    # limit set before the import of scikit-learn wouldn't apply to its own thread pool.
    with threadpool_limits(1):
        picture = method.fit_transform(directions)
    picture -= (picture.max(axis=0) + picture.min(axis=0)) / 2
    places[drawn] = picture / np.abs(picture).max()
    return places


def _begin(directions: Floats, former: Floats) -> Floats | None:
    """Return the previous positions in t-SNE's units; None if there are too few.

    New films are placed among the films most similar to them.
    """
    is_new = np.isnan(former).any(axis=1)
    if (~is_new).sum() < LEAST_FILMS:
        return None
    begin = former.copy()
    likeness = directions[is_new] @ directions[~is_new].T
    nearest = np.argsort(-likeness, axis=1, kind="stable")[:, :_MOST_ALIKE]
    begin[is_new] = former[~is_new][nearest].mean(axis=1)
    return begin * _SPREAD
