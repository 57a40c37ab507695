"""How good a list is: what share of it somebody went on to like, and how varied all lists are.

Each agrees with RecTools' metric of the name given (https://rectools.readthedocs.io), which a test
compares on the same lists; RecTools has no `ips_ndcg`. These know nothing of splits and models;
`recsys.evaluation` does.
"""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray


def ndcg(listed: Sequence[int], relevant: Collection[int], k: int) -> float:
    """Normalised discounted cumulative gain of the first k places, from 0 to 1.

    A hit in place r (from 1) gains 1 / log2(r + 1); the sum is divided by that of the best list
    there could be, which has min(k, relevant films) hits in front (Järvelin and Kekäläinen 2002,
    https://doi.org/10.1145/582415.582418). RecTools: NDCG with divide_by_achievable.

    Parameters
    ----------
    listed : sequence of int
        Films, the best first; none twice.
    relevant : collection of int
        Films that should have been listed.

    Raises
    ------
    ValueError
        When nothing is relevant: such a person has no place in an average.
    """
    if not relevant:
        raise ValueError("relevant: there is no film in it")
    gains = 1 / np.log2(np.arange(2, k + 2))
    hits = [film in relevant for film in listed[:k]]
    return float(gains[: len(hits)][hits].sum() / gains[: len(relevant)].sum())


def ips_ndcg(
    listed: Sequence[int],
    relevant: Collection[int],
    likes: Mapping[int, int],
    most_likes: int,
    k: int,
) -> float:
    """NDCG in which a hit weighs the more the fewer people like the film, from 0 to 1.

    Weights are inverse propensities: ((likes + 1) / (most likes + 1)) ** -0.5, so 1 for the film
    that most people like. The sum is divided by that of the best list there could be, the heaviest
    relevant films in front. People rate what everybody sees, and plain NDCG credits a model for
    listing just that (Steck 2011, https://doi.org/10.1145/2043932.2043957; Yang et al. 2018,
    https://doi.org/10.1145/3240323.3240355).

    Parameters
    ----------
    listed, relevant, k
        As in `ndcg`.
    likes : mapping of int to int
        How many people like each film in the training part; films that are missing have none.
    most_likes : int
        The largest of these numbers.

    Raises
    ------
    ValueError
        When nothing is relevant.
    """
    if not relevant:
        raise ValueError("relevant: there is no film in it")
    gains = 1 / np.log2(np.arange(2, k + 2))
    weights = {film: ((most_likes + 1) / (likes.get(film, 0) + 1)) ** 0.5 for film in relevant}
    gained = [weights.get(film, 0.0) for film in listed[:k]]
    best = sorted(weights.values(), reverse=True)[:k]
    return float(gains[: len(gained)] @ gained / (gains[: len(best)] @ best))


def hit(listed: Sequence[int], relevant: Collection[int], k: int) -> bool:
    """Whether any of the first k films is relevant; its mean is the hit rate (HitRate)."""
    return any(film in relevant for film in listed[:k])


def precision(listed: Sequence[int], relevant: Collection[int], k: int) -> float:
    """The share of k places that have a relevant film (Precision)."""
    return sum(film in relevant for film in listed[:k]) / k


def recall(listed: Sequence[int], relevant: Collection[int], k: int) -> float:
    """The share of the relevant films that is among the first k (Recall)."""
    return sum(film in relevant for film in listed[:k]) / len(relevant)


def average_precision(listed: Sequence[int], relevant: Collection[int], k: int) -> float:
    """Precision at each of the first k places with a hit, over the relevant films (MAP)."""
    hits = np.array([film in relevant for film in listed[:k]], dtype=bool)
    at_place = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float(at_place[hits].sum() / len(relevant))


def novelty(listed: Sequence[int], shares: Mapping[int, float], k: int) -> float:
    """Mean of -log2(share of people who have rated the film), in bits (MeanInvUserFreq).

    `shares` has a share for every film that can be listed; none is 0.
    """
    return float(np.mean([-np.log2(shares[film]) for film in listed[:k]])) if listed else 0.0


def variety(listed: Sequence[int], genres: Mapping[int, NDArray[np.bool_]], k: int) -> float:
    """Mean number of genres in which two films of a list differ (IntraListDiversity, Hamming)."""
    rows = [genres[film] for film in listed[:k]]
    pairs = [
        int((one != other).sum()) for place, one in enumerate(rows) for other in rows[place + 1 :]
    ]
    return float(np.mean(pairs)) if pairs else 0.0


def mean_popularity(listed: Sequence[int], likes: Mapping[int, int], k: int) -> float:
    """How many people like a listed film, on average (AvgRecPopularity)."""
    return float(np.mean([likes.get(film, 0) for film in listed[:k]])) if listed else 0.0


def median_popularity(lists: Sequence[Sequence[int]], likes: Mapping[int, int], k: int) -> float:
    """How many people like the film in the middle, of the first k of all lists by their likes."""
    counts = [likes.get(film, 0) for listed in lists for film in listed[:k]]
    return float(np.median(counts)) if counts else 0.0


def coverage(lists: Sequence[Sequence[int]], films: int, k: int) -> float:
    """The share of all `films` among the first k of anybody's list (CatalogCoverage)."""
    return len({film for listed in lists for film in listed[:k]}) / films
