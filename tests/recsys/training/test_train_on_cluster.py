"""A training on a Dask cluster gives the local one's model, even if a worker is killed."""

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from sqlalchemy import Engine

from db.loading import load
from db.queries import model_versions
from recsys.models.model import Model
from recsys.training.train import train
from recsys.training.workers import workers
from tests.catalogue import write_release
from tests.recsys.frames import TINY

if TYPE_CHECKING:
    from distributed import LocalCluster

pytestmark = pytest.mark.data_layer


@pytest.fixture
def cluster(
    database_url: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> "LocalCluster":
    """Run a cluster whose two workers have the address of this test's database."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    cluster: LocalCluster = request.getfixturevalue("own_cluster")
    return cluster


@pytest.fixture
def loaded(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """Load the small catalogue, with so little room that its people are read in four blocks."""
    monkeypatch.setattr("recsys.training.blocks.MOST_PEOPLE", 3)
    monkeypatch.setattr("recsys.training.blocks.PEOPLE_A_BLOCK", 2)
    monkeypatch.setattr("recsys.training.blocks._BLOCKS_A_JOB", 1)
    load(engine, write_release(tmp_path / "small-release"))
    return engine


def _kept(engine: Engine, version: int) -> Model:
    with engine.connect() as connection:
        return Model.from_bytes(model_versions.artefact(connection, version))


def _assert_alike(found: Model, expected: Model) -> None:
    """Assert that two models differ by the rounding of sums only."""
    np.testing.assert_array_equal(found.factors.item, expected.factors.item)
    np.testing.assert_array_equal(found.likes, expected.likes)
    for one, other in (
        (found.item_item, expected.item_item),
        (found.short_term, expected.short_term),
    ):
        np.testing.assert_array_equal(one.films, other.films)
        np.testing.assert_allclose(one.weights, other.weights, atol=2e-3)


def test_cluster_trains_the_local_model(loaded: Engine, cluster: "LocalCluster") -> None:
    here = _kept(loaded, train(loaded, **TINY).id)
    with workers(cluster.scheduler_address) as there:
        version = train(loaded, workers=there, **TINY)
        again = train(loaded, workers=there, **TINY)
    assert version.is_active
    assert again.sha256 == version.sha256, "the same bytes from run to run"
    _assert_alike(_kept(loaded, version.id), here)


def test_training_ends_although_a_worker_is_killed(loaded: Engine, cluster: "LocalCluster") -> None:
    here = _kept(loaded, train(loaded, **TINY).id)
    killed: list[int] = []

    with workers(cluster.scheduler_address) as there:
        first, _second = (nanny.pid for nanny in cluster.workers.values())

        def kill_one(_share: float, what: str) -> None:
            if what == "learning" and not killed:
                killed.append(first)
                os.kill(first, signal.SIGKILL)

        version = train(loaded, workers=there, progress=kill_one, **TINY)
    assert killed
    _assert_alike(_kept(loaded, version.id), here)
