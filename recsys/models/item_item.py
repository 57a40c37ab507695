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

from recsys.data.dataset import Likes
from recsys.data.features import RECENCY, history_weights, recency_weights
from recsys.data.learned import Learned
from recsys.models.cooccurrence import cooccurrence
from recsys.models.factors import ItemItem
from recsys.models.regressions import Following, ease, following

Doubles = NDArray[np.float64]
Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

_LEAST_LIKES = 2  # a film that only one person likes is no evidence for others
_NEXT = Following(ridge=200.0, decay=40.0, ahead=10, moments=10)
_VERY_NEXT = Following(ridge=100.0, decay=float(RECENCY), ahead=3, moments=20)


@dataclass(frozen=True)
class Choices:
    """The hyperparameters, chosen on validation parts of both data sets (docs/quality.md).

    Attributes
    ----------
    most_films, most_films_short_term : int
        How many of the most liked films have weights.
    most_people : int
        How many people to learn from; a random sample if there are more.
    learned : Learned
        What a trial may choose otherwise for a data set. `next_share` and `after_share` are the
        shares of the second regression and of ordered co-occurrence in the sum with EASE; each is
        scaled to a standard deviation of 1 before.
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
    learned: Learned = Learned()  # noqa: RUF009 - it is frozen
    near_share: float = 0.70
    after_decay: float = 20.0
    near_decay: float = 5.0
    next: Following = _NEXT
    short_term: Following = _VERY_NEXT

    def of_films(self, most: int) -> "Choices":
        """Return a copy with weights for at most this many films."""
        return replace(
            self, most_films=most, most_films_short_term=min(self.most_films_short_term, most)
        )

    def of_likes(self, n: int) -> Doubles:
        """Return the weights of n likes."""
        return history_weights(n, self.learned.oldest)


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
    learned = choices.learned
    # In place, here and below: these matrices take most of the memory of training.
    weights = ease(histories, len(films), learned.ridge, learned.dropout, learned.activity)
    of_ease = 1 - learned.next_share - learned.after_share
    weights *= of_ease / spread_over_films(weights, histories, choices.of_likes)
    if learned.next_share:
        later = following(histories, len(films), choices.next)
        _add_share(weights, later, learned.next_share, histories, choices.of_likes)
        del later
    if learned.after_share:
        after = cooccurrence(histories, len(films), choices.after_decay, ordered=True)
        _add_share(weights, after, learned.after_share, histories, choices.of_likes)
        del after
    weights /= spread_over_films(weights, histories, choices.of_likes)
    # Row-major, because scores read the rows of liked films.
    return ItemItem(films.astype(np.int32), weights.astype(np.float16, order="C"))


def learn_short_term(likes: Likes, n_films: int, seed: int, choices: Choices = DEFAULT) -> ItemItem:
    """Learn the sum of the third regression and unordered co-occurrence.

    Arguments and result as in `learn_item_item`, for recency weights. It is empty, too, if the
    stage has no share.
    """
    if not choices.learned.shares[-1]:
        return ItemItem.empty()
    films = films_that_take_part(likes, n_films, choices.most_films_short_term)
    if len(films) < 2:
        return ItemItem.empty()
    histories = histories_of(likes, films, seed, choices)
    weights = following(histories, len(films), choices.short_term)
    np.fill_diagonal(weights, 0)
    weights *= (1 - choices.near_share) / spread_over_films(weights, histories, recency_weights)
    near = cooccurrence(histories, len(films), choices.near_decay, ordered=False)
    _add_share(weights, near, choices.near_share, histories, recency_weights)
    del near
    weights /= spread_over_films(weights, histories, recency_weights)
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


def spread_over_films(
    weights: Floats, histories: list[Ints], of_likes: Callable[[int], Doubles]
) -> float:
    """Return the standard deviation of scores over films, averaged over people; 1 instead of 0."""
    some = histories[:: max(1, len(histories) // 100)]
    scores = [of_likes(len(each)) @ weights[each] for each in some]
    return float(np.mean([each.std() for each in scores])) or 1.0


def _add_share(
    total: Floats,
    weights: Floats,
    share: float,
    histories: list[Ints],
    of_likes: Callable[[int], Doubles],
) -> None:
    np.fill_diagonal(weights, 0)
    weights *= share / spread_over_films(weights, histories, of_likes)
    total += weights
