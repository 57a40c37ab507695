"""What somebody's taste may be, and what their answers about films would tell of it.

A taste is taken to be that of the people who like a certain film: each of the most liked films
stands for one. How probable it is that somebody of such a taste likes another film follows from how
much the model says that the one speaks for the other, and from how well known that other film is.
By Bayes' rule each answer makes some tastes likelier; a question is worth what its answer ("I like
it", or not) is expected to tell about the taste, its information gain. A film that hardly anybody
knows tells little, and so does one that all tastes like, and one that is like those asked about
before.

Information gain about the group of people that somebody belongs to: Rashid, Karypis and Riedl 2008
(https://doi.org/10.1145/1540276.1540302).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from recsys.models.factors import Floats
from recsys.models.model import Model
from recsys.models.scoring import GENRES, ITEM_ITEM, LIGHTFM, SHORT_TERM

Doubles = NDArray[np.float64]
Places = NDArray[np.int64]

_TASTES = 1000

# Chosen on held-out people of the demo set and ml-latest-small (docs/quality.md).
_STEEPNESS = 1.5
_BEST_KNOWN = 0.8
_HARDLY_KNOWN = 1e-3
_ITS_OWN = 0.9  # that somebody likes the very film that stands for their taste

# A taste is as likely as the likes of its film to this power: people rate what everybody sees, and
# IPS-NDCG corrects that by the same root.
_PROPENSITY = 0.5
# How many likes a film of the newest years needs at least to count as the best known, as a share of
# those of the most liked film of all.
_NEWEST = 0.1


@dataclass
class Tastes:
    """How likely each taste is, and what people of it like; films are places in the catalogue.

    Attributes
    ----------
    films : int64 array (films,)
        The films that can be asked about, ascending.
    logarithms : float64 array (tastes,)
        Of how likely each taste is, but for a constant.
    speaking : float32 array (tastes, films)
        How much the film of a taste speaks for a film; 0 is the mean over tastes.
    fame : float32 array (films,)
        Added to `speaking`, the logit of how probable it is that somebody likes the film.
    own : bool array (tastes, films)
        Whether the film is the one that stands for the taste.
    """

    films: Places
    logarithms: Doubles
    speaking: Floats
    fame: Floats
    own: NDArray[np.bool_]

    @classmethod
    def of(cls, model: Model, films: Places) -> "Tastes":
        """Before any answer.

        Parameters
        ----------
        model : Model
            Before the first training too: then films are alike whose genres are.
        films : int64 array
            Ascending.
        """
        prototypes = with_a_genre(model, np.argsort(-model.likes, kind="stable"))[:_TASTES]
        prior = (model.likes[prototypes] + 1) ** _PROPENSITY
        prior /= max(prior.sum(), 1)
        speaking = _speaking(model, prototypes, films)
        shares = prior.astype(np.float32)
        speaking -= shares @ speaking
        spread = float(np.sqrt((shares @ speaking**2).mean())) if speaking.size else 0.0
        speaking *= np.float32(_STEEPNESS / (spread or 1.0))
        known = np.clip(_BEST_KNOWN * how_well_known(model)[films], _HARDLY_KNOWN, None)
        fame = np.log(known / (1 - known)).astype(np.float32)
        return cls(films, np.log(prior), speaking, fame, prototypes[:, None] == films)

    @cached_property
    def liking(self) -> Floats:
        """How probable it is that somebody of a taste likes a film: float32 (tastes, films)."""
        liking = _logistic(self.speaking + self.fame)
        liking[self.own] = _ITS_OWN
        return liking

    @cached_property
    def _entropies(self) -> Floats:
        return _entropy(self.liking)

    def gains(self, films: Places) -> Floats:
        """What asking about each film is expected to tell about the taste, in nats: under 0.7."""
        likely = np.exp(self.logarithms - self.logarithms.max(initial=-np.inf))
        likely = (likely / max(likely.sum(), 1e-300)).astype(np.float32)
        gains = _entropy(likely @ self.liking) - likely @ self._entropies
        return np.asarray(gains[self._columns(films)])

    def hear_liked(self, films: Places) -> None:
        """Somebody likes these."""
        self._hear(self.liking[:, self._columns(films)])

    def hear_disliked(self, films: Places) -> None:
        """Somebody knows these, and doesn't like them: how well known they are doesn't count."""
        self._hear(1 - _logistic(self.speaking[:, self._columns(films)]))

    def hear_nothing(self, films: Places) -> None:
        """Somebody was asked about these, and has said nothing, or nothing yet."""
        self._hear(1 - self.liking[:, self._columns(films)])

    def _hear(self, probable: Floats) -> None:
        self.logarithms = self.logarithms + np.log(probable.astype(np.float64)).sum(axis=1)

    def _columns(self, films: Places) -> Places:
        return np.searchsorted(self.films, films)


def how_well_known(model: Model) -> Doubles:
    """How well known each film is, from 0 to 1, by its share of the likes of the most liked film.

    Of those of its half-decade or later ones: who rated before it came out couldn't know it.
    """
    likes = model.likes.astype(np.float64)
    period = np.maximum(model.catalogue.period, 0)  # films without a year: of any time
    most = np.zeros(len(model.catalogue.periods) + 1)
    np.maximum.at(most, period, likes)
    later = np.maximum.accumulate(most[::-1])[::-1]
    enough = np.maximum(later[period], max(1.0, _NEWEST * most.max()))
    return np.asarray(likes / enough)


def with_a_genre(model: Model, films: Places) -> Places:
    """Those of the films that have one."""
    return np.asarray(films[model.catalogue.genre_mask[films].any(axis=1)])


def _speaking(model: Model, prototypes: Places, films: Places) -> Floats:
    """How much each of the prototypes, liked alone, speaks for each film: (prototypes, films)."""
    scales = model.blend.scales(1).astype(np.float32)
    if not scales.any():
        return np.asarray(model.told_genres[prototypes] @ model.told_genres[films].T)
    factors = model.factors.history[prototypes] @ model.film_factors[films].T
    genres = model.told_genres[prototypes] @ model.film_genres[films].T
    said = np.asarray(scales[LIGHTFM] * factors + scales[GENRES] * genres)
    one_person = np.zeros(len(prototypes), np.int64)
    for stage, column in ((model.item_item, ITEM_ITEM), (model.short_term, SHORT_TERM)):
        weights = np.full(len(prototypes), scales[column])
        stage.add_parts(said, films[None], prototypes, one_person, weights)
    return said


def _logistic(values: Floats) -> Floats:
    """Kept so far from 0 and 1 that both it and the rest have a logarithm."""
    return np.asarray(np.clip(1 / (1 + np.exp(-values)), 1e-6, 1 - 1e-6))


def _entropy(probable: Floats) -> Floats:
    """Of a yes or no that is so probable, in nats."""
    rest = 1 - probable
    return np.asarray(-probable * np.log(probable) - rest * np.log(rest))
