"""A probability distribution over tastes, and the expected information gain of questions.

A taste is modelled as that of the people who like a certain film; each of the most liked films
represents one. The probability that a person with such a taste likes another film follows from the
model's score of that film given the first one, and from how well known the film is. By Bayes' rule,
each answer makes some tastes more probable. The value of a question is the information that its
answer ("I like it", or not) is expected to give about the taste. It is small for a film that hardly
anyone knows, for one that all tastes like, and for one that is similar to earlier questions.

Information gain about the group that a person belongs to: Rashid, Karypis and Riedl 2008
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
_ITS_OWN = 0.9  # the probability that a person likes the film that represents their taste

# The prior of a taste is proportional to the likes of its film to this power: people rate popular
# films, and IPS-NDCG corrects for that with the same square root.
_PROPENSITY = 0.5
# How many likes a film of the newest years needs to count as best known, as a share of the likes of
# the most liked film of all.
_NEWEST = 0.1


@dataclass
class Tastes:
    """A distribution over tastes, and what people of each taste like; films are indices.

    Attributes
    ----------
    films : int64 array (films,)
        Indices of the films that can be asked about, ascending.
    logarithms : float64 array (tastes,)
        The log-probability of each taste, up to a constant.
    scores : float32 array (tastes, films)
        The score of each film given the film of each taste; 0 is the mean over tastes.
    fame : float32 array (films,)
        How well known each film is; `scores` + `fame` is the logit of the probability of a like.
    own : bool array (tastes, films)
        Whether the film is the one that represents the taste.
    """

    films: Places
    logarithms: Doubles
    scores: Floats
    fame: Floats
    own: NDArray[np.bool_]

    @classmethod
    def of(cls, model: Model, films: Places) -> "Tastes":
        """Build the distribution before any answer.

        Parameters
        ----------
        model : Model
            Before the first training, films are similar if their genres are.
        films : int64 array (films,)
            Indices of the films that can be asked about, ascending.

        Returns
        -------
        Tastes
        """
        prototypes = with_a_genre(model, np.argsort(-model.likes, kind="stable"))[:_TASTES]
        prior = (model.likes[prototypes] + 1) ** _PROPENSITY
        prior /= max(prior.sum(), 1)
        scores = _scores_given_each(model, prototypes, films)
        shares = prior.astype(np.float32)
        scores -= shares @ scores
        spread = float(np.sqrt((shares @ scores**2).mean())) if scores.size else 0.0
        scores *= np.float32(_STEEPNESS / (spread or 1.0))
        known = np.clip(_BEST_KNOWN * how_well_known(model)[films], _HARDLY_KNOWN, None)
        fame = np.log(known / (1 - known)).astype(np.float32)
        return cls(films, np.log(prior), scores, fame, prototypes[:, None] == films)

    @cached_property
    def liking(self) -> Floats:
        """The probability that a person of a taste likes a film: float32 (tastes, films)."""
        liking = _logistic(self.scores + self.fame)
        liking[self.own] = _ITS_OWN
        return liking

    @cached_property
    def _entropies(self) -> Floats:
        return _entropy(self.liking)

    def gains(self, films: Places) -> Floats:
        """Return the expected information gain of asking about each film, in nats: under 0.7."""
        likely = np.exp(self.logarithms - self.logarithms.max(initial=-np.inf))
        likely = (likely / max(likely.sum(), 1e-300)).astype(np.float32)
        gains = _entropy(likely @ self.liking) - likely @ self._entropies
        return np.asarray(gains[self._columns(films)])

    def hear_liked(self, films: Places) -> None:
        """Update the distribution with liked films."""
        self._hear(self.liking[:, self._columns(films)])

    def hear_disliked(self, films: Places) -> None:
        """Update with disliked films, which the person knows: their fame is ignored."""
        self._hear(1 - _logistic(self.scores[:, self._columns(films)]))

    def hear_nothing(self, films: Places) -> None:
        """Update the distribution with films that the person was asked about without an answer."""
        self._hear(1 - self.liking[:, self._columns(films)])

    def _hear(self, probable: Floats) -> None:
        self.logarithms = self.logarithms + np.log(probable.astype(np.float64)).sum(axis=1)

    def _columns(self, films: Places) -> Places:
        return np.searchsorted(self.films, films)


def how_well_known(model: Model) -> Doubles:
    """Return how well known each film is, from 0 to 1: its likes relative to the most liked film's.

    Only films of the same half-decade or later are compared, because people who rated before a film
    came out couldn't know it.
    """
    likes = model.likes.astype(np.float64)
    period = np.maximum(model.catalogue.period, 0)  # films without a year are compared with all
    most = np.zeros(len(model.catalogue.periods) + 1)
    np.maximum.at(most, period, likes)
    later = np.maximum.accumulate(most[::-1])[::-1]
    enough = np.maximum(later[period], max(1.0, _NEWEST * most.max()))
    return np.asarray(likes / enough)


def with_a_genre(model: Model, films: Places) -> Places:
    """Return the films that have a genre."""
    return np.asarray(films[model.catalogue.genre_mask[films].any(axis=1)])


def _scores_given_each(model: Model, prototypes: Places, films: Places) -> Floats:
    """Return each film's score given each prototype as the only like: (prototypes, films)."""
    scales = model.blend.scales(1).astype(np.float32)
    if not scales.any():
        return np.asarray(model.genre_directions[prototypes] @ model.genre_directions[films].T)
    factors = model.factors.history[prototypes] @ model.film_factors[films].T
    genres = model.genre_directions[prototypes] @ model.film_genres[films].T
    scores = np.asarray(scales[LIGHTFM] * factors + scales[GENRES] * genres)
    one_person = np.zeros(len(prototypes), np.int64)
    for stage, column in ((model.item_item, ITEM_ITEM), (model.short_term, SHORT_TERM)):
        weights = np.full(len(prototypes), scales[column])
        stage.add_parts(scores, films[None], prototypes, one_person, weights)
    return scores


def _logistic(values: Floats) -> Floats:
    """Return the logistic function, clipped so that both p and 1 - p have a logarithm."""
    return np.asarray(np.clip(1 / (1 + np.exp(-values)), 1e-6, 1 - 1e-6))


def _entropy(probable: Floats) -> Floats:
    """Return the binary entropy of these probabilities, in nats."""
    rest = 1 - probable
    return np.asarray(-probable * np.log(probable) - rest * np.log(rest))
