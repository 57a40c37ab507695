"""Co-occurrence: how often, and how close together, people like two films.

Two films that a person likes in succession are more closely related than two that they like years
apart. A pair's weight decays with the number of positions between the two, as in sequential rules
(Ludewig and Jannach 2018, https://doi.org/10.1007/s11257-018-9209-6). The sum is normalised like a
cosine, so that popular films don't dominate.
"""

import numpy as np
from numpy.typing import NDArray

_SPAN = 4  # decays; pairs further apart would weigh less than a fiftieth of neighbours


def cooccurrence(
    histories: list[NDArray[np.int64]], n: int, decay: float, *, ordered: bool
) -> NDArray[np.float32]:
    """Return the weights from each film (row) to each other film (column).

    Parameters
    ----------
    histories : list of int64 array
        Each person's likes, oldest first, as indices from 0 to n - 1.
    n : int
        The number of films.
    decay : float
        The number of positions over which a pair's weight falls to 1/e. Likes more than four times
        as far apart don't count.
    ordered : bool
        Whether a film only supports films that were liked after it.

    Returns
    -------
    float32 array (n, n)
        The sum over people of exp(−positions apart / decay), divided by the square root of the
        product of the two films' likes; zeros on the diagonal.
    """
    pairs = np.zeros((n, n), np.float32)
    add_pairs(pairs, histories, decay)
    return cooccurrence_of_pairs(pairs, likes_of(histories, n), ordered=ordered)


def cooccurrence_of_pairs(
    pairs: NDArray[np.float32], likes: NDArray[np.int64], *, ordered: bool
) -> NDArray[np.float32]:
    """Return the weights of `cooccurrence` from sums over people.

    Parameters
    ----------
    pairs : float32 array (n, n)
        From `add_pairs`; overwritten.
    likes : int64 array (n,)
        The sum of `likes_of` over all people.
    ordered : bool

    Returns
    -------
    float32 array (n, n)
        Zeros on the diagonal.
    """
    if not ordered:
        pairs += pairs.T
    lengths = np.sqrt(np.maximum(likes, 1)).astype(np.float32)
    pairs /= lengths
    pairs /= lengths[:, None]
    np.fill_diagonal(pairs, 0)
    return pairs


def likes_of(histories: list[NDArray[np.int64]], n: int) -> NDArray[np.int64]:
    """Return how many of these people like each film: int64 array (n,)."""
    return np.bincount(np.concatenate([np.zeros(0, np.int64), *histories]), minlength=n)


def add_pairs(total: NDArray[np.float32], histories: list[NDArray[np.int64]], decay: float) -> None:
    """Add the sum over people of exp(−positions apart / decay).

    Parameters
    ----------
    total : float32 array (n, n)
        From the earlier film (row) to the later one; C-contiguous.
    histories : list of int64 array
        As in `cooccurrence`.
    decay : float
    """
    films = np.concatenate([np.zeros(0, np.int64), *histories])
    people = np.repeat(np.arange(len(histories)), [len(each) for each in histories])
    n, weights = len(total), total.reshape(-1)
    for apart in range(1, int(_SPAN * decay) + 1):
        of_one_person = people[apart:] == people[:-apart]
        if not of_one_person.any():
            break
        before, after = films[:-apart][of_one_person], films[apart:][of_one_person]
        np.add.at(weights, before * n + after, np.float32(np.exp(-apart / decay)))
