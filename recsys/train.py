"""Train a model on what is in the database, keep it there and serve it from then on."""

import logging
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Engine

from db import freshness, models, movies, ratings, statistics
from db.locks import training_lock
from db.models import ModelVersion
from recsys.artefact import ArtefactError
from recsys.dataset import likes
from recsys.model import Model
from recsys.staleness import why_worse

logger = logging.getLogger(__name__)

Progress = Callable[[float, str], None]


class NothingToTrainOnError(RuntimeError):
    """The database has no ratings."""


def train(
    engine: Engine,
    *,
    seed: int = 42,
    activate: bool = True,
    started_from: str = "a program",
    user_id: int | None = None,
    progress: Progress | None = None,
    **parameters: Any,
) -> ModelVersion:
    """Fit a model, store its artefact and serve it, unless it is worse than what is served.

    Parameters
    ----------
    engine : Engine
        Where the ratings are and the artefact goes; without a statement timeout.
    seed : int
        The same seed on the same ratings gives the same artefact, byte for byte.
    activate : bool
        Whether to serve the model, if it isn't worse (see `recsys.staleness.why_worse`).
    started_from : str
        Where it was started, as people call the place; kept with the training.
    user_id : int, optional
        Who started it.
    progress : callable, optional
        Called with the share done (0 to 1) and what is being done.
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
    db.locks.BusyError
        When another training is under way.
    """
    from recsys import fit  # scipy and all: only who trains should wait for it
    from recsys.learning_peers import learn_peers

    report = progress or (lambda _share, _what: None)
    with training_lock(engine, started_from, user_id) as underway:
        report(0.0, "reading the ratings")
        with engine.connect() as connection:
            # One snapshot: a load or a rating meanwhile belongs to the next training.
            connection = connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            load = statistics.last_load(connection)
            moment = freshness.moment(connection)
            films = movies.frame(connection)
            all_ratings = ratings.frame(connection)
        if all_ratings.empty:
            raise NothingToTrainOnError(
                "there are no ratings to train on: `python -m recsys load demo` brings some"
            )
        model = fit(
            all_ratings,
            films,
            seed=seed,
            progress=lambda share, what: report(0.05 + 0.85 * share, what),
            **parameters,
        )
        report(0.9, "learning the peers to compare with")
        peers = learn_peers(likes(all_ratings, model.movie_ids), model.movie_ids, seed)
        report(0.95, "storing the model")
        data = load.fingerprint if load else None
        metrics: dict[str, Any] = {} if model.validation is None else asdict(model.validation)
        with engine.begin() as connection:
            worse = why_worse(metrics, _served(connection), data) if activate else None
            if worse:
                metrics["not_served"] = worse
                logger.warning("the new model is kept and not served: %s", worse)
            version = models.store(
                connection,
                model.to_bytes(),
                {
                    **model.parameters,
                    "seed": seed,
                    "data": data,
                    "ratings": len(all_ratings),
                    "own_ratings": moment.own_ratings,
                    "read_at": moment.at.isoformat(),
                },
                metrics,
                peers.to_bytes(),
            )
            if activate and not worse:
                version = models.activate(connection, version.id)
        underway.model_version = version.id
        report(1.0, "done")
        return version


def _served(connection: Connection) -> ModelVersion | None:
    """The active version, if this version of the app can read it."""
    active = models.active(connection)
    if active is not None:
        try:
            Model.from_bytes(models.artefact(connection, active.id))
        except ArtefactError:
            return None
    return active
