"""Diversification: five different films rather than one film five times.

Lists are built in pages of five. On each page at most two films belong to one series or have nearly
the same factors. From the best candidates, films are chosen so that the genres of the page are in
proportion to the genres that the person likes: calibrated recommendations (Steck 2018,
https://doi.org/10.1145/3240323.3240372), with the squared distance of the two distributions instead
of the Kullback-Leibler divergence, at a tenth of the cost.

A page has at most one new film (`recsys.models.extension`), and none for people without likes, so
that a data load with thousands of films without ratings doesn't flood their lists. It has more only
if there are too few others. The last place of every second page is for the best new film if its
score is high: exploration, because films whose likes are known have more in their favour, and only
a place in lists brings a film its first ratings.
"""

from collections.abc import Callable, Collection, Sequence
from math import ceil
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from recsys.data.features import HALF_DECADE, NO_PERIOD, history_weights
from recsys.data.series import NO_SERIES
from recsys.models.factors import Floats
from recsys.models.profiles import Profile
from recsys.models.ranking import best, best_of_each
from recsys.models.weights import Weights

PAGE = 5
CANDIDATES = 30

# The first pages are chosen from the best candidates; after them, films are sorted by score.
CHOSEN = 2 * PAGE

# For positions in a list, the positions of very similar films; most positions have none.
_Alike: TypeAlias = dict[int, set[int]]

# A judgement, not chosen on data; what it costs together with calibration is in docs/quality.md.
_MOST_ALIKE = 2
_NEARLY_THE_SAME = 0.9
_MOST_NEW = 1
# Exploration: every how many films, and how many films may have a higher score than the new one, as
# a share of all films.
_EXPLORED = 2 * PAGE
_PROMISING = 0.05
_LAST = 1e6
# Chosen by a random search on validation parts of both data sets, with bounds on diversity. More of
# it trades NDCG for diversity, so that NDCG alone can't choose it (docs/quality.md).
_CALIBRATION = 2.2
# For cold start: how much similar genres and the same decade as a film already on the page count
# against a candidate, a judgement by the lists that they give. There are more candidates, because
# the most liked films are very similar.
_VARIETY, _DECADES = 2.0, 0.75
_OF_STRANGERS = 2 * CANDIDATES


def _arranged(
    model: Weights,
    profile: Profile,
    films: NDArray[np.int64],
    scores: Floats,
    k: int,
    promising: float,
) -> list[int]:
    """Return the order of the first k films, as positions in `films`, which are sorted by score.

    The first two pages don't depend on k. New films with a score of `promising` are explored.
    """
    alike = _alike(model, films)
    left = list(range(len(films)))
    order: list[int] = []
    new = {*np.flatnonzero(model.is_new[films]).tolist()}
    weigh = _spread_out if profile.is_cold else _calibrated(model, profile)
    while len(order) < k and left:
        among = _with_few_new(left, new, _most_new(profile)) if new else left
        if len(order) < CHOSEN:
            among = among[: _candidates(profile)]
            page = _page(weigh(model, films[among], scores[among]), among, alike)
        else:
            page = _by_score(among, alike)
        if new and (len(order) + PAGE) % _EXPLORED == 0 and new.isdisjoint(page):
            waiting = [each for each in left if each in new and scores[each] >= promising]
            page = _with_one_of(waiting, page, alike)
        order += page
        left = left[PAGE:] if page == left[:PAGE] else [each for each in left if each not in page]
    return order[:k]


def _candidates(profile: Profile) -> int:
    """Return how many films each page is chosen from."""
    return _OF_STRANGERS if profile.is_cold else CANDIDATES


def _most_new(profile: Profile) -> int:
    """Return how many new films a page may have if there are enough others."""
    return 0 if profile.is_cold else _MOST_NEW


def _with_few_new(left: list[int], new: Collection[int], most: int) -> list[int]:
    """Return `left` with the best `most` new films, or as many as it takes to fill a page."""
    others = sum(each not in new for each in left)
    over = {*[each for each in left if each in new][max(most, PAGE - others) :]}
    return [each for each in left if each not in over]


def _with_one_of(waiting: list[int], page: list[int], alike: _Alike) -> list[int]:
    """Return the page with the best of the waiting films that fits on it in the last place."""
    for place in waiting:
        if not _is_one_too_many(place, page[:-1], alike):
            return [*page[:-1], place]
    return page


class _Worth(NamedTuple):
    """The values of candidates: alone, and the penalties for similar films chosen before.

    If `is_shared`, the penalties `against` all chosen films, and half of that against the candidate
    itself, are added up and scaled down with the number of chosen films. Otherwise only the largest
    penalty counts: that against the most similar chosen film.
    """

    alone: Floats
    against: Floats
    is_shared: bool


def _page(worth: _Worth, among: list[int], alike: _Alike) -> list[int]:
    """Choose five candidates greedily, each by its value given those chosen before."""
    alone, against, is_shared = worth
    chosen: list[int] = []
    page: list[int] = []
    repeated = [(at, each) for at, each in enumerate(among) if each in alike]
    taken = 0.5 * against.diagonal() if is_shared else np.zeros(len(among), np.float32)
    for place in range(min(PAGE, len(among))):
        value = alone - taken * (2 / (place + 1)) if is_shared else alone - taken
        value[chosen] = -np.inf
        if place >= _MOST_ALIKE:
            value[[at for at, each in repeated if _is_one_too_many(each, page, alike)]] -= _LAST
        best = int(value.argmax())
        chosen.append(best)
        page.append(among[best])
        taken = taken + against[best] if is_shared else np.maximum(taken, against[best])
    return page


def _by_score(left: list[int], alike: _Alike) -> list[int]:
    """Return the five best films that fit on one page; if too few do, fill it with the best."""
    page: list[int] = []
    for place in left:
        if not _is_one_too_many(place, page, alike):
            page.append(place)
            if len(page) == PAGE:
                return page
    return page + [place for place in left if place not in page][: PAGE - len(page)]


def _is_one_too_many(place: int, page: list[int], alike: _Alike) -> bool:
    """Return whether the page already has `_MOST_ALIKE` films similar to this one."""
    return place in alike and len(alike[place].intersection(page)) >= _MOST_ALIKE


def _alike(model: Weights, films: NDArray[np.int64]) -> _Alike:
    """Return which films belong to one series or have nearly the same factors."""
    series = model.catalogue.series[films]
    together = (series[:, None] == series) & (series != NO_SERIES)
    directions = model.directions[films]
    together |= directions @ directions.T > _NEARLY_THE_SAME
    np.fill_diagonal(together, False)
    pairs: _Alike = {}
    for one, other in zip(*(each.tolist() for each in together.nonzero()), strict=True):
        pairs.setdefault(one, set()).add(other)
    return pairs


def _calibrated(
    model: Weights, profile: Profile
) -> Callable[[Weights, NDArray[np.int64], Floats], _Worth]:
    """Return the value function that brings a page's genres close to those a person likes.

    The squared distance of the two distributions, times the number of films, without the terms
    that don't depend on the choice.
    """
    weights = history_weights(profile.n_likes, model.blend.oldest).astype(np.float32)
    wanted = weights @ model.genre_shares[profile.films[: profile.n_likes]]
    wanted *= 2 * _CALIBRATION / max(float(wanted.sum()), 1e-9)

    def worth(model: Weights, films: NDArray[np.int64], scores: Floats) -> _Worth:
        shares = model.genre_shares[films]
        return _Worth(scores + shares @ wanted, _CALIBRATION * (shares @ shares.T), True)

    return worth


def _spread_out(model: Weights, films: NDArray[np.int64], scores: Floats) -> _Worth:
    """Return values for cold start: penalise the genres and decades of films already chosen.

    The similarity of genres is squared, so that sharing one of several genres counts little.
    """
    genres = model.genre_directions[films]
    periods = np.append(np.array(model.catalogue.periods, np.int64), NO_PERIOD)
    decades = periods[model.catalogue.period[films]] // (2 * HALF_DECADE)
    is_same_decade = decades[:, None] == decades
    against = _VARIETY * (genres @ genres.T) ** 2 + np.float32(_DECADES) * is_same_decade
    return _Worth(scores, against, False)


def arranged_of_each(
    model: Weights, profiles: Sequence[Profile], scores: Floats, k: int
) -> list[tuple[NDArray[np.int64], Floats]]:
    """Return each person's diversified list of k films and their scores.

    Parameters
    ----------
    model : Weights
    profiles : sequence of Profile
    scores : float32 array (people, films)
        Minus infinity for films that aren't eligible.
    k : int
        The length of the lists.

    Returns
    -------
    list of (int64 array (k,), float32 array (k,))
        For each person the indices of films and their scores; shorter if fewer are eligible.
    """
    if k <= 0:
        return [(np.zeros(0, np.int64), np.zeros(0, np.float32)) for _ in profiles]
    more = max(map(_candidates, profiles), default=0) - PAGE
    without_new = scores
    if len(model.new):
        without_new = scores.copy()
        without_new[:, model.new] = -np.inf
    every = best_of_each(without_new, k + more)
    arranged = []
    for profile, own, films in zip(profiles, scores, every, strict=True):
        films, promising = films[: k + _candidates(profile) - PAGE], np.inf
        if len(model.new):
            films = _joined_by_new(model, profile, films, own, k)
            promising = np.inf if profile.is_cold else _promising(own)
        order = films[_arranged(model, profile, films, own[films], k, promising)]
        arranged.append((order, own[order]))
    return arranged


def _joined_by_new(
    model: Weights, profile: Profile, films: NDArray[np.int64], scores: Floats, k: int
) -> NDArray[np.int64]:
    """Return these films and as many new ones as k films may have, sorted by score."""
    most = k if len(films) < k else _most_new(profile) * ceil(k / PAGE)
    joined = np.concatenate([films, model.new[best(scores[model.new], most)]])
    return joined[np.lexsort((joined, -scores[joined]))]


def _promising(scores: Floats) -> float:
    """Return the score that a share of `_PROMISING` of all films reach."""
    place = len(scores) - int(_PROMISING * len(scores))
    return float(np.partition(scores, place)[place]) if place < len(scores) else np.inf
