"""The second stage: how much each liked film speaks for each other film, learned directly.

Ridge regressions over the most liked films, which LightFM's factors can't express for want of
rank:

- EASE (Steck 2019, https://arxiv.org/abs/1905.03375): what is liked together, whatever the order.
  Each film is predicted from all others at once, so that what two films say is not counted twice.
- What is liked *next*: from somebody's likes up to a moment, weighed by how new they were, to
  their next likes after it. EASE can't tell before from after; this is what sequence models gain.
- What is liked *soon*: the same from the newest few likes to the very next ones.

And how near to each other people like two films (`recsys.models.cooccurrence`): what was liked
after a film joins what is liked next, what was liked close to it joins what is liked soon. Where
little is known it says more than the regressions.

All are linear in the liked films, so that the reasons stay exact. What is liked together, next and
afterwards weighs likes alike and is one matrix; what is liked soon is of its own, for it looks at
the newest likes alone.
Memory is bounded by `most_films` squared, time also by `most_people`, whatever the data's size.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

from recsys.data.dataset import Likes
from recsys.data.features import RECENCY, history_weights, recency_weights
from recsys.models.cooccurrence import cooccurrence
from recsys.models.factors import ItemItem

Doubles = NDArray[np.float64]
Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

_LEAST_LIKES = 2  # a film that one person likes says nothing of any other
_PEOPLE_AT_ONCE = 2_000
_ROWS_AT_ONCE = 500


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
    decay: float
    ahead: int
    moments: int


@dataclass(frozen=True)
class Choices:
    """What was chosen on validation parts of both data sets (docs/quality.md).

    Attributes
    ----------
    most_films, most_films_soon : int
        The films that take part: the most liked ones.
    most_people : int
        How many people are learned from, drawn at random where there are more.
    together_ridge : float
        EASE's L2 penalty.
    next_share, after_share : float
        What the second regression and co-occurrence in order have of the sum with EASE; each has a
        spread of 1 before.
    near_share : float
        What co-occurrence in either order has of the sum with the third regression.
    after_decay, near_decay : float
        How fast co-occurrence falls with the number of likes in between.
    next, soon : Following
    """

    most_films: int = 3_000
    most_films_short_term: int = 1_500
    most_people: int = 20_000
    together_ridge: float = 100.0
    next_share: float = 0.22
    after_share: float = 0.48
    near_share: float = 0.70
    after_decay: float = 20.0
    near_decay: float = 5.0
    next: Following = Following(ridge=200.0, decay=40.0, ahead=10, moments=10)
    short_term: Following = Following(ridge=100.0, decay=float(RECENCY), ahead=3, moments=20)

    def of_films(self, most: int) -> "Choices":
        """The same with so many films, at the most, that take part."""
        return replace(
            self, most_films=most, most_films_short_term=min(self.most_films_short_term, most)
        )


DEFAULT = Choices()


def learn_item_item(likes: Likes, n_films: int, seed: int, choices: Choices = DEFAULT) -> ItemItem:
    """EASE, the second regression and co-occurrence in order on these likes, summed.

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
    # In place, here and below: these matrices are most of the memory that training takes.
    weights = ease(histories, len(films), choices.together_ridge)
    of_ease = 1 - choices.next_share - choices.after_share
    weights *= of_ease / _spread(weights, histories)
    following = _following(histories, len(films), choices.next)
    _add_share(weights, following, choices.next_share, histories)
    del following
    after = cooccurrence(histories, len(films), choices.after_decay, ordered=True)
    _add_share(weights, after, choices.after_share, histories)
    del after
    weights /= _spread(weights, histories)
    # Row by row in memory, for scores read the rows of what is liked.
    return ItemItem(films.astype(np.int32), weights.astype(np.float16, order="C"))


def learn_short_term(likes: Likes, n_films: int, seed: int, choices: Choices = DEFAULT) -> ItemItem:
    """The third regression and co-occurrence in either order, summed.

    Arguments and result as of `learn_item_item`, for fresh weights.
    """
    films = films_that_take_part(likes, n_films, choices.most_films_short_term)
    if len(films) < 2:
        return ItemItem.empty()
    histories = histories_of(likes, films, seed, choices)
    weights = _following(histories, len(films), choices.short_term)
    np.fill_diagonal(weights, 0)
    weights *= (1 - choices.near_share) / _spread(weights, histories, recency_weights)
    near = cooccurrence(histories, len(films), choices.near_decay, ordered=False)
    _add_share(weights, near, choices.near_share, histories, recency_weights)
    del near
    weights /= _spread(weights, histories, recency_weights)
    return ItemItem(films.astype(np.int32), weights.astype(np.float16, order="C"))


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
    inverted = _inverse_by_people if len(histories) < n else _inverse_by_films
    weights = inverted(histories, n, ridge)
    weights /= -np.diag(weights).copy()
    np.fill_diagonal(weights, 0)
    return weights


def _add_share(
    total: Floats,
    weights: Floats,
    share: float,
    histories: list[Ints],
    of_likes: Callable[[int], Doubles] = history_weights,
) -> None:
    np.fill_diagonal(weights, 0)
    weights *= share / _spread(weights, histories, of_likes)
    total += weights


def _following(histories: list[Ints], n: int, how: Following) -> Floats:
    """From likes up to a moment (rows) to the likes after it (columns)."""
    gram, moment = (np.zeros((n, n), np.float32, order="F") for _ in range(2))
    decays = np.exp(-np.arange(round(4 * how.decay)) / how.decay)
    for some in _blocks(histories):
        before: list[Ints] = []
        after: list[Ints] = []
        for films in some:
            moments = np.unique(len(films) * np.arange(1, how.moments) // how.moments)
            for now in moments[moments > 0]:
                before.append(films[max(now - len(decays), 0) : now])
                after.append(films[now : now + how.ahead])
        profile = _rows(before, [decays[: len(each)][::-1] for each in before], n)
        future = _rows(after, [np.ones(len(each)) for each in after], n)
        _add_product(gram, profile, profile)
        _add_product(moment, profile, future)
    gram[np.diag_indices(n)] += how.ridge
    factor = linalg.cho_factor(gram, lower=False, overwrite_a=True, check_finite=False)
    solved = linalg.cho_solve(factor, moment, overwrite_b=True, check_finite=False)
    return np.asarray(solved, np.float32)


def _inverse_by_films(histories: list[Ints], n: int, ridge: float) -> Floats:
    """(XᵀX + ridge · I)⁻¹ by Cholesky, in the memory of XᵀX; X is people by films."""
    gram = np.zeros((n, n), np.float32)
    for some in _blocks(histories):
        liked = likes_matrix(some, n)
        _add_product(gram, liked, liked)
    gram[np.diag_indices(n)] += ridge
    factor, _ = linalg.cho_factor(gram, overwrite_a=True, check_finite=False)
    lower, _ = linalg.lapack.spotri(factor, overwrite_c=True)
    return np.asarray(np.triu(lower) + np.triu(lower, 1).T, np.float32)


def _inverse_by_people(histories: list[Ints], n: int, ridge: float) -> Floats:
    """The same from XXᵀ, which is smaller where there are fewer people than films (Woodbury).

    (XᵀX + ridge · I)⁻¹ = (I − Xᵀ (XXᵀ + ridge · I)⁻¹ X) / ridge
    """
    liked = likes_matrix(histories, n)
    gram = (liked @ liked.T).toarray()
    gram[np.diag_indices(len(gram))] += ridge
    factor = linalg.cholesky(gram, lower=True, overwrite_a=True, check_finite=False)
    half = linalg.solve_triangular(factor, liked.toarray(), lower=True, check_finite=False)
    inverse = half.T @ half
    inverse /= -ridge
    inverse[np.diag_indices(n)] += 1 / ridge
    return np.asarray(inverse, np.float32)


def likes_matrix(histories: list[Ints], n: int) -> sparse.csr_array:
    """People by films: ones where somebody likes something."""
    return _rows(histories, [np.ones(len(each)) for each in histories], n)


def _add_product(total: Floats, left: sparse.csr_array, right: sparse.csr_array) -> None:
    """Add leftᵀ · right, some rows at a time: the whole product as well would be a second total."""
    columns = left.T.tocsr()
    for start in range(0, len(total), _ROWS_AT_ONCE):
        rows = slice(start, start + _ROWS_AT_ONCE)
        total[rows] += (columns[rows] @ right).toarray()


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
