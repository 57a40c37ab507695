"""Interactions and features as sparse matrices for LightFM; serving doesn't need them."""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recsys.data.dataset import Likes
from recsys.data.features import NO_PERIOD, Catalogue


def lightfm_interactions(
    people: NDArray[np.int64], films: NDArray[np.int64], shape: tuple[int, int]
) -> sparse.coo_matrix:
    """Return interactions as LightFM reads them: float32, 1 for each.

    Parameters
    ----------
    people : int64 array (interactions,)
        As indices.
    films : int64 array (interactions,)
        As indices.
    shape : (int, int)
        How many people and films there are.

    Returns
    -------
    sparse matrix (people, films)
    """
    return sparse.coo_matrix((np.ones(len(people), np.float32), (people, films)), shape=shape)


def lightfm_features(features: sparse.csr_array) -> sparse.csr_matrix:
    """Return features as LightFM reads them: its compiled code accepts 32-bit indices alone.

    Parameters
    ----------
    features : sparse array (people or films, features)

    Returns
    -------
    sparse matrix (people or films, features)
    """
    return sparse.csr_matrix(
        (features.data, features.indices.astype(np.int32), features.indptr.astype(np.int32)),
        shape=features.shape,
    )


def film_features(catalogue: Catalogue) -> sparse.csr_array:
    """Return films by features: identity, then genres, then half-decades; float32."""
    films = len(catalogue.movie_ids)
    dated = np.flatnonzero(catalogue.period != NO_PERIOD)
    periods = sparse.csr_array(
        (np.ones(len(dated), np.float32), (dated, catalogue.period[dated])),
        shape=(films, len(catalogue.periods)),
    )
    genres = sparse.csr_array(catalogue.genre_mask.astype(np.float32))
    identity = sparse.eye_array(films, dtype=np.float32)
    return sparse.csr_array(sparse.hstack([identity, genres, periods]))


def history_features(likes: Likes, films: int, most: int) -> sparse.csr_array:
    """Return people by films: 1/√n for each of the n newest likes, n at most `most`; float32.

    The cap bounds the cost of training: each sample updates every feature of its person.
    """
    counts = np.bincount(likes.people, minlength=likes.n_people)
    age = np.repeat(np.cumsum(counts), counts) - np.arange(len(likes.people)) - 1
    newest = age < most
    weights = 1 / np.sqrt(np.minimum(counts, most))
    return sparse.csr_array(
        (
            weights[likes.people[newest]].astype(np.float32),
            (likes.people[newest], likes.films[newest]),
        ),
        shape=(likes.n_people, films),
    )
