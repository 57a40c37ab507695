"""How often, and how near to each other, people like two films.

Two films that one person likes one after the other have more to do with each other than two that
lie years apart. Each pair counts by the number of places between the two, as in sequential rules
(Ludewig and Jannach 2018, https://doi.org/10.1007/s11257-018-9209-6), and the sum is divided as in
a cosine, so that popular films don't get everything.
"""

import numpy as np
from numpy.typing import NDArray

_SPAN = 4  # decays; pairs further apart would weigh less than a fiftieth of neighbours


def cooccurrence(
    histories: list[NDArray[np.int64]], n: int, decay: float, *, ordered: bool
) -> NDArray[np.float32]:
    """Weights from each film (row) to each other one (column).

    Parameters
    ----------
    histories : list of int64 array
        Each person's likes, oldest first, as indices from 0 to n - 1.
    n : int
        How many films there are.
    decay : float
        The number of places over which a pair's weight falls to 1/e; likes further apart than four
        times as many don't count.
    ordered : bool
        Whether a film speaks only for those that were liked after it.

    Returns
    -------
    float32 array (n, n)
        The sum over people of exp(−places apart / decay), divided by the root of the product of
        the two films' likes; zeros on the diagonal.
    """
    films = np.concatenate([np.zeros(0, np.int64), *histories])
    people = np.repeat(np.arange(len(histories)), [len(each) for each in histories])
    weights = np.zeros(n * n, np.float32)
    for apart in range(1, int(_SPAN * decay) + 1):
        of_one_person = people[apart:] == people[:-apart]
        if not of_one_person.any():
            break
        before, after = films[:-apart][of_one_person], films[apart:][of_one_person]
        np.add.at(weights, before * n + after, np.float32(np.exp(-apart / decay)))
    found = weights.reshape(n, n)
    if not ordered:
        found += found.T
    lengths = np.sqrt(np.maximum(np.bincount(films, minlength=n), 1)).astype(np.float32)
    found /= lengths
    found /= lengths[:, None]
    np.fill_diagonal(found, 0)
    return found
