"""The second stage: how much each liked film speaks for each other film, learned directly.

Ridge regressions over the most liked films, which LightFM's factors can't express for want of
rank:

- EASE (Steck 2019, https://arxiv.org/abs/1905.03375): what is liked together, whatever the order.
  Each film is predicted from all others at once, so that what two films say is not counted twice.
- What is liked *next*: from somebody's likes up to a moment, weighed by how new they were, to
  their next likes after it. EASE can't tell before from after; this is what sequence models gain.
- What is liked *soon*: the same from the newest few likes to the very next ones.

All are linear in the liked films, so that the reasons stay exact. The first two weigh likes alike
and are one matrix; the third is another, for it looks at the newest likes alone.
Memory is bounded by `most_films` squared, time also by `most_people`, whatever the data's size.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

from recsys.dataset import Likes
from recsys.features import FRESH, fresh_weights, history_weights
from recsys.learned import ItemItem

Doubles = NDArray[np.float64]
Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

_LEAST_LIKES = 2  # a film that one person likes says nothing of any other
_PEOPLE_AT_ONCE = 2_000


@dataclass(frozen=True)
class Following:
    """How likes are learned from the likes before them.

    Attributes
    ----------
    ridge : float
        The L2 penalty.
    fading : float
        The number of likes over which a like fades, to 1/e.
    ahead : int
        How many of the next likes are predicted.
    moments : int
        At how many places, evenly apart, a history is cut into before and after.
    """

    ridge: float
    fading: float
    ahead: int
    moments: int


@dataclass(frozen=True)
class Choices:
    """What was chosen on a validation part of ml-latest-small (see docs/quality.md).

    Attributes
    ----------
    most_films, most_films_soon : int
        The films that take part: the most liked ones.
    most_people : int
        How many people are learned from, drawn at random where there are more.
    together_ridge : float
        EASE's L2 penalty.
    next_share : float
        The second regression's share of the first two's sum, 0 to 1; each has a spread of 1 before.
    next, soon : Following
    """

    most_films: int = 3_000
    most_films_soon: int = 1_500
    most_people: int = 20_000
    together_ridge: float = 100.0
    next_share: float = 0.33
    next: Following = Following(ridge=200.0, fading=40.0, ahead=10, moments=10)
    soon: Following = Following(ridge=100.0, fading=float(FRESH), ahead=3, moments=20)


DEFAULT = Choices()


def learn_item_item(likes: Likes, n_films: int, seed: int, choices: Choices = DEFAULT) -> ItemItem:
    """The first two regressions on these likes, summed.

    Parameters
    ----------
    likes : Likes
    n_films : int
        How many films there are.
    seed : int
        For the draw of people.
    choices : Choices

    Returns
    -------
    ItemItem
        Its scores have a spread of 1 over films. Empty when fewer than two films are liked by two
        people.
    """
    films = films_that_take_part(likes, n_films, choices.most_films)
    if len(films) < 2:
        return ItemItem.empty()
    histories = histories_of(likes, films, seed, choices)
    together = ease(histories, len(films), choices.together_ridge)
    following = _following(histories, len(films), choices.next)
    weights = (1 - choices.next_share) / _spread(together, histories) * together
    weights += choices.next_share / _spread(following, histories) * following
    np.fill_diagonal(weights, 0)
    weights /= _spread(weights, histories)
    return ItemItem(films.astype(np.int32), weights.astype(np.float16))


def learn_soon(likes: Likes, n_films: int, seed: int, choices: Choices = DEFAULT) -> ItemItem:
    """The third regression; arguments and result as of `learn_item_item`, for fresh weights."""
    films = films_that_take_part(likes, n_films, choices.most_films_soon)
    if len(films) < 2:
        return ItemItem.empty()
    histories = histories_of(likes, films, seed, choices)
    weights = _following(histories, len(films), choices.soon)
    np.fill_diagonal(weights, 0)
    weights /= _spread(weights, histories, fresh_weights)
    return ItemItem(films.astype(np.int32), weights.astype(np.float16))


def films_that_take_part(likes: Likes, n_films: int, most: int = DEFAULT.most_films) -> Ints:
    """The most liked films, as indices into the catalogue, ascending."""
    counts = np.bincount(likes.films, minlength=n_films)
    most_liked = np.lexsort((np.arange(n_films), -counts))[:most]
    return np.sort(most_liked[counts[most_liked] >= _LEAST_LIKES])


def histories_of(likes: Likes, films: Ints, seed: int, choices: Choices = DEFAULT) -> list[Ints]:
    """Each person's likes among these films, as indices into them, oldest first."""
    place = np.full(int(likes.films.max()) + 1, -1)
    place[films] = np.arange(len(films))
    places = place[likes.films]
    takes_part = places >= 0
    people, places = likes.people[takes_part], places[takes_part]
    histories = np.split(places, np.flatnonzero(np.diff(people)) + 1)
    if len(histories) > choices.most_people:
        numbers = np.random.default_rng(seed)
        drawn = numbers.choice(len(histories), choices.most_people, replace=False)
        histories = [histories[person] for person in np.sort(drawn)]
    return histories


def ease(histories: list[Ints], n: int, ridge: float) -> Floats:
    """EASE's weights: from row to column, zeros on the diagonal."""
    gram = np.zeros((n, n), np.float32)
    for some in _blocks(histories):
        liked = likes_matrix(some, n)
        gram += (liked.T @ liked).toarray()
    inverse = _inverse(gram, ridge)
    weights = inverse / -np.diag(inverse)
    np.fill_diagonal(weights, 0)
    return weights


def _following(histories: list[Ints], n: int, how: Following) -> Floats:
    """From likes up to a moment (rows) to the likes after it (columns)."""
    gram, moment = np.zeros((n, n), np.float32), np.zeros((n, n), np.float32)
    fades = np.exp(-np.arange(round(4 * how.fading)) / how.fading)
    for some in _blocks(histories):
        before: list[Ints] = []
        after: list[Ints] = []
        for films in some:
            moments = np.unique(len(films) * np.arange(1, how.moments) // how.moments)
            for now in moments[moments > 0]:
                before.append(films[max(now - len(fades), 0) : now])
                after.append(films[now : now + how.ahead])
        past = _rows(before, [fades[: len(each)][::-1] for each in before], n)
        future = _rows(after, [np.ones(len(each)) for each in after], n)
        gram += (past.T @ past).toarray()
        moment += (past.T @ future).toarray()
    gram[np.diag_indices(n)] += how.ridge
    solved = linalg.solve(gram, moment, assume_a="pos", overwrite_a=True, overwrite_b=True)
    return np.asarray(solved, np.float32)


def _inverse(gram: Floats, ridge: float) -> Floats:
    """(gram + ridge · identity)⁻¹ by Cholesky, in the gram's own memory."""
    gram[np.diag_indices(len(gram))] += ridge
    factor, _ = linalg.cho_factor(gram, overwrite_a=True, check_finite=False)
    lower, _ = linalg.lapack.spotri(factor, overwrite_c=True)
    return np.asarray(np.triu(lower) + np.triu(lower, 1).T, np.float32)


def likes_matrix(histories: list[Ints], n: int) -> sparse.csr_array:
    """People by films: ones where somebody likes something."""
    return _rows(histories, [np.ones(len(each)) for each in histories], n)


def _blocks(histories: list[Ints]) -> list[list[Ints]]:
    starts = range(0, len(histories), _PEOPLE_AT_ONCE)
    return [histories[start : start + _PEOPLE_AT_ONCE] for start in starts]


def _rows(columns: list[Ints], values: list[Doubles], n: int) -> sparse.csr_array:
    """One row for each list of columns."""
    lengths = [len(each) for each in columns]
    rows = np.repeat(np.arange(len(columns)), lengths)
    entries = np.concatenate([np.zeros(0), *values]).astype(np.float32)
    films = np.concatenate([np.zeros(0, np.int64), *columns])
    return sparse.csr_array(sparse.coo_array((entries, (rows, films)), shape=(len(columns), n)))


def _spread(
    weights: Floats,
    histories: list[Ints],
    of_likes: Callable[[int], Doubles] = history_weights,
) -> float:
    """The standard deviation of scores over films, averaged over some people; 1 for no spread."""
    some = histories[:: max(1, len(histories) // 100)]
    scores = [of_likes(len(each)) @ weights[each] for each in some]
    return float(np.mean([each.std() for each in scores])) or 1.0
