"""Train a model on the ratings in the database, store it there and activate it."""

import logging
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Engine

from db.queries import model_versions, statistics, users
from db.queries.locks import training_lock
from db.queries.model_versions import ModelVersion
from i18n.language import Text
from monitoring.progress import OnProgress, ignore_progress, part
from recsys.data.learned import Learned
from recsys.models.artefact import ArtefactError
from recsys.models.model import Model
from recsys.models.positions import places
from recsys.training.panel import panel_fits
from recsys.training.staleness import kept_choices, why_worse
from recsys.training.workers import Here, Workers

logger = logging.getLogger(__name__)


class NothingToTrainOnError(RuntimeError):
    """The database has no ratings."""


def train(
    engine: Engine,
    *,
    seed: int = 42,
    activate: bool = True,
    quick_first: bool = False,
    little_memory: bool | None = None,
    started_from: str = Text("a program"),
    user_id: int | None = None,
    progress: OnProgress | None = None,
    after: int | None = None,
    workers: Workers = Here(),  # noqa: B008 - it has no state
    keep_choices: bool = False,
    **parameters: Any,
) -> ModelVersion:
    """Fit a model, store its artefact and activate it, unless it is worse than the active one.

    Parameters
    ----------
    engine : Engine
        The database of ratings and artefacts; without a statement timeout.
    seed : int
        The same seed on the same ratings gives the same artefact, byte for byte, except for the
        map, which stays close to the active model's.
    activate : bool
        Whether to activate the model if it isn't worse (see `recsys.training.staleness.why_worse`).
    quick_first : bool
        Whether to activate a quick model until this one is complete, if none is active. It is a
        separate version with `quick` in its parameters.
    little_memory : bool, optional
        Whether to use a third of the memory: one process, item-item weights for fewer films, which
        makes lists slightly worse, and no map and baselines. The parameters record this. By default
        it depends on the free memory.
    started_from : str
        The place where the training was started, as users know it; stored with the training.
    user_id : int, optional
        The user who started it.
    progress : callable, optional
        Called with the share done (0 to 1) and a description of the current step.
    after : int, optional
        The last training that the caller knew of when it decided to train.
    workers : Workers
        They fit and sum what can be divided. If they are on other machines and there are more
        people than fit into memory, they read the same database, with their own `DATABASE_URL`.
    keep_choices : bool
        Whether to keep the hyperparameters of the active model, unless the ratings have changed
        much since they were chosen.
    **parameters
        For `recsys.fit`.

    Returns
    -------
    ModelVersion
        If it is stored without being activated, `not_served` in its metrics says why.

    Raises
    ------
    NothingToTrainOnError
        If there are no ratings.
    recsys.training.memory.NotEnoughMemoryError
        If there is too little free memory even for low-memory mode.
    recsys.training.everybody.ReplacedError
        If a data load has replaced the ratings meanwhile.
    db.queries.locks.BusyError
        If another training is running, or there was one since `after`.
    """
    # These import scipy and more: only a training should wait for them.
    from recsys.training import blocks, fit, jobs, memory
    from recsys.training.reading import reading

    report, elsewhere = progress or ignore_progress, not isinstance(workers, Here)
    with training_lock(engine, started_from, user_id, after) as underway:
        report(0.0, Text("reading the ratings"))
        with engine.connect() as connection:
            are_many = users.number_who_rated(connection) > blocks.MOST_PEOPLE
            load = statistics.last_load(connection)
            active = model_versions.active(connection)
            served = _served(connection)
        if little_memory is None:
            little_memory = memory.is_little(are_many=are_many)
        most_people = blocks.MOST_PEOPLE
        if little_memory:
            most_people = blocks.MOST_PEOPLE_WITH_LITTLE_MEMORY
        elif memory.left() < memory.ENOUGH_FOR_MOST_FILMS:
            parameters = {"most_films": fit.FILMS_WITH_SOME_MEMORY, **parameters}
        is_bare = quick_first and activate and served is None
        former_places = None if served is None else places(served)
        served = None  # free its memory for the training
        is_large = load is not None and load.ratings >= fit.LIKES_WORTH_A_PROCESS
        is_shared = is_large and not little_memory and not elsewhere and jobs.has_second_process()
        if is_shared:
            jobs.start_second_process(fit.LIBRARIES)
        with reading(engine, seed, most_people, elsewhere=elsewhere) as read:
            if read.ratings.empty:
                raise NothingToTrainOnError(
                    "there are no ratings to train on: load some with `python -m recsys load demo`"
                )
            data = read.load.fingerprint if read.load else None
            about = {
                "seed": seed,
                "data": data,
                "ratings": read.n_ratings,
                "own_ratings": read.moment.own_ratings,
                "read_at": read.moment.at.isoformat(),
            }
            chosen = kept_choices(active, data, read.n_ratings) if keep_choices else {}

            def serve_quick(model: Model) -> None:
                with engine.begin() as connection:
                    version = model_versions.store(
                        connection, model.to_bytes(), {**model.parameters, **about}
                    )
                    model_versions.activate(connection, version.id)
                logger.info("quick model %d is active until the training is complete", version.id)

            model, baselines = fit.fit_with_baselines(
                read.ratings,
                read.films,
                seed=seed,
                progress=part(report, 0.05, 0.9),
                on_quick=serve_quick if is_bare else None,
                everybody=read.everybody,
                film_sums=read.film_sums,
                workers=workers,
                former_places=former_places,
                kept=Learned.of(chosen["learned"]) if chosen else None,
                little_memory=little_memory,
                **parameters,
            )
        if is_shared:
            jobs.end_second_process()
        if "learned" in model.parameters:
            chosen = {"learned_on": read.n_ratings}
        report(0.9, Text("storing the model"))
        metrics: dict[str, Any] = {} if model.validation is None else asdict(model.validation)
        fits = panel_fits(model, read.films)
        if fits is not None:
            metrics["panel_fits"] = round(fits, 4)
        memory.give_back()  # for the artefact, of which the server needs copies
        with engine.begin() as connection:
            worse = (
                why_worse(metrics, model_versions.active(connection), data) if activate else None
            )
            if worse and _served(connection) is None:
                worse = None  # the active model can't be read
            if worse:
                metrics["not_served"] = worse
                logger.warning("the new model is stored but not activated: %s", worse)
            version = model_versions.store(
                connection,
                model.to_bytes(),
                {**model.parameters, **chosen, **about},
                metrics,
                None if baselines is None else baselines.to_bytes(),
            )
            if activate and not worse:
                version = model_versions.activate(connection, version.id)
        underway.model_version = version.id
        report(1.0, Text("done"))
        return version


def _served(connection: Connection) -> Model | None:
    """Return the active model; None if there is none that this version of the app can read."""
    active = model_versions.active(connection)
    if active is None:
        return None
    try:
        return Model.from_bytes(model_versions.artefact(connection, active.id))
    except ArtefactError:
        return None
