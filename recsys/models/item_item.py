"""The item-item stages: how much each liked film counts for each other film, learned directly.

Ridge regressions over the most liked films capture what the low rank of LightFM's factors can't:

- EASE (Steck 2019, https://arxiv.org/abs/1905.03375): films liked together, in any order. Each film
  is predicted from all others at once, so that the evidence of similar films isn't counted twice.
- The next likes: from the likes up to a point in time, weighted by recency, to the likes after it.
  EASE ignores order; this is what sequence models gain.
- Short-term: the same from the newest few likes to the very next ones.

Co-occurrence (`recsys.models.cooccurrence`) is added: in order for the next likes, in either order
for the short-term model. Where data is sparse it contributes more than the regressions.

All are linear in the liked films, so that the reasons are exact. EASE, the next likes and ordered
co-occurrence weight likes in the same way and share one matrix; the short-term model has its own,
because it uses only the newest likes.
Memory is bounded by `most_films` squared, time also by `most_people`, for data of any size.
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

_LEAST_LIKES = 2  # a film that only one person likes is no evidence for others
_PEOPLE_AT_ONCE = 2_000
_ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class Following:
    """The parameters of a regression from earlier likes to later ones.

    Attributes
    ----------
    ridge : float
        The L2 penalty.
    decay : float
        The number of likes over which the weight of a like falls to 1/e.
    ahead : int
        How many of the next likes are predicted.
    moments : int
        At how many evenly spaced points a history is split into before and after.
    """

    ridge: float
    decay: float
    ahead: int
    moments: int


@dataclass(frozen=True)
class Choices:
    """The hyperparameters, chosen on validation parts of both data sets (docs/quality.md).

    Attributes
    ----------
    most_films, most_films_short_term : int
        How many of the most liked films have weights.
    most_people : int
        How many people to learn from; a random sample if there are more.
    together_ridge : float
        EASE's L2 penalty.
    next_share, after_share : float
        The shares of the second regression and of ordered co-occurrence in the sum with EASE; each
        is scaled to a standard deviation of 1 before.
    near_share : float
        The share of unordered co-occurrence in the sum with the third regression.
    after_decay, near_decay : float
        The number of likes over which co-occurrence decays to 1/e.
    next, short_term : Following
        The parameters of the second and the third regression.
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
        """Return a copy with weights for at most this many films."""
        return replace(
            self, most_films=most, most_films_short_term=min(self.most_films_short_term, most)
        )


DEFAULT = Choices()


def learn_item_item(likes: Likes, n_films: int, seed: int, choices: Choices = DEFAULT) -> ItemItem:
    """Learn the sum of EASE, the second regression and ordered co-occurrence.

    Parameters
    ----------
    likes : Likes
    n_films : int
        The number of films in the catalogue.
    seed : int
        For the random sample of people.
    choices : Choices

    Returns
    -------
    ItemItem
        Its scores have a standard deviation of 1 over films. Empty if fewer than two films are
        liked by two people.
    """
    films = films_that_take_part(likes, n_films, choices.most_films)
    if len(films) < 2:
        return ItemItem.empty()
    histories = histories_of(likes, films, seed, choices)
    # In place, here and below: these matrices take most of the memory of training.
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
    # Row-major, because scores read the rows of liked films.
    return ItemItem(films.astype(np.int32), weights.astype(np.float16, order="C"))


def learn_short_term(likes: Likes, n_films: int, seed: int, choices: Choices = DEFAULT) -> ItemItem:
    """Learn the sum of the third regression and unordered co-occurrence.

    Arguments and result as in `learn_item_item`, for recency weights.
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
    """Return the most liked films as indices into the catalogue, ascending."""
    counts = np.bincount(likes.films, minlength=n_films)
    most_liked = np.lexsort((np.arange(n_films), -counts))[:most]
    return np.sort(most_liked[counts[most_liked] >= _LEAST_LIKES])


def histories_of(likes: Likes, films: Ints, seed: int, choices: Choices = DEFAULT) -> list[Ints]:
    """Return each person's likes among these films, as indices into `films`, oldest first."""
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
    """Return EASE's weights from row to column: float32 array (n, n), zeros on the diagonal."""
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
    """Return the regression weights from likes up to a point (rows) to those after it (columns)."""
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
    """Return (XᵀX + ridge · I)⁻¹ by Cholesky, in the memory of XᵀX; X is people by films."""
    gram = np.zeros((n, n), np.float32)
    for some in _blocks(histories):
        liked = likes_matrix(some, n)
        _add_product(gram, liked, liked)
    gram[np.diag_indices(n)] += ridge
    factor, _ = linalg.cho_factor(gram, overwrite_a=True, check_finite=False)
    lower, _ = linalg.lapack.spotri(factor, overwrite_c=True)
    return np.asarray(np.triu(lower) + np.triu(lower, 1).T, np.float32)


def _inverse_by_people(histories: list[Ints], n: int, ridge: float) -> Floats:
    """Return the same from XXᵀ, which is smaller if there are fewer people than films (Woodbury).

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
    """Return a matrix of people by films: 1 for each like."""
    return _rows(histories, [np.ones(len(each)) for each in histories], n)


def _add_product(total: Floats, left: sparse.csr_array, right: sparse.csr_array) -> None:
    """Add leftᵀ · right, a few rows at a time, as the whole product would double the memory."""
    columns = left.T.tocsr()
    for start in range(0, len(total), _ROWS_AT_ONCE):
        rows = slice(start, start + _ROWS_AT_ONCE)
        total[rows] += (columns[rows] @ right).toarray()


def _blocks(histories: list[Ints]) -> list[list[Ints]]:
    starts = range(0, len(histories), _PEOPLE_AT_ONCE)
    return [histories[start : start + _PEOPLE_AT_ONCE] for start in starts]


def _rows(columns: list[Ints], values: list[Doubles], n: int) -> sparse.csr_array:
    """Return a sparse matrix with one row for each list of columns."""
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
    """Return the standard deviation of scores over films, averaged over people; 1 instead of 0."""
    some = histories[:: max(1, len(histories) // 100)]
    scores = [of_likes(len(each)) @ weights[each] for each in some]
    return float(np.mean([each.std() for each in scores])) or 1.0
