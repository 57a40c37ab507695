"""Metrics of lists: accuracy, novelty, popularity, intra-list diversity and coverage.

A test compares each with the RecTools metric named in its docstring
(https://rectools.readthedocs.io) on the same lists; RecTools has no `ips_ndcg` and
`capped_recall`. Splits and models are handled in `recsys.evaluation`.
"""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray


def gains(k: int) -> NDArray[np.float64]:
    """Return the gain of a hit at each rank from 1, 1 / log2(rank + 1): float64 array (k,)."""
    return np.asarray(1 / np.log2(np.arange(2, k + 2)))


def ndcg(listed: Sequence[int], relevant: Collection[int], k: int) -> float:
    """Return the normalised discounted cumulative gain of the first k ranks, from 0 to 1.

    A hit at rank r (from 1) gains 1 / log2(r + 1). The sum is divided by that of the ideal list,
    which has min(k, relevant films) hits at the top (Järvelin and Kekäläinen 2002,
    https://doi.org/10.1145/582415.582418). RecTools: NDCG with divide_by_achievable.

    Parameters
    ----------
    listed : sequence of int
        Film IDs, the best first, without duplicates.
    relevant : collection of int
        Films that should have been listed.
    k : int
        How many ranks count.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If nothing is relevant: such a person must be left out of an average.
    """
    if not relevant:
        raise ValueError("relevant must not be empty")
    of_ranks = gains(k)
    hits = [film in relevant for film in listed[:k]]
    return float(of_ranks[: len(hits)][hits].sum() / of_ranks[: len(relevant)].sum())


def ips_ndcg(
    listed: Sequence[int],
    relevant: Collection[int],
    likes: Mapping[int, int],
    most_likes: int,
    k: int,
) -> float:
    """Return the NDCG with hits weighted by inverse propensity, from 0 to 1.

    The fewer people like a film, the more a hit counts: ((likes + 1) / (most likes + 1)) ** -0.5,
    which is 1 for the most liked film. The sum is divided by that of the ideal list, which has the
    relevant films with the largest weights at the top. People rate popular films, and plain NDCG
    rewards a model for listing just those (Steck 2011, https://doi.org/10.1145/2043932.2043957;
    Yang et al. 2018, https://doi.org/10.1145/3240323.3240355).

    Parameters
    ----------
    listed : sequence of int
        Film IDs, the best first, without duplicates.
    relevant : collection of int
        Films that should have been listed.
    likes : mapping of int to int
        How many people like each film in the training part; 0 for films that are missing.
    most_likes : int
        The largest of these numbers.
    k : int
        How many ranks count.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If nothing is relevant.
    """
    if not relevant:
        raise ValueError("relevant must not be empty")
    of_ranks = gains(k)
    weights = {film: ((most_likes + 1) / (likes.get(film, 0) + 1)) ** 0.5 for film in relevant}
    gained = [weights.get(film, 0.0) for film in listed[:k]]
    best = sorted(weights.values(), reverse=True)[:k]
    return float(of_ranks[: len(gained)] @ gained / (of_ranks[: len(best)] @ best))


def hit(listed: Sequence[int], relevant: Collection[int], k: int) -> bool:
    """Return whether any of the first k films is relevant; its mean is the hit rate (HitRate)."""
    return any(film in relevant for film in listed[:k])


def precision(listed: Sequence[int], relevant: Collection[int], k: int) -> float:
    """Return the share of the first k ranks that have a relevant film (Precision)."""
    return sum(film in relevant for film in listed[:k]) / k


def recall(listed: Sequence[int], relevant: Collection[int], k: int) -> float:
    """Return the share of the relevant films that is among the first k (Recall)."""
    return sum(film in relevant for film in listed[:k]) / len(relevant)


def capped_recall(listed: Sequence[int], relevant: Collection[int], k: int) -> float:
    """Return the hits among the first k, over the most there could be: min(k, relevant films).

    Liang et al. 2018 (https://doi.org/10.1145/3178876.3186150) call this recall@k.
    """
    return sum(film in relevant for film in listed[:k]) / min(k, len(relevant))


def average_precision(listed: Sequence[int], relevant: Collection[int], k: int) -> float:
    """Return the sum of precision at each hit of the first k, over the relevant films (MAP)."""
    hits = np.array([film in relevant for film in listed[:k]], dtype=bool)
    at_place = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float(at_place[hits].sum() / len(relevant))


def novelty(listed: Sequence[int], shares: Mapping[int, float], k: int) -> float:
    """Return the mean of -log2(share of people who rated the film), in bits (MeanInvUserFreq).

    `shares` must have a positive share for every listed film.
    """
    return float(np.mean([-np.log2(shares[film]) for film in listed[:k]])) if listed else 0.0


def variety(listed: Sequence[int], genres: Mapping[int, NDArray[np.bool_]], k: int) -> float:
    """Return the mean Hamming distance of two films' genres in a list (IntraListDiversity)."""
    rows = [genres[film] for film in listed[:k]]
    pairs = [
        int((one != other).sum()) for place, one in enumerate(rows) for other in rows[place + 1 :]
    ]
    return float(np.mean(pairs)) if pairs else 0.0


def mean_popularity(listed: Sequence[int], likes: Mapping[int, int], k: int) -> float:
    """Return how many people like a listed film on average (AvgRecPopularity)."""
    return float(np.mean([likes.get(film, 0) for film in listed[:k]])) if listed else 0.0


def median_popularity(lists: Sequence[Sequence[int]], likes: Mapping[int, int], k: int) -> float:
    """Return the median number of people who like a film among the first k of all lists."""
    counts = [likes.get(film, 0) for listed in lists for film in listed[:k]]
    return float(np.median(counts)) if counts else 0.0


def coverage(lists: Sequence[Sequence[int]], films: int, k: int) -> float:
    """Return the share of all `films` that is among the first k of any list (CatalogCoverage)."""
    return len({film for listed in lists for film in listed[:k]}) / films
