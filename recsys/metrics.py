"""How good a list is: what share of it somebody went on to like, and how varied all lists are.

These know nothing of splits and models; benchmarks/quality.py puts them together.
"""

from collections.abc import Collection, Sequence

import numpy as np


def ndcg(listed: Sequence[int], relevant: Collection[int], k: int) -> float:
    """Normalised discounted cumulative gain of the first k places, from 0 to 1.

    A hit in place r (from 1) gains 1 / log2(r + 1); the sum is divided by that of the best list
    there could be, which has min(k, relevant films) hits in front (Järvelin and Kekäläinen 2002,
    https://doi.org/10.1145/582415.582418).

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


def hit(listed: Sequence[int], relevant: Collection[int], k: int) -> bool:
    """Whether any of the first k films is relevant; its mean over people is the hit rate."""
    return any(film in relevant for film in listed[:k])


def coverage(lists: Sequence[Sequence[int]], films: int, k: int) -> float:
    """The share of all `films` that is among the first k of anybody's list."""
    return len({film for listed in lists for film in listed[:k]}) / films
