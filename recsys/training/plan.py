"""The jobs of a training: trial, LightFM, item-item and short-term weights, map, baselines.

The trial (`recsys.training.trial`) chooses the hyperparameters, which the item-item jobs need.
Other processes import this module to do the jobs.
"""

from collections.abc import Callable
from dataclasses import replace

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
from recsys.training.trial import Trial, hold_out, run_trial


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
    members = [
        Job(f"member {member}", 4, fit_member, (films, likes, seed + member, parameters))
        for member in range(parameters.members)
    ]
    names = tuple(member.name for member in members)
    split = hold_out(likes, seed)
    trial = [Job("trial", 8, run_trial, (films, split, parameters, start, seed, chooses))]
    needed = ("trial",) if chooses and split is not None else ()
    return [
        *(trial if split is not None else []),
        *members,
        *_item_item_jobs(films, likes, seed, parameters, start, needed),
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
    return [
        Job("quick member", 1, fit_member, (films, likes, seed, parameters)),
        *_item_item_jobs(films, likes, seed, parameters, start),
    ]


def _item_item_jobs(
    films: Catalogue,
    likes: Likes,
    seed: int,
    parameters: Parameters,
    start: Learned,
    depends_on: tuple[str, ...] = (),
) -> list[Job]:
    """Return the jobs of both matrices, with what a trial learned if they depend on one."""
    choices = replace(DEFAULT.of_films(parameters.most_films), learned=start)
    arguments = likes, len(films.movie_ids), seed, choices
    return [
        Job("item-item", 2, _learn, (learn_item_item, *arguments), depends_on),
        Job("short-term", 1, _learn, (learn_short_term, *arguments), depends_on),
    ]


def _learn(
    _on_progress: OnShare,
    learn: Callable[[Likes, int, int, Choices], ItemItem],
    likes: Likes,
    n_films: int,
    seed: int,
    choices: Choices,
    trial: Trial | None = None,
) -> ItemItem:
    if trial is not None:
        choices = replace(choices, learned=trial.learned)
    return learn(likes, n_films, seed, choices)


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
