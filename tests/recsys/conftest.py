"""Fixtures for models and the recommender."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from redis import Redis
from sqlalchemy import Engine

from db.queries.statistics import installation
from recsys import fit
from recsys.models.model import Model
from recsys.serving.cache import ListCache
from recsys.serving.recommender import Recommender
from recsys.training.train import train
from tests.commands.conftest import environment, run, run_here  # noqa: F401
from tests.recsys.clusters import local_cluster
from tests.recsys.frames import TINY, checkerboard, movies, ratings

if TYPE_CHECKING:
    from distributed import LocalCluster


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """Run a Dask scheduler with two workers, and provide its address."""
    with local_cluster(2) as cluster:
        yield cluster.scheduler_address


@pytest.fixture
def own_cluster() -> Iterator["LocalCluster"]:
    """Run a Dask cluster of two workers for a test that harms it.

    Dask gives up on a job that kills its second worker; by default, its fourth.
    """
    with local_cluster(2) as cluster:
        cluster.scheduler.allowed_failures = 1
        yield cluster


@pytest.fixture
def cache(engine: Engine, redis_client: Redis) -> ListCache:
    """Return the cache for the test's database."""
    with engine.connect() as connection:
        return ListCache(redis_client, installation(connection))


@pytest.fixture
def recommender(engine: Engine, cache: ListCache, monkeypatch: pytest.MonkeyPatch) -> Recommender:
    """Return a recommender that checks for a newer model on each call."""
    monkeypatch.setattr("recsys.serving.current.CHECK_SECONDS", 0.0)
    return Recommender(engine, cache)


@pytest.fixture
def trained(engine: Engine, recommender: Recommender) -> Recommender:
    """Train a model on the loaded films and return the recommender."""
    train(engine, **TINY)
    return recommender


@pytest.fixture(scope="session")
def board() -> Model:
    """Return a model of the checkerboard."""
    return fit(*checkerboard(), **{**TINY, "epochs": 40})


@pytest.fixture(scope="session")
def model() -> Model:
    """Return a model of six films, one of them without genres and year; film 60 has no rating."""
    films = movies(
        {
            10: (1994, ["Drama"]),
            20: (1995, ["Drama", "Crime"]),
            30: (1999, ["Sci-Fi"]),
            40: (2003, ["Sci-Fi", "Action"]),
            50: (None, []),
            60: (2003, ["Action"]),
        }
    )
    rows = [
        (1, 10, 5.0, 1),
        (1, 20, 4.0, 2),
        (2, 10, 4.5, 1),
        (2, 20, 5.0, 2),
        (2, 50, 4.0, 3),
        (3, 30, 5.0, 1),
        (3, 40, 4.0, 2),
        (3, 10, 2.0, 3),
        (4, 10, 4.0, 1),
    ]
    return fit(ratings(*rows), films, **TINY)
