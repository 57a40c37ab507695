"""A picture of the films: nearby are those whose factors are alike.

t-SNE (van der Maaten and Hinton 2008, https://jmlr.org/papers/v9/vandermaaten08a.html), from
scikit-learn, of the directions of the films' LightFM factors. Distances between far groups and the
axes mean nothing.
"""

import numpy as np
from numpy.typing import NDArray

from recsys.learned import Floats

MOST_FILMS = 1_000
LEAST_FILMS = 50

_NEIGHBOURS = 30  # what t-SNE calls perplexity
_STEPS = 400


def no_map(films: int) -> Floats:
    """The picture that no film is in: (films, 2) NaN."""
    return np.full((films, 2), np.nan, np.float32)


def draw_map(film_factors: Floats, likes: NDArray[np.int64], seed: int) -> Floats:
    """Where the best liked films stand, each coordinate from -1 to 1.

    Parameters
    ----------
    film_factors : float32 array (films, d)
    likes : int64 array (films,)
        How many people like each film; the `MOST_FILMS` best liked ones are drawn.
    seed : int

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
    perplexity = min(_NEIGHBOURS, len(drawn) // 4)
    method = TSNE(
        perplexity=perplexity, max_iter=_STEPS, angle=0.8, init="pca", random_state=seed, n_jobs=1
    )
    # On two cores threads, which wait for each other at each small step, take six times as long;
    # a limit set before scikit-learn's import wouldn't reach its own.
    with threadpool_limits(1):
        picture = method.fit_transform(film_factors[drawn] / lengths)
    picture -= (picture.max(axis=0) + picture.min(axis=0)) / 2
    places[drawn] = picture / np.abs(picture).max()
    return places
