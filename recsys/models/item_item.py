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
Memory is bounded by `most_films` squared. People who don't fit into memory together are read in
blocks, whose sums have all that the weights follow from (`recsys.models.sums`).
"""

from collections.abc import Callable, Iterator
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
# More films than this gained nothing on sets where the others have fewer than five likes
# (docs/quality.md). On larger sets, rarer films have that many.
_FILMS_WITH_FEW_LIKES = 3_000
_LEAST_LIKES_BEYOND = 5
# No other decay, number of likes ahead or of moments was better on validation parts of both data
# sets (docs/quality.md, Experiments).
_NEXT = Following(decay=40.0, ahead=10, moments=10)
_VERY_NEXT = Following(decay=float(RECENCY), ahead=3, moments=20)


@dataclass(frozen=True)
class Choices:
    """The hyperparameters of the item-item stages.

    Those that aren't learned were chosen on validation parts of both data sets, where others were
    no better (docs/quality.md, Experiments).

    Attributes
    ----------
    most_films, most_films_short_term : int
        How many of the most liked films have weights, at most: these take memory.
    learned : Learned
        What a trial may choose otherwise for a data set. `next_share` and `after_share` are the
        shares of the second regression and of ordered co-occurrence in the sum with EASE, and
        `near_share` is that of unordered co-occurrence in the sum with the third regression; each
        is scaled to a standard deviation of 1 before.
    after_decay, near_decay : float
        The number of likes over which co-occurrence decays to 1/e.
    next, short_term : Following
        The parameters of the second and the third regression.
    """

    most_films: int = 5_000
    most_films_short_term: int = 1_500
    learned: Learned = Learned()  # noqa: RUF009 - it is frozen
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


def learn_item_item(likes: Likes, n_films: int, choices: Choices = DEFAULT) -> ItemItem:
    """Learn the sum of EASE, the second regression and ordered co-occurrence.

    Parameters
    ----------
    likes : Likes
    n_films : int
        The number of films in the catalogue.
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
    histories, n, learned = histories_of(likes, films), len(films), choices.learned

    def parts() -> Iterator[tuple[Floats, float]]:
        of_ease = 1 - learned.next_share - learned.after_share
        yield ease(histories, n, learned.ridge, learned.dropout, learned.activity), of_ease
        if learned.next_share:
            yield following(histories, n, choices.next, learned.next_ridge), learned.next_share
        if learned.after_share:
            yield (
                cooccurrence(histories, n, choices.after_decay, ordered=True),
                learned.after_share,
            )

    return blended(films, parts(), histories, choices.of_likes)


def learn_short_term(likes: Likes, n_films: int, choices: Choices = DEFAULT) -> ItemItem:
    """Learn the sum of the third regression and unordered co-occurrence.

    Arguments and result as in `learn_item_item`, for recency weights. It is empty, too, if the
    stage has no share.
    """
    films = films_of_short_term(likes, n_films, choices)
    if len(films) < 2:
        return ItemItem.empty()
    histories, n, learned = histories_of(likes, films), len(films), choices.learned

    def parts() -> Iterator[tuple[Floats, float]]:
        if learned.near_share < 1:
            very_next = following(histories, n, choices.short_term, learned.short_term_ridge)
            yield very_next, 1 - learned.near_share
        if learned.near_share:
            near = cooccurrence(histories, n, choices.near_decay, ordered=False)
            yield near, learned.near_share

    return blended(films, parts(), histories, recency_weights)


def films_of_short_term(likes: Likes, n_films: int, choices: Choices) -> Ints:
    """Return the films with short-term weights, as indices into the catalogue, ascending."""
    if not choices.learned.shares[-1]:
        return np.zeros(0, np.int64)
    return films_that_take_part(likes, n_films, choices.most_films_short_term)


def films_that_take_part(likes: Likes, n_films: int, most: int = DEFAULT.most_films) -> Ints:
    """Return the most liked films as indices into the catalogue, ascending."""
    counts = likes.counts_of(n_films)
    most_liked = np.lexsort((np.arange(n_films), -counts))[:most]
    least = np.full(len(most_liked), _LEAST_LIKES)
    least[_FILMS_WITH_FEW_LIKES:] = _LEAST_LIKES_BEYOND
    return np.sort(most_liked[counts[most_liked] >= least])


def histories_of(likes: Likes, films: Ints) -> list[Ints]:
    """Return each person's likes among these films, as indices into `films`, oldest first."""
    place = np.full(int(max(likes.films.max(initial=0), films.max(initial=0))) + 1, -1)
    place[films] = np.arange(len(films))
    places = place[likes.films]
    takes_part = places >= 0
    people, places = likes.people[takes_part], places[takes_part]
    return np.split(places, np.flatnonzero(np.diff(people)) + 1)


def spread_over_films(
    weights: Floats, histories: list[Ints], of_likes: Callable[[int], Doubles]
) -> float:
    """Return the standard deviation of scores over films, averaged over people; 1 instead of 0."""
    some = histories[:: max(1, len(histories) // 100)]
    scores = [of_likes(len(each)) @ weights[each] for each in some]
    return float(np.mean([each.std() for each in scores])) or 1.0


def blended(
    films: Ints,
    parts: Iterator[tuple[Floats, float]],
    histories: list[Ints],
    of_likes: Callable[[int], Doubles],
) -> ItemItem:
    """Blend weights, each scaled so that its scores have a standard deviation of 1.

    Parameters
    ----------
    films : int64 array (n,)
        Indices into the catalogue, ascending.
    parts : iterator of (float32 array (n, n), float)
        Weights, which are overwritten, and their shares. It should compute each when it is asked
        for it: these matrices take most of the memory of training.
    histories : list of int64 array
        People to measure standard deviations on, as indices into `films`.
    of_likes : callable
        Returns the weights of n likes.

    Returns
    -------
    ItemItem
    """
    total: Floats | None = None
    for weights, share in parts:
        np.fill_diagonal(weights, 0)
        weights *= share / spread_over_films(weights, histories, of_likes)
        if total is None:
            total = weights
        else:
            total += weights
        del weights  # before the next part is computed
    if total is None:
        return ItemItem.empty()
    total /= spread_over_films(total, histories, of_likes)
    # Row-major, because scores read the rows of liked films.
    return ItemItem(films.astype(np.int32), total.astype(np.float16, order="C"))
