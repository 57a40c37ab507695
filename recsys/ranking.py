"""The best of many scores, always in the same order."""

import numpy as np
from numpy.typing import NDArray


def best_films(
    scores: NDArray[np.float32], eligible: NDArray[np.bool_], k: int
) -> NDArray[np.int64]:
    """Indices of the k best eligible films, the best first, ties by index."""
    candidates = np.flatnonzero(eligible)
    if k <= 0 or not len(candidates):
        return candidates[:0]
    values = scores[candidates]
    if k < len(values):
        # All that tie with the k-th stay in, so that the smallest numbers among them win.
        threshold = np.partition(values, len(values) - k)[len(values) - k]
        candidates = candidates[values >= threshold]
        values = scores[candidates]
    return candidates[np.lexsort((candidates, -values))[:k]]
