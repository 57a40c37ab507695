"""Fit a model to likes, and measure its quality.

The stages are fitted separately: LightFM (`recsys.models.lightfm`) and item-item weights
(`recsys.models.item_item`); `recsys.models.blend` combines them. The quality is measured with a
trial model that is trained without some held-out people (`recsys.training.validation`). The work is
divided into jobs that two processes share (`recsys.training.jobs`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pandas as pd

from i18n.language import Text
from monitoring.progress import OnProgress, OnShare, ignore_progress, part
from recsys.data.dataset import Likes, check_movies, check_ratings
from recsys.data.dataset import likes as likes_of
from recsys.data.features import Catalogue, catalogue, genre_weights, quality
from recsys.data.parameters import Parameters
from recsys.models.baselines import Baselines
from recsys.models.blend import Blend, Validation
from recsys.models.factors import Factors, Floats, ItemItem
from recsys.models.item_item import DEFAULT, Choices, learn_item_item, learn_short_term
from recsys.models.lightfm import fit_member, side_by_side
from recsys.models.model import Model
from recsys.models.popularity import popular_model
from recsys.models.projection import draw_map, no_map
from recsys.training import jobs, validation
from recsys.training.baselines import learn_baselines
from recsys.training.jobs import Job
from recsys.training.spreads import measure_spreads

# With fewer likes, a second process costs more than it saves.
LIKES_WORTH_A_PROCESS = 20_000

# Modules that the second process imports while the first one reads ratings.
LIBRARIES = ("lightfm", "recsys.training.fit")

# A trial is smaller: half the epochs and half the films are enough to estimate the quality.
_FILMS_OF_A_TRIAL = 1_500

# How many films have item-item weights with little memory.
FILMS_WITH_LITTLE_MEMORY = 1_000

# A quick model has complete item-item weights, and LightFM with this many epochs.
_QUICK_EPOCHS = 3


def fit(
    ratings: pd.DataFrame,
    movies: pd.DataFrame,
    *,
    seed: int = 42,
    progress: OnProgress | None = None,
    **params: Any,
) -> Model:
    """Train a model; the same input and seed give the same model, byte for byte.

    Parameters
    ----------
    ratings : DataFrame
        user_id (int), movie_id (int), rating (0.5–5), rated_at (datetime). Ratings of 4 or more
        are likes; all ratings show how well liked films are.
    movies : DataFrame
        movie_id (int), title, year (may be missing), genres (lists of str).
    seed : int
    progress : callable, optional
        Called with the share done (0 to 1) and a description of the current step, possibly from a
        second thread.
    **params
        Fields of `Parameters`.

    Returns
    -------
    Model
        Without likes, a model that ranks by popularity.

    Raises
    ------
    ValueError
        If a column is missing or has invalid values, or a parameter is too small; the message
        names it.
    TypeError
        If a parameter is unknown.
    """
    return _fit(ratings, movies, seed, progress, Parameters(**params), with_baselines=False)[0]


def fit_with_baselines(
    ratings: pd.DataFrame,
    movies: pd.DataFrame,
    *,
    seed: int = 42,
    progress: OnProgress | None = None,
    on_quick: Callable[[Model], None] | None = None,
    likes_of_films: Mapping[int, int] | None = None,
    former_places: pd.DataFrame | None = None,
    little_memory: bool = False,
    **params: Any,
) -> tuple[Model, Baselines | None]:
    """Train a model like `fit`, and the baselines that analysts compare with, from the same likes.

    `on_quick` receives a quick model first: one member with few epochs, without map and validation.
    The returned model doesn't depend on it. `likes_of_films` says how many of all people like each
    film if the ratings are those of a sample. `former_places` (movie_id, x, y) is the previous map,
    to which films stay close. `little_memory` needs a third of the memory, for a slightly worse
    model without map and baselines; its parameters record this.
    """
    return _fit(
        ratings,
        movies,
        seed,
        progress,
        Parameters(**params),
        with_baselines=True,
        on_quick=on_quick,
        likes_of_films=likes_of_films,
        former_places=former_places,
        little_memory=little_memory,
    )


def _fit(
    ratings: pd.DataFrame,
    movies: pd.DataFrame,
    seed: int,
    progress: OnProgress | None,
    parameters: Parameters,
    *,
    with_baselines: bool,
    on_quick: Callable[[Model], None] | None = None,
    likes_of_films: Mapping[int, int] | None = None,
    former_places: pd.DataFrame | None = None,
    little_memory: bool = False,
) -> tuple[Model, Baselines | None]:
    check_ratings(ratings)
    check_movies(movies)
    films = catalogue(movies)
    likes = likes_of(ratings, films.movie_ids)
    stars = quality(
        films.movie_ids, ratings["movie_id"].to_numpy(np.int64), ratings["rating"].to_numpy()
    )
    if not likes.n_people:
        nobody = pd.DataFrame({"movie_id": [], "likes": []})
        return popular_model(movies, nobody), Baselines.empty()
    if likes_of_films is not None:
        counts = [likes_of_films.get(film, 0) for film in films.movie_ids.tolist()]
        likes = replace(likes, counts=np.array(counts, np.int64))

    if little_memory:
        most_films = min(parameters.most_films, FILMS_WITH_LITTLE_MEMORY)
        parameters = replace(parameters, most_films=most_films)
    on_progress = progress or ignore_progress
    is_worth_it = len(likes.people) >= LIKES_WORTH_A_PROCESS and not little_memory
    has_second_process = is_worth_it and jobs.has_second_process()
    # The imports of map and baselines alone would take a third of the memory if there is little.
    all_jobs = _jobs(
        films,
        likes,
        seed,
        parameters,
        with_map=not little_memory,
        former=_in_order(former_places, films),
        with_baselines=with_baselines and not little_memory,
    )
    found: dict[str, Any] = {}
    begun = 0.0
    if on_quick is not None:
        begun = 0.2
        quick = replace(parameters, members=1, epochs=min(_QUICK_EPOCHS, parameters.epochs))
        first = [job for job in all_jobs if job.name in ("item-item", "soon")]
        all_jobs = [job for job in all_jobs if job not in first]
        found = jobs.done(
            [Job("quick member", 1, fit_member, (films, likes, seed, quick)), *first],
            {},
            part(lambda share: on_progress(share, Text("learning a first, quick model")), 0, begun),
            [jobs.second_process()] if has_second_process else [],
        )
        model = _model(
            films,
            likes,
            [found["quick member"]],
            found["item-item"],
            found["soon"],
            quick,
            stars,
        )
        on_quick(replace(model, parameters={**model.parameters, "quick": True}))
    found = jobs.done(
        all_jobs,
        found,
        part(lambda share: on_progress(share, Text("learning")), begun, 0.95),
        [jobs.second_process()] if has_second_process else [],
    )
    members = [found[f"member {member}"] for member in range(parameters.members)]
    on_progress(0.95, Text("putting the model together"))
    model = _model(films, likes, members, found["item-item"], found["soon"], parameters, stars)
    model = replace(model, map=found.get("map", model.map), validation=found.get("validation"))
    if little_memory:
        model = replace(model, parameters={**model.parameters, "little_memory": True})
    on_progress(1.0, Text("done"))
    return model, found.get("peers")


def _jobs(
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
            [Job("peers", 1, _learn_baselines, (likes, films.movie_ids, seed))]
            if with_baselines
            else []
        ),
        Job("soon", 1, _learn_short_term, (likes, n, seed, choices)),
    ]


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
    model = _model(
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


def _learn_baselines(_on_progress: OnShare, likes: Likes, movie_ids: Any, seed: int) -> Baselines:
    return learn_baselines(likes, movie_ids, seed)


def _in_order(places: pd.DataFrame | None, films: Catalogue) -> Floats | None:
    """Return the positions of these films: float32 array (films, 2), NaN for films without one."""
    if places is None:
        return None
    return places.set_index("movie_id").reindex(films.movie_ids)[["x", "y"]].to_numpy(np.float32)


def _draw_map(
    _on_progress: OnShare,
    films: Catalogue,
    likes: Likes,
    seed: int,
    former: Floats | None,
    *members: Factors,
) -> Floats:
    nothing, unliked = ItemItem.empty(), np.zeros(len(films.movie_ids), np.float32)
    model = _unblended(films, likes, members, nothing, nothing, {}, unliked)
    return draw_map(model.film_factors, model.likes, seed, former)


def _model(
    films: Catalogue,
    likes: Likes,
    members: Sequence[Factors],
    item_item: ItemItem,
    short_term: ItemItem,
    parameters: Parameters,
    stars: Floats,
) -> Model:
    """Build the model with all stages blended."""
    model = _unblended(films, likes, members, item_item, short_term, asdict(parameters), stars)
    spreads = measure_spreads(model, likes)
    return replace(model, blend=Blend(parameters.shares, spreads, parameters.dislikes))


def _unblended(
    films: Catalogue,
    likes: Likes,
    members: Sequence[Factors],
    item_item: ItemItem,
    short_term: ItemItem,
    parameters: dict[str, Any],
    stars: Floats,
) -> Model:
    counts = likes.counts_of(len(films.movie_ids))
    return Model(
        films,
        side_by_side(members),
        counts,
        stars,
        genre_weights(films, counts),
        Blend.nothing(),
        parameters,
        item_item,
        short_term,
        no_map(len(films.movie_ids)),
    )
