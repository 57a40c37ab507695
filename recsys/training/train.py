"""Train a model on what is in the database, keep it there and serve it from then on."""

import logging
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Engine

from db.queries import freshness, interactions, model_versions, movies, statistics
from db.queries.locks import training_lock
from db.queries.model_versions import ModelVersion
from i18n.language import Text
from recsys.models.artefact import ArtefactError
from recsys.models.model import Model
from recsys.models.positions import places
from recsys.training.staleness import why_worse

logger = logging.getLogger(__name__)

Progress = Callable[[float, str], None]

# Where more have rated, so many are drawn by chance to learn from, which bounds time and memory;
# how many like each film is counted of all (docs/scale.md).
MOST_PEOPLE = 20_000


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
    progress: Progress | None = None,
    after: int | None = None,
    **parameters: Any,
) -> ModelVersion:
    """Fit a model, store its artefact and serve it, unless it is worse than what is served.

    Parameters
    ----------
    engine : Engine
        Where the ratings are and the artefact goes; without a statement timeout.
    seed : int
        The same seed on the same ratings gives the same artefact, byte for byte, but for the map,
        which stays near the one that is served.
    activate : bool
        Whether to serve the model, if it isn't worse (see `recsys.training.staleness.why_worse`).
    quick_first : bool
        Whether to serve a quick model until this one is done, if none is served. It is a version
        of its own, whose parameters say `quick`.
    little_memory : bool, optional
        Whether to do with a third of the memory: in one process, with item-item weights of fewer
        films, which makes lists a little worse, without a map and peers. The parameters say so.
        Without it, what is free decides.
    started_from : str
        Where it was started, as people call the place; kept with the training.
    user_id : int, optional
        Who started it.
    progress : callable, optional
        Called with the share done (0 to 1) and what is being done.
    after : int, optional
        The last training that the caller knew of when it found that one is needed.
    **parameters
        For `recsys.fit`.

    Returns
    -------
    ModelVersion
        When it is kept without being served, its metrics say why: `not_served`.

    Raises
    ------
    NothingToTrainOnError
        When there are no ratings.
    recsys.training.memory.NotEnoughMemoryError
        When what is free is too little for that too.
    db.queries.locks.BusyError
        When another training is under way, or there was one since `after`.
    """
    # scipy and all: only who trains should wait for it.
    from recsys.training import fit, jobs, memory

    report = progress or (lambda _share, _what: None)
    with training_lock(engine, started_from, user_id, after) as underway:
        if little_memory is None:
            little_memory = memory.is_little()
        report(0.0, Text("reading the ratings"))
        with engine.connect() as connection:
            # One snapshot: a load or a rating meanwhile belongs to the next training.
            connection = connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            load = statistics.last_load(connection)
            moment = freshness.moment(connection)
            is_large = load is not None and load.ratings >= fit.LIKES_WORTH_A_PROCESS
            is_shared = is_large and not little_memory and jobs.has_second_process()
            if is_shared:
                jobs.start_second_process(fit.LIBRARIES)
            films = movies.frame(connection)
            people = interactions.sample_of_people(connection, MOST_PEOPLE, seed)
            learned_from = interactions.frame(connection, people)
            likes_of_films = None if people is None else interactions.likes_of_films(connection)
            n_ratings = len(learned_from) if people is None else interactions.number(connection)
        if learned_from.empty:
            raise NothingToTrainOnError(
                "there are no ratings to train on: `python -m recsys load demo` brings some"
            )
        data = load.fingerprint if load else None
        about = {
            "seed": seed,
            "data": data,
            "ratings": n_ratings,
            **({} if people is None else {"people": len(people)}),
            "own_ratings": moment.own_ratings,
            "read_at": moment.at.isoformat(),
        }

        def serve_quick(model: Model) -> None:
            with engine.begin() as connection:
                version = model_versions.store(
                    connection, model.to_bytes(), {**model.parameters, **about}
                )
                model_versions.activate(connection, version.id)
            logger.info("model %d, a quick one, is served until the training is done", version.id)

        with engine.connect() as connection:
            served = _served(connection)
        is_bare = quick_first and activate and served is None
        former_places = None if served is None else places(served)
        served = None  # a model's memory is for the training
        model, baselines = fit.fit_with_baselines(
            learned_from,
            films,
            seed=seed,
            progress=lambda share, what: report(0.05 + 0.85 * share, what),
            on_quick=serve_quick if is_bare else None,
            likes_of_films=likes_of_films,
            former_places=former_places,
            little_memory=little_memory,
            **parameters,
        )
        if is_shared:
            jobs.end_second_process()
        report(0.9, Text("storing the model"))
        metrics: dict[str, Any] = {} if model.validation is None else asdict(model.validation)
        with engine.begin() as connection:
            worse = (
                why_worse(metrics, model_versions.active(connection), data) if activate else None
            )
            if worse and _served(connection) is None:
                worse = None  # than what nobody can be given
            if worse:
                metrics["not_served"] = worse
                logger.warning("the new model is kept and not served: %s", worse)
            version = model_versions.store(
                connection,
                model.to_bytes(),
                {**model.parameters, **about},
                metrics,
                None if baselines is None else baselines.to_bytes(),
            )
            if activate and not worse:
                version = model_versions.activate(connection, version.id)
        underway.model_version = version.id
        report(1.0, Text("done"))
        return version


def _served(connection: Connection) -> Model | None:
    """The active version, if there is one that this version of the app can read."""
    active = model_versions.active(connection)
    if active is None:
        return None
    try:
        return Model.from_bytes(model_versions.artefact(connection, active.id))
    except ArtefactError:
        return None
