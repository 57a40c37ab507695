"""The jobs of a training: trial, LightFM, item-item and short-term weights, map, baselines.

The trial (`recsys.training.trial`) chooses the hyperparameters, which the item-item jobs need.
Other processes import this module to do the jobs.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from monitoring.progress import OnShare
from recsys.data.dataset import Dislikes, Likes
from recsys.data.features import Catalogue
from recsys.data.learned import Learned
from recsys.data.parameters import Parameters
from recsys.models.baselines import Baselines
from recsys.models.factors import Factors, Floats, ItemItem
from recsys.models.item_item import DEFAULT, Choices, learn_item_item, learn_short_term
from recsys.models.lightfm import fit_member
from recsys.models.projection import draw_map
from recsys.training import blocks
from recsys.training.assembly import without_blend
from recsys.training.baselines import learn_baselines
from recsys.training.blocks import Epochs
from recsys.training.everybody import Everybody
from recsys.training.jobs import Job
from recsys.training.trial import Trial, hold_out, run_trial
from recsys.training.workers import Here, Workers

_Learn = Callable[[OnShare, Choices], ItemItem]


def training_plan(
    films: Catalogue,
    likes: Likes,
    dislikes: Dislikes,
    seed: int,
    parameters: Parameters,
    start: Learned,
    *,
    everybody: Everybody | None,
    workers: Workers,
    with_map: bool,
    former: Floats | None,
    with_baselines: bool,
    chooses: bool,
) -> list[Job]:
    """Return the jobs of a training; sizes are seconds on the demo set.

    `start` has the hyperparameters for data with too few people for a trial, and for a trial that
    doesn't choose. If there is `everybody`, `likes` are those of a sample: LightFM and the
    item-item weights learn from everybody, the latter with the help of `workers`.
    """
    n = len(films.movie_ids)
    of_epoch: Likes | Epochs = likes
    if everybody is not None:
        # As many people as fit into memory together.
        size = max(blocks.MOST_PEOPLE // blocks.PEOPLE_A_BLOCK, 1)
        of_epoch = Epochs(everybody, parameters.epochs, size, seed)
    members = [
        Job(f"member {member}", 4, fit_member, (films, of_epoch, seed + member, parameters))
        for member in range(parameters.members)
    ]
    names = tuple(member.name for member in members)
    split = hold_out(likes, dislikes, seed)
    trial = [Job("trial", 8, run_trial, (films, split, parameters, start, seed, chooses))]
    needed = ("trial",) if chooses and split is not None else ()
    return [
        *(trial if split is not None else []),
        *members,
        *_item_item_jobs(
            _in_memory(likes, n) if everybody is None else _in_blocks(everybody, workers, likes, n),
            _choices(parameters, start),
            needed,
            stay=everybody is not None and not isinstance(workers, Here),
        ),
        *(
            [Job("map", 2, _draw_map, (films, likes, seed, former), depends_on=names)]
            if with_map
            else []
        ),
        *(
            [Job("baselines", 1, _learn_baselines, (likes, films.movie_ids, start), needed)]
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
        *_item_item_jobs(_in_memory(likes, len(films.movie_ids)), _choices(parameters, start)),
    ]


def _choices(parameters: Parameters, start: Learned) -> Choices:
    return replace(DEFAULT.of_films(parameters.most_films), learned=start)


def _item_item_jobs(
    learn: tuple[_Learn, _Learn],
    choices: Choices,
    depends_on: tuple[str, ...] = (),
    *,
    stay: bool = False,
) -> list[Job]:
    """Return the jobs of both matrices, with what a trial learned if they depend on one."""
    names = ("item-item", 2), ("short-term", 1)
    return [
        Job(name, size, _with_trial, (how, choices), depends_on, stays=stay)
        for (name, size), how in zip(names, learn, strict=True)
    ]


def _in_memory(likes: Likes, n_films: int) -> tuple[_Learn, _Learn]:
    return (
        partial(_at_once, learn_item_item, likes, n_films),
        partial(_at_once, learn_short_term, likes, n_films),
    )


def _in_blocks(
    everybody: Everybody, workers: Workers, likes: Likes, n_films: int
) -> tuple[_Learn, _Learn]:
    return (
        partial(blocks.learn_item_item, everybody, workers, likes, n_films),
        partial(blocks.learn_short_term, everybody, workers, likes, n_films),
    )


def _at_once(
    learn: Callable[[Likes, int, Choices], ItemItem],
    likes: Likes,
    n_films: int,
    _on_progress: OnShare,
    choices: Choices,
) -> ItemItem:
    return learn(likes, n_films, choices)


def _with_trial(
    on_progress: OnShare, learn: _Learn, choices: Choices, trial: Trial | None = None
) -> ItemItem:
    if trial is not None:
        choices = replace(choices, learned=trial.learned)
    return learn(on_progress, choices)


def _learn_baselines(
    _on_progress: OnShare,
    likes: Likes,
    movie_ids: NDArray[np.int32],
    start: Learned,
    trial: Trial | None = None,
) -> Baselines:
    return learn_baselines(likes, movie_ids, start if trial is None else trial.learned)


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
