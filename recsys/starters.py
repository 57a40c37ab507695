"""Films to start from: those whose answers tell most about the taste of somebody new.

A taste is taken to be that of the people who like a certain film: each of the most liked films
stands for one, beforehand as likely as it has likes. How probable it is that somebody of such a
taste likes another film follows from how much the model says that the one speaks for the other,
and from how well known that other film is. By Bayes' rule each answer makes some tastes likelier;
asked next is the film whose answer ("I like it", or not) has the largest expected information gain
about the taste, given the answers so far. A film that hardly anybody knows tells little, and so
does one that all tastes like, and one that is like those asked about before.

Information gain about the group of people that somebody belongs to: Rashid, Karypis and Riedl 2008
(https://doi.org/10.1145/1540276.1540302). Questions that follow from the answers: Golbandi, Koren
and Lempel 2011 (https://doi.org/10.1145/1935826.1935910).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys import history as histories_of
from recsys.features import HALF_DECADE, NO_PERIOD, find
from recsys.model import Model
from recsys.scoring import GENRES, ITEM_ITEM, LIGHTFM, SOON
from recsys.series import NO_SERIES

Doubles = NDArray[np.float64]
Places = NDArray[np.int64]

_TASTES = 500
_QUESTIONS = 200
_ANSWERS = 20  # of each kind the newest

# Chosen on held-out people of the demo set and ml-latest-small (docs/quality.md).
_STEEPNESS = 1.5
_BEST_KNOWN = 0.8
_HARDLY_KNOWN = 1e-3
_ITS_OWN = 0.9  # that somebody likes the very film that stands for their taste

# Of n films at most this share, rounded up, are of one decade, while there are others.
_OF_A_DECADE = 1 / 6
# How many likes a film of the newest years needs at least to count as the best known, as a share of
# those of the most liked film of all.
_NEWEST = 0.1


def starters(
    model: Model,
    n: int,
    history: pd.DataFrame | None = None,
    *,
    exclude: Collection[int] = (),
    passed: Collection[int] = (),
    shown: Sequence[int] = (),
) -> list[int]:
    """The films to ask somebody about, each as if those before it weren't liked.

    No two are of one series, nor is one of the series of a film that was rated or is excluded,
    while there are others.

    Parameters
    ----------
    model : Model
        Before the first training too: then films are alike whose genres are.
    n : int
        How many.
    history : DataFrame, optional
        The answers so far, as for `Model.recommend`.
    exclude : collection of int
        Films not to ask about, such as those that are recommended already.
    passed : collection of int
        Films that were shown before and got no answer.
    shown : sequence of int
        Films that are on show. They keep their places; those that were answered or excluded since
        give theirs to new ones.

    Returns
    -------
    list of int
        Film numbers; fewer than n only when there are no more films with a genre.
    """
    nothing = pd.DataFrame({"movie_id": [], "rating": [], "rated_at": []})
    told = histories_of.read(nothing if history is None else history, model.movie_ids)
    excluded, unanswered = _places(model, exclude), _places(model, passed)
    over = np.concatenate([told.rated, excluded, unanswered])
    on_show: list[int | None] = [
        None if film in over else int(film) for film in _places(model, shown)[:n]
    ]
    kept = np.array([film for film in on_show if film is not None], np.int64)
    asked = np.concatenate([over, kept])

    questions = _questions(model, max(_QUESTIONS, 2 * n), without=asked)
    tastes = _Tastes.of(model, np.unique(np.concatenate([questions, asked])))
    tastes.hear_liked(told.liked[-_ANSWERS:])
    tastes.hear_disliked(told.disliked[-_ANSWERS:])
    tastes.hear_nothing(np.concatenate([unanswered[-_ANSWERS:], kept]))

    series, decades = model.catalogue.series, _decades(model)
    most = np.ceil(_OF_A_DECADE * n)
    new: list[int] = []
    while len(kept) + len(new) < n and len(questions):
        so_far = np.concatenate([kept, np.array(new, np.int64)])
        of_series = np.isin(series[questions], series[np.concatenate([asked, so_far])])
        of_series &= series[questions] != NO_SERIES
        of_decade = (decades[questions][:, None] == decades[so_far]).sum(axis=1) >= most
        # No gain is as large as 1.
        gains = tastes.gains(questions) - of_series - of_decade
        best = int(gains.argmax())
        new.append(int(questions[best]))
        questions = np.delete(questions, best)
        tastes.hear_nothing(np.array(new[-1:]))

    rest = iter(new)
    films = [next(rest, None) if film is None else film for film in on_show]
    return [int(model.movie_ids[film]) for film in (*films, *rest) if film is not None]


@dataclass
class _Tastes:
    """How likely each taste is, and what people of it like; films are places in the catalogue.

    Attributes
    ----------
    films : int64 array (films,)
        Ascending.
    logarithms : float64 array (tastes,)
        Of how likely each is, but for a constant.
    liking : float64 array (tastes, films)
        How probable it is that somebody of a taste likes a film.
    fitting : float64 array (tastes, films)
        The same for who has seen it: 0.5 for an average film of all.
    """

    films: Places
    logarithms: Doubles
    liking: Doubles
    fitting: Doubles

    @cached_property
    def entropies(self) -> Doubles:
        """Of whether somebody of a taste likes a film: float64 array (tastes, films)."""
        return _entropy(self.liking)

    @classmethod
    def of(cls, model: Model, films: Places) -> "_Tastes":
        """Before any answer."""
        likes = model.likes.astype(np.float64)
        prototypes = np.sort(_with_a_genre(model, np.argsort(-likes, kind="stable"))[:_TASTES])
        prior = likes[prototypes] + 1
        prior /= prior.sum()
        speaking = _speaking(model, prototypes, films)
        speaking -= prior @ speaking
        spread = np.sqrt((prior @ speaking**2).mean()) if speaking.size else 0.0
        speaking *= _STEEPNESS / (spread or 1.0)
        known = np.clip(_BEST_KNOWN * _known(model)[films], _HARDLY_KNOWN, None)
        liking = _logistic(speaking + np.log(known / (1 - known)))
        liking[prototypes[:, None] == films] = _ITS_OWN
        return cls(films, np.log(prior), liking, _logistic(speaking))

    def gains(self, films: Places) -> Doubles:
        """What asking about each film is expected to tell about the taste, in nats."""
        likely = np.exp(self.logarithms - self.logarithms.max(initial=-np.inf))
        likely /= likely.sum()
        gains = _entropy(likely @ self.liking) - likely @ self.entropies
        return np.asarray(gains[np.searchsorted(self.films, films)])

    def hear_liked(self, films: Places) -> None:
        """Somebody likes these."""
        self._hear(self.liking, films)

    def hear_disliked(self, films: Places) -> None:
        """Somebody has seen these, and doesn't like them."""
        self._hear(1 - self.fitting, films)

    def hear_nothing(self, films: Places) -> None:
        """Somebody was asked about these and has said nothing, or nothing yet."""
        self._hear(1 - self.liking, films)

    def _hear(self, probable: Doubles, films: Places) -> None:
        columns = probable[:, np.searchsorted(self.films, films)]
        self.logarithms = self.logarithms + np.log(columns).sum(axis=1)


def _questions(model: Model, n: int, without: Places) -> Places:
    """The n best known films that have a genre, the best known first."""
    by_fame = _with_a_genre(model, np.argsort(-_known(model), kind="stable"))
    return by_fame[~np.isin(by_fame, without)][:n]


def _with_a_genre(model: Model, films: Places) -> Places:
    return np.asarray(films[model.catalogue.genre_mask[films].any(axis=1)])


def _known(model: Model) -> Doubles:
    """How well known each film is, from 0 to 1, by its share of the likes of the most liked film.

    Of those of its half-decade or later ones: who rated before it came out couldn't know it.
    """
    likes = model.likes.astype(np.float64)
    period = np.maximum(model.catalogue.period, 0)  # films without a year: of any time
    most = np.zeros(len(model.catalogue.periods) + 1)
    np.maximum.at(most, period, likes)
    later = np.maximum.accumulate(most[::-1])[::-1]
    enough = np.maximum(later[period], max(1.0, _NEWEST * most.max()))
    return np.asarray(np.minimum(likes / enough, 1))


def _speaking(model: Model, prototypes: Places, films: Places) -> Doubles:
    """How much each of the prototypes, liked alone, speaks for each film: (prototypes, films)."""
    scales = model.blend.scales(1)
    if not scales.any():
        return np.asarray(model.told_genres[prototypes] @ model.told_genres[films].T, np.float64)
    factors = model.factors.history[prototypes] @ model.film_factors[films].T
    genres = model.told_genres[prototypes] @ model.film_genres[films].T
    said = scales[LIGHTFM] * factors + scales[GENRES] * genres
    one_person = np.zeros(len(prototypes), np.int64)
    for stage, column in ((model.item_item, ITEM_ITEM), (model.soon, SOON)):
        weights = np.full(len(prototypes), scales[column])
        stage.add_parts(said, films[None], prototypes, one_person, weights)
    return np.asarray(said, np.float64)


def _decades(model: Model) -> Places:
    """The decade of each film, and one for films without a year."""
    periods = np.append(np.array(model.catalogue.periods, np.int64), NO_PERIOD)
    return np.asarray(periods[model.catalogue.period] // (2 * HALF_DECADE))


def _places(model: Model, movie_ids: Collection[int]) -> Places:
    """Where these films stand in the catalogue, in their order; without those it lacks."""
    wanted = np.fromiter(movie_ids, np.int64, len(movie_ids))
    places, is_known = find(wanted, model.movie_ids)
    return places[is_known]


def _logistic(values: Doubles) -> Doubles:
    return np.asarray(1 / (1 + np.exp(-values)))


def _entropy(probable: Doubles) -> Doubles:
    """Of a yes or no that is so probable, in nats."""
    return np.asarray(-probable * np.log(probable) - (1 - probable) * np.log1p(-probable))
