"""The jobs of a training: trial, LightFM, item-item and short-term weights, map, baselines.

The trial (`recsys.training.trial`) chooses the hyperparameters, which the item-item jobs need.
Other processes import this module to do the jobs.
"""

import numpy as np
from numpy.typing import NDArray

from monitoring.progress import OnShare
from recsys.data.dataset import Likes
from recsys.data.features import Catalogue
from recsys.data.learned import Learned
from recsys.data.parameters import Parameters
from recsys.models.baselines import Baselines
from recsys.models.factors import Factors, Floats, ItemItem
from recsys.models.item_item import DEFAULT, Choices, learn_item_item, learn_short_term
from recsys.models.lightfm import fit_member
from recsys.models.projection import draw_map
from recsys.training.assembly import without_blend
from recsys.training.baselines import learn_baselines
from recsys.training.jobs import Job
from recsys.training.trial import Split, Trial, hold_out, run_trial


def training_plan(
    films: Catalogue,
    likes: Likes,
    seed: int,
    parameters: Parameters,
    start: Learned,
    *,
    with_map: bool,
    former: Floats | None,
    with_baselines: bool,
    chooses: bool,
) -> list[Job]:
    """Return the jobs of a training; sizes are seconds on the demo set.

    `start` has the hyperparameters for data with too few people for a trial, and for a trial that
    doesn't choose.
    """
    n = len(films.movie_ids)
    members = [
        Job(f"member {member}", 4, fit_member, (films, likes, seed + member, parameters))
        for member in range(parameters.members)
    ]
    names = tuple(member.name for member in members)
    split = hold_out(likes, seed)
    trial = [Job("trial", 8, _try, (films, split, parameters, seed, chooses))]
    needed = () if split is None else ("trial",)
    choices = DEFAULT.of_films(parameters.most_films)
    return [
        *(trial if split is not None else []),
        *members,
        Job("item-item", 2, _learn_item_item, (likes, n, seed, choices, start), needed),
        Job("short-term", 1, _learn_short_term, (likes, n, seed, choices, start), needed),
        *(
            [Job("map", 2, _draw_map, (films, likes, seed, former), depends_on=names)]
            if with_map
            else []
        ),
        *(
            [Job("baselines", 1, _learn_baselines, (likes, films.movie_ids, seed))]
            if with_baselines
            else []
        ),
    ]


def quick_plan(
    films: Catalogue, likes: Likes, seed: int, parameters: Parameters, start: Learned
) -> list[Job]:
    """Return the jobs of a quick model with the hyperparameters `start`."""
    n, choices = len(films.movie_ids), DEFAULT.of_films(parameters.most_films)
    return [
        Job("member 0", 1, fit_member, (films, likes, seed, parameters)),
        Job("item-item", 2, _learn_item_item, (likes, n, seed, choices, start)),
        Job("short-term", 1, _learn_short_term, (likes, n, seed, choices, start)),
    ]


def _try(
    on_progress: OnShare,
    films: Catalogue,
    split: Split,
    parameters: Parameters,
    seed: int,
    chooses: bool,
) -> Trial:
    return run_trial(on_progress, films, split, parameters, seed, chooses=chooses)


def _learn_item_item(
    _on_progress: OnShare,
    likes: Likes,
    n_films: int,
    seed: int,
    choices: Choices,
    start: Learned,
    trial: Trial | None = None,
) -> ItemItem:
    learned = start if trial is None else trial.learned
    return learn_item_item(likes, n_films, seed, choices.of_data(learned))


def _learn_short_term(
    _on_progress: OnShare,
    likes: Likes,
    n_films: int,
    seed: int,
    choices: Choices,
    start: Learned,
    trial: Trial | None = None,
) -> ItemItem:
    learned = start if trial is None else trial.learned
    if not learned.shares[-1]:
        return ItemItem.empty()
    return learn_short_term(likes, n_films, seed, choices)


def _learn_baselines(
    _on_progress: OnShare, likes: Likes, movie_ids: NDArray[np.int32], seed: int
) -> Baselines:
    return learn_baselines(likes, movie_ids, seed)


def _draw_map(
    _on_progress: OnShare,
    films: Catalogue,
    likes: Likes,
    seed: int,
    former: Floats | None,
    *members: Factors,
) -> Floats:
    nothing, unliked = ItemItem.empty(), np.zeros(len(films.movie_ids), np.float32)
    model = without_blend(films, likes, members, nothing, nothing, {}, unliked)
    return draw_map(model.film_factors, model.likes, seed, former)
