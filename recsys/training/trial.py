"""A trial training: its hyperparameters are chosen on likes that it doesn't see.

Two kinds of likes are held out of a trial: the later fifth of some people's (a random fifth where
likes have no order), and all of some other people's, who are then known by their first few. The
hyperparameters that serve both best are taken (`recsys.training.hyperparameters`). After that, the
quality of a model with them is measured on the other people (`recsys.training.validation`).
"""

from dataclasses import dataclass, replace

import numpy as np

from monitoring.progress import OnShare, part
from recsys.data.dataset import Dislikes, Likes
from recsys.data.features import Catalogue
from recsys.data.learned import Learned
from recsys.data.parameters import Parameters
from recsys.models.blend import Validation
from recsys.models.factors import ItemItem
from recsys.models.item_item import DEFAULT, learn_item_item, learn_short_term
from recsys.models.lightfm import fit_member
from recsys.training import hyperparameters, validation
from recsys.training.assembly import assemble, without_blend
from recsys.training.candidates import Question
from recsys.training.dislikes import Disliking, choose_dislikes
from recsys.training.validation import HeldOut

# A trial is smaller: half the epochs and half the films are enough to choose and to measure.
_FILMS = 1_500

# How many people are known in part: of many people more, because a gain is the more significant the
# more people have it. More than 2,000 would take much memory.
LEAST_KNOWN, MOST_KNOWN = 500, 2_000
_KNOWN_SHARE = 2 / 3
_LEAST_LIKES = 5
_LATER_SHARE = 0.2


@dataclass(frozen=True)
class Trial:
    """The result of a trial.

    Attributes
    ----------
    learned : Learned
    gains : dict of str to float
        What each choice gained on the held-out likes, relative to the default; empty if nothing was
        chosen.
    validation : Validation
    """

    learned: Learned
    gains: dict[str, float]
    validation: Validation


@dataclass(frozen=True)
class Split:
    """Likes to train on, people whose other likes are to be found, and people held out."""

    training: Likes
    known: list[Disliking]
    held_out: HeldOut


def hold_out(likes: Likes, dislikes: Dislikes, seed: int) -> Split | None:
    """Hold out people, and opinions of other people; None if there are too few people.

    Parameters
    ----------
    likes : Likes
    dislikes : Dislikes
        Of the same people. Those after the last known like are held out; without order, a fifth.
    seed : int

    Returns
    -------
    Split or None
    """
    people = validation.hold_out_people(likes, seed)
    if people is None:
        return None
    rest = people.training
    bounds = rest.bounds
    long_enough = np.flatnonzero(np.diff(bounds) >= _LEAST_LIKES)
    numbers, of_dislikes = np.random.default_rng(seed), np.random.default_rng(seed)
    disliked = dislikes.of_people(people.kept)
    wanted = min(max(int(len(long_enough) * _KNOWN_SHARE), LEAST_KNOWN), MOST_KNOWN)
    chosen = numbers.choice(long_enough, min(wanted, len(long_enough)), replace=False)
    is_kept = np.ones(len(rest.films), np.bool_)
    known = []
    for person in np.sort(chosen).tolist():
        own = np.arange(bounds[person], bounds[person + 1])
        if not likes.is_ordered:
            own = numbers.permutation(own)
        n = max(int(len(own) * _LATER_SHARE), 1)
        is_kept[own[-n:]] = False
        question = Question(rest.films[np.sort(own[:-n])], rest.films[own[-n:]])
        theirs = slice(*np.searchsorted(disliked.people, [person, person + 1]))
        films, stars = disliked.films[theirs], disliked.stars[theirs]
        if likes.is_ordered:
            is_known = disliked.earlier[theirs] <= len(own) - n
        else:
            is_known = of_dislikes.random(len(films)) >= _LATER_SHARE
        known.append(Disliking(question, films[is_known], stars[is_known], films[~is_known]))
    training = replace(rest, people=rest.people[is_kept], films=rest.films[is_kept])
    return Split(training, known, people)


def run_trial(
    on_progress: OnShare,
    films: Catalogue,
    split: Split,
    parameters: Parameters,
    start: Learned,
    seed: int,
    chooses: bool,
) -> Trial:
    """Choose the hyperparameters and measure the quality of a trial model.

    Parameters
    ----------
    on_progress : callable
        Called with the share done.
    films : Catalogue
    split : Split
        From `hold_out`.
    parameters : Parameters
        Those of the training.
    start : Learned
        The hyperparameters where the search starts.
    seed : int
    chooses : bool
        Whether to choose others, which takes some 100 MB more than to measure.

    Returns
    -------
    Trial
    """
    likes, n = split.training, len(films.movie_ids)
    smaller = replace(parameters, epochs=max(parameters.epochs // 2, 1))
    member = fit_member(part(on_progress, 0, 0.5), films, likes, seed, smaller)
    of_films = DEFAULT.of_films(min(parameters.most_films, _FILMS))
    nothing, no_stars = ItemItem.empty(), np.zeros(n, np.float32)
    learned, gains = start, dict[str, float]()
    if chooses:
        learned, gains = hyperparameters.learn(
            part(on_progress, 0.5, 0.9),
            without_blend(films, likes, [member], nothing, nothing, {}, no_stars),
            likes,
            [each.likes for each in split.known],
            split.held_out.people,
            start,
            of_films,
        )
    of_data = replace(of_films, learned=learned)
    item_item = learn_item_item(likes, n, of_data)
    short_term = learn_short_term(likes, n, of_data)
    model = assemble(films, likes, [member], item_item, short_term, parameters, learned, no_stars)
    if gains:
        weight, gain = choose_dislikes(model, split.known, learned.dislikes)
        learned, gains["dislikes"] = replace(learned, dislikes=weight), round(gain, 4)
    found = validation.validate(model.in_single_precision(), split.held_out)
    return Trial(learned, gains, found)
