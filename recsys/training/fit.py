"""Fit a model to likes, and measure its quality.

The work is divided into jobs (`recsys.training.plan`) that two processes share
(`recsys.training.jobs`); `recsys.training.assembly` puts the model together from their results.
"""

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pandas as pd

from i18n.language import Text
from monitoring.progress import OnProgress, ignore_progress, part
from recsys.data.dataset import check_movies, check_ratings, likes_and_dislikes, sample
from recsys.data.features import Catalogue, catalogue, quality, quality_of
from recsys.data.learned import Learned, default
from recsys.data.parameters import Parameters
from recsys.models.baselines import Baselines
from recsys.models.factors import Floats
from recsys.models.model import Model
from recsys.models.popularity import popular_model
from recsys.training import blocks, jobs
from recsys.training.assembly import assemble
from recsys.training.everybody import Everybody, InMemory
from recsys.training.plan import quick_plan, training_plan
from recsys.training.trial import Trial
from recsys.training.workers import Here, Workers

# With fewer likes, a second process costs more than it saves.
LIKES_WORTH_A_PROCESS = 20_000

# Modules that the second process imports while the first one reads ratings.
LIBRARIES = ("lightfm", "recsys.training.plan")

# How many films have item-item weights, at most, where memory doesn't allow the default.
FILMS_WITH_SOME_MEMORY = 3_000
FILMS_WITH_LITTLE_MEMORY = 1_000

# A quick model has LightFM with this many epochs.
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
    everybody: Everybody | None = None,
    film_sums: pd.DataFrame | None = None,
    workers: Workers = Here(),  # noqa: B008 - it has no state
    former_places: pd.DataFrame | None = None,
    kept: Learned | None = None,
    little_memory: bool = False,
    **params: Any,
) -> tuple[Model, Baselines | None]:
    """Train a model like `fit`, and the baselines that analysts compare with, from the same likes.

    `on_quick` receives a quick model first: one member with few epochs, without map and validation.
    The returned model doesn't depend on it. If the ratings are those of a sample, `everybody` has
    all people's likes, and `film_sums` (movie_id, ratings, stars, likes) the sums of their ratings.
    `workers` do jobs, and sum everybody's likes. `former_places` (movie_id, x, y) is the previous
    map, to which films stay close. `kept` are hyperparameters that needn't be chosen: the trial
    measures only. `little_memory` needs a third of the memory, for a slightly
    worse model without map and baselines; its parameters record this.
    """
    return _fit(
        ratings,
        movies,
        seed,
        progress,
        Parameters(**params),
        with_baselines=True,
        on_quick=on_quick,
        everybody=everybody,
        film_sums=film_sums,
        workers=workers,
        former_places=former_places,
        kept=kept,
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
    everybody: Everybody | None = None,
    film_sums: pd.DataFrame | None = None,
    workers: Workers = Here(),  # noqa: B008 - it has no state
    former_places: pd.DataFrame | None = None,
    kept: Learned | None = None,
    little_memory: bool = False,
) -> tuple[Model, Baselines | None]:
    check_ratings(ratings)
    check_movies(movies)
    films = catalogue(movies)
    likes, dislikes = likes_and_dislikes(ratings, films.movie_ids)
    if not likes.n_people:
        nobody = pd.DataFrame({"movie_id": [], "likes": []})
        return popular_model(movies, nobody), Baselines.empty()
    if film_sums is None:
        stars = quality(
            films.movie_ids, ratings["movie_id"].to_numpy(np.int64), ratings["rating"].to_numpy()
        )
    else:
        sums = film_sums.set_index("movie_id").reindex(films.movie_ids, fill_value=0)
        stars = quality_of(sums["ratings"].to_numpy(), sums["stars"].to_numpy())
        likes = replace(likes, counts=sums["likes"].to_numpy(np.int64))
    if likes.n_people > blocks.MOST_PEOPLE:
        everybody = InMemory(likes, blocks.PEOPLE_A_BLOCK)
        likes, drawn = sample(likes, blocks.MOST_PEOPLE, len(films.movie_ids), seed)
        dislikes = dislikes.of_people(drawn)

    if little_memory:
        most_films = min(parameters.most_films, FILMS_WITH_LITTLE_MEMORY)
        parameters = replace(parameters, most_films=most_films)
    on_progress = progress or ignore_progress
    is_worth_it = len(likes.people) >= LIKES_WORTH_A_PROCESS and not little_memory
    others = [*workers.executors()]
    if not others and is_worth_it and jobs.has_second_process():
        others = [jobs.second_process()]
    start = kept or default(parameters, is_ordered=likes.is_ordered)
    begun, done = 0.0, dict[str, Any]()
    if on_quick is not None:
        begun = 0.2
        quick = replace(parameters, members=1, epochs=min(_QUICK_EPOCHS, parameters.epochs))
        done = jobs.done(
            quick_plan(films, likes, seed, quick, start),
            {},
            part(lambda share: on_progress(share, Text("learning a first, quick model")), 0, begun),
            others,
        )
        model = assemble(
            films,
            likes,
            [done["quick member"]],
            done["item-item"],
            done["short-term"],
            quick,
            start,
            stars,
        )
        on_quick(replace(model, parameters={**model.parameters, "quick": True}))
    plan = training_plan(
        films,
        likes,
        dislikes,
        seed,
        parameters,
        start,
        everybody=everybody,
        workers=workers,
        # The imports of map and baselines alone would take a third of the memory if it is little.
        with_map=not little_memory,
        former=_in_order(former_places, films),
        with_baselines=with_baselines and not little_memory,
        chooses=kept is None and not little_memory,
    )
    if everybody is not None:
        done = {}  # the quick model has learned from the sample
    found = jobs.done(
        # The quick model's matrices are this one's unless a trial chooses others.
        [job for job in plan if job.name not in done or job.depends_on],
        done,
        part(lambda share: on_progress(share, Text("learning")), begun, 0.95),
        others,
    )
    trial: Trial | None = found.get("trial")
    on_progress(0.95, Text("putting the model together"))
    model = assemble(
        films,
        likes,
        [found[f"member {member}"] for member in range(parameters.members)],
        found["item-item"],
        found["short-term"],
        parameters,
        start if trial is None else trial.learned,
        stars,
    )
    model = replace(model, map=found.get("map", model.map))
    if trial is not None:
        model = replace(model, validation=trial.validation)
        if trial.gains:
            about = {"learned": asdict(trial.learned), "gains": trial.gains}
            model = replace(model, parameters={**model.parameters, **about})
    if little_memory:
        model = replace(model, parameters={**model.parameters, "little_memory": True})
    on_progress(1.0, Text("done"))
    return model, found.get("baselines")


def _in_order(places: pd.DataFrame | None, films: Catalogue) -> Floats | None:
    """Return the positions of these films: float32 array (films, 2), NaN for films without one."""
    if places is None:
        return None
    return places.set_index("movie_id").reindex(films.movie_ids)[["x", "y"]].to_numpy(np.float32)
