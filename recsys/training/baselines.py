"""Training of the baselines that analysts compare with (`recsys.models.baselines`)."""

import warnings

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recsys.data.dataset import Likes
from recsys.data.learned import Learned
from recsys.models.baselines import Baselines
from recsys.models.item_item import films_that_take_part, histories_of
from recsys.models.regressions import ease, likes_matrix

NEIGHBOURS = 100


def learn_baselines(likes: Likes, movie_ids: NDArray[np.int32], learned: Learned) -> Baselines:
    """Learn Item-kNN and EASE from the same films and people as the item-item weights.

    Parameters
    ----------
    likes : Likes
    movie_ids : int32 array (films,)
        The catalogue, ascending.
    learned : Learned
        The hyperparameters of EASE, the same as within the model.

    Returns
    -------
    Baselines
        Empty if fewer than two films are liked by two people.
    """
    films = films_that_take_part(likes, len(movie_ids))
    if len(films) < 2:
        return Baselines.empty()
    histories = histories_of(likes, films)
    neighbours, cosines = _nearest(likes_matrix(histories, len(films)))
    weights = ease(histories, len(films), learned.ridge, learned.dropout, learned.activity)
    return Baselines(movie_ids[films], neighbours, cosines, weights.astype(np.float16))


def cosine_similarities(people: sparse.csr_array) -> sparse.csr_array:
    """Return how similar films are by who likes them, as implicit computes it for Item-kNN.

    Parameters
    ----------
    people : sparse array (people, films)
        1 for each like.

    Returns
    -------
    sparse array (films, films)
        In each row the `NEIGHBOURS` largest cosines, 0 to 1, with the film's own.
    """
    from implicit.nearest_neighbours import CosineRecommender  # only needed with baselines

    model = CosineRecommender(K=NEIGHBOURS, num_threads=1)
    with warnings.catch_warnings():  # implicit passes itself the wrong type of matrix
        warnings.simplefilter("ignore")
        model.fit(sparse.csr_matrix(people), show_progress=False)
    return sparse.csr_array(model.similarity)


def _nearest(people: sparse.csr_array) -> tuple[NDArray[np.uint16], NDArray[np.float16]]:
    """Return each film's nearest neighbours and their cosine similarities: (films, NEIGHBOURS)."""
    n = people.shape[1]
    neighbours = np.repeat(np.arange(n, dtype=np.uint16)[:, None], NEIGHBOURS, axis=1)
    cosines = np.zeros((n, NEIGHBOURS), np.float16)
    found = cosine_similarities(people)
    for film in range(n):
        its = slice(found.indptr[film], found.indptr[film + 1])
        others = found.indices[its] != film
        near = int(others.sum())
        neighbours[film, :near] = found.indices[its][others]
        cosines[film, :near] = found.data[its][others]
    return neighbours, cosines
