"""Five films, not one film five times: the best films in an order that varies.

Lists are looked at five by five. In each five at most two films are of one series, or have nearly
the same factors; and of the best candidates those are taken whose genres, together, are in
proportion to the genres of what the person likes: calibrated recommendations (Steck 2018,
https://doi.org/10.1145/3240323.3240372), with the squared distance between the two distributions in
place of the Kullback-Leibler divergence, which costs a tenth.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from recsys.features import HALF_DECADE, NO_PERIOD, history_weights
from recsys.history import History
from recsys.learned import Floats
from recsys.ranking import best_of_each
from recsys.series import NO_SERIES

if TYPE_CHECKING:
    from recsys.model import Model

PAGE = 5
CANDIDATES = 30

_MOST_ALIKE = 2
_NEARLY_THE_SAME = 0.9
_LAST = 1e6
_CALIBRATION = 1.6
# For whom nothing is known: how much the likeness in genres of a film in the five already counts
# against the next ones, and being of its decade.
_VARIETY, _DECADES = 1.0, 0.5


def _arranged(
    model: "Model", past: History, films: NDArray[np.int64], scores: Floats, k: int
) -> NDArray[np.int64]:
    """The first k places of a list in its order: places in `films`.

    The first five don't depend on k, nor do the next.

    Parameters
    ----------
    model : Model
    past : History
    films : int64 array (n,)
        The best films by score; k + `CANDIDATES` - `PAGE` of them, or all there are.
    scores : float32 array (n,)
    k : int
    """
    left = np.arange(len(films))
    order: list[int] = []
    while len(order) < k and len(left):
        among = left[:CANDIDATES]
        chosen = _page(model, past, films[among], scores[among], min(PAGE, k - len(order)))
        order.extend(among[chosen].tolist())
        left = np.delete(left, chosen)
    return np.array(order, np.int64)


def _page(
    model: "Model", past: History, films: NDArray[np.int64], scores: Floats, n: int
) -> list[int]:
    """Places of the next n films among the candidates."""
    value = (
        _spread_out(model, films, scores)
        if past.is_cold
        else _calibrated(model, past, films, scores)
    )
    alike = _alike(model, films)
    n_alike = np.zeros(len(films), np.int64)
    chosen: list[int] = []
    for _ in range(min(n, len(films))):
        values = value(chosen)
        values[n_alike >= _MOST_ALIKE] -= _LAST
        values[chosen] = -np.inf
        best = int(values.argmax())
        chosen.append(best)
        n_alike += alike[best]
    return chosen


def _calibrated(
    model: "Model", past: History, films: NDArray[np.int64], scores: Floats
) -> Callable[[list[int]], Floats]:
    """What each candidate is worth beside those chosen: near to the genres that somebody likes.

    With |wanted - shares|², times the number of films, less what is the same for all candidates.
    """
    shares = model.genre_shares[films]
    together = shares @ shares.T
    weights = history_weights(past.n_likes).astype(np.float32)
    wanted = weights @ model.genre_shares[past.told[: past.n_likes]]
    wanted /= max(float(wanted.sum()), 1e-9)
    alone = scores + 2 * _CALIBRATION * (shares @ wanted)
    own = np.diag(together)

    def values(chosen: list[int]) -> Floats:
        seen = together[chosen].sum(axis=0)
        return np.asarray(alone - _CALIBRATION * (2 * seen + own) / (len(chosen) + 1))

    return values


def _spread_out(
    model: "Model", films: NDArray[np.int64], scores: Floats
) -> Callable[[list[int]], Floats]:
    """The same for strangers: of other genres and other decades than those chosen."""
    genres = model.told_genres[films]
    periods = np.append(np.array(model.catalogue.periods, np.int64), NO_PERIOD)
    decades = periods[model.catalogue.period[films]] // (2 * HALF_DECADE)
    against = _VARIETY * (genres @ genres.T) + _DECADES * (decades[:, None] == decades)

    def values(chosen: list[int]) -> Floats:
        return np.asarray(scores - against[chosen].sum(axis=0), np.float32)

    return values


def _alike(model: "Model", films: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which candidates are of one series, or have nearly the same factors."""
    series = model.catalogue.series[films]
    alike = (series[:, None] == series) & (series != NO_SERIES)
    directions = model.directions[films]
    alike |= directions @ directions.T > _NEARLY_THE_SAME
    return np.asarray(alike)


def arranged_of_each(
    model: "Model", pasts: Sequence[History], scores: Floats, k: int
) -> list[tuple[NDArray[np.int64], Floats]]:
    """For each person their first k films (indices) in their order, and the films' scores.

    Parameters
    ----------
    model : Model
    pasts : sequence of History
    scores : float32 array (people, films)
        Minus infinity for what isn't eligible.
    k : int
    """
    arranged = []
    for past, own, films in zip(
        pasts, scores, best_of_each(scores, k + CANDIDATES - PAGE if k > 0 else 0), strict=True
    ):
        order = films[_arranged(model, past, films, own[films], k)]
        arranged.append((order, own[order]))
    return arranged
