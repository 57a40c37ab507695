"""The jobs of a training: LightFM members, item-item and short-term weights, map, validation.

The quality is measured with a trial model that is trained without some held-out people
(`recsys.training.validation`). Other processes import this module to do the jobs.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from monitoring.progress import OnShare, part
from recsys.data.dataset import Likes
from recsys.data.features import Catalogue
from recsys.data.parameters import Parameters
from recsys.models.baselines import Baselines
from recsys.models.blend import Validation
from recsys.models.factors import Factors, Floats, ItemItem
from recsys.models.item_item import DEFAULT, Choices, learn_item_item, learn_short_term
from recsys.models.lightfm import fit_member
from recsys.models.projection import draw_map
from recsys.training import validation
from recsys.training.assembly import assemble, without_blend
from recsys.training.baselines import learn_baselines
from recsys.training.jobs import Job

# A trial is smaller: half the epochs and half the films are enough to estimate the quality.
_FILMS_OF_A_TRIAL = 1_500


def training_plan(
    films: Catalogue,
    likes: Likes,
    seed: int,
    parameters: Parameters,
    *,
    with_map: bool,
    former: Floats | None,
    with_baselines: bool,
) -> list[Job]:
    """Return the jobs of a training; sizes are seconds on the demo set."""
    n = len(films.movie_ids)
    members = [
        Job(f"member {member}", 4, fit_member, (films, likes, seed + member, parameters))
        for member in range(parameters.members)
    ]
    names = tuple(member.name for member in members)
    held_out = validation.hold_out_people(likes, seed)
    trial = [Job("validation", 3, _validate, (films, held_out, parameters, seed))]
    choices = DEFAULT.of_films(parameters.most_films)
    return [
        *members,
        *(trial if held_out is not None else []),
        Job("item-item", 2, _learn_item_item, (likes, n, seed, choices)),
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
        Job("short-term", 1, _learn_short_term, (likes, n, seed, choices)),
    ]


def quick_plan(
    plan: Sequence[Job], films: Catalogue, likes: Likes, seed: int, parameters: Parameters
) -> tuple[list[Job], list[Job]]:
    """Return the jobs of a quick model, which include the item-item jobs of `plan`, and the rest.

    `parameters` are those of the quick model.
    """
    shared = [job for job in plan if job.name in ("item-item", "short-term")]
    member = Job("quick member", 1, fit_member, (films, likes, seed, parameters))
    return [member, *shared], [job for job in plan if job not in shared]


def _validate(
    on_progress: OnShare,
    films: Catalogue,
    held_out: validation.HeldOut,
    parameters: Parameters,
    seed: int,
) -> Validation:
    """Measure the quality with a trial model that is trained without the held-out people."""
    trial = replace(parameters, epochs=max(parameters.epochs // 2, 1))
    likes, n = held_out.training, len(films.movie_ids)
    choices = DEFAULT.of_films(min(parameters.most_films, _FILMS_OF_A_TRIAL))
    member = fit_member(part(on_progress, 0, 0.7), films, likes, seed, trial)
    model = assemble(
        films,
        likes,
        [member],
        learn_item_item(likes, n, seed, choices),
        learn_short_term(likes, n, seed, choices),
        parameters,
        np.zeros(n, np.float32),
    )
    return validation.validate(model.in_single_precision(), held_out)


def _learn_item_item(
    _on_progress: OnShare, likes: Likes, n_films: int, seed: int, choices: Choices
) -> ItemItem:
    return learn_item_item(likes, n_films, seed, choices)


def _learn_short_term(
    _on_progress: OnShare, likes: Likes, n_films: int, seed: int, choices: Choices
) -> ItemItem:
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
