"""Everybody's likes in blocks: the same from memory, from the database, and in any process."""

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, text

from config import Settings
from db.connection.engine import route_of
from db.connection.snapshots import NoSnapshotError, exported, reading
from db.loading import load
from db.queries import interactions, movies, ratings
from recsys.data.dataset import Likes, likes
from recsys.data.features import catalogue
from recsys.training import everybody, jobs
from recsys.training.everybody import InDatabase, InMemory, ReplacedError
from tests.catalogue import write_release
from tests.faults.product import until
from tests.recsys.clusters import local_cluster

pytestmark = pytest.mark.data_layer

FEW = Likes(np.array([0, 0, 1, 2, 2, 2]), np.array([5, 3, 5, 1, 0, 3]), is_ordered=False)


def _rows(likes: Likes) -> list[tuple[int, int]]:
    return list(zip(likes.people.tolist(), likes.films.tolist(), strict=True))


def test_likes_in_memory() -> None:
    in_memory = InMemory(FEW, size=2)
    assert in_memory.n_blocks == 2
    assert _rows(in_memory.read(0)) == [(0, 5), (0, 3), (1, 5)]
    assert _rows(in_memory.read(1)) == [(0, 1), (0, 0), (0, 3)]
    assert not in_memory.read(1).is_ordered


def test_blocks_together_are_the_whole() -> None:
    in_memory = InMemory(FEW, size=2)
    blocks = [in_memory.read(block) for block in range(in_memory.n_blocks)]
    people = np.concatenate([each.people + 2 * block for block, each in enumerate(blocks)])
    assert people.tolist() == FEW.people.tolist()
    assert np.concatenate([each.films for each in blocks]).tolist() == FEW.films.tolist()


@pytest.mark.parametrize(("size", "n_blocks"), [(1, 3), (3, 1), (4, 1)])
def test_number_of_blocks(size: int, n_blocks: int) -> None:
    assert InMemory(FEW, size).n_blocks == n_blocks
    assert InMemory(Likes(FEW.people[:0], FEW.films[:0]), size).n_blocks == 0


@pytest.fixture
def loaded(engine: Engine, tmp_path: Path) -> Engine:
    """Load the small catalogue: 12 films, 8 raters; one likes nothing, one has no rating left."""
    load(engine, write_release(tmp_path / "small-release"))
    with engine.begin() as connection:
        connection.execute(text("UPDATE ratings SET rating = 1 WHERE user_id = 3"))
        connection.execute(text("DELETE FROM ratings WHERE user_id = 5"))
    return engine


@contextmanager
def _in_database(engine: Engine, size: int = 2) -> Iterator[tuple[InDatabase, InMemory]]:
    """Provide the likes in blocks, by the database and in memory, from one snapshot."""
    with exported(engine) as snapshot:
        with reading(engine, snapshot) as connection:
            movie_ids = catalogue(movies.frame(connection)).movie_ids
            blocks = tuple(interactions.blocks_of_people(connection, size))
            whole = likes(interactions.frame(connection), movie_ids)
        here = InDatabase(movie_ids, blocks, snapshot, route_of(engine))
        yield here, InMemory(whole, size)


def _assert_same(one: Likes, other: Likes) -> None:
    assert _rows(one) == _rows(other)


def test_likes_in_the_database_are_those_in_memory(loaded: Engine) -> None:
    with _in_database(loaded) as (in_database, in_memory):
        assert in_database.n_blocks == in_memory.n_blocks == 3
        for block in range(3):
            _assert_same(in_database.read(block), in_memory.read(block))


def test_later_ratings_are_in_no_block(loaded: Engine) -> None:
    with _in_database(loaded) as (in_database, in_memory):
        before = in_database.read(0)
        with loaded.begin() as connection:
            for user_id in range(1, 9):
                ratings.put(connection, user_id, 1, 5.0)
                ratings.put(connection, user_id, 2, 0.5)
        _assert_same(in_database.read(0), before)
        _assert_same(in_database.read(2), in_memory.read(2))


def test_second_process_reads_the_same(loaded: Engine) -> None:
    with _in_database(loaded) as (in_database, in_memory):
        found = jobs.second_process().submit(in_database.read, 1).result()
        _assert_same(found, in_memory.read(1))


def test_reading_leaves_no_connection(loaded: Engine) -> None:
    with _in_database(loaded) as (in_database, _):
        with loaded.connect() as connection:
            n_connections = text(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            )
            before = connection.scalar(n_connections)
        in_database.read(0)

        def n_now() -> int:
            with loaded.connect() as connection:
                return int(connection.scalar(n_connections))

        until(lambda: n_now() == before)  # a server's process ends after its connection


@pytest.mark.parametrize("refilled", [False, True])
def test_replaced_ratings_are_noticed(loaded: Engine, refilled: bool) -> None:
    with _in_database(loaded) as (in_database, _):
        in_database.read(0)
        with loaded.begin() as connection:
            connection.execute(text("CREATE TEMPORARY TABLE former AS TABLE ratings"))
            connection.execute(text("TRUNCATE ratings"))
            if refilled:
                connection.execute(text("INSERT INTO ratings TABLE former"))
        for block in range(3):
            with pytest.raises(ReplacedError, match="train again"):
                in_database.read(block)


def test_password_is_not_shown(loaded: Engine) -> None:
    secret = route_of(loaded).url.set(password="sesame", query={"sslpassword": "sesame"})
    with _in_database(loaded) as (in_database, _):
        shown = repr(replace(in_database, route=replace(route_of(loaded), url=secret)))
        assert in_database.snapshot in shown
        assert "sesame" not in shown


def test_training_has_ended(loaded: Engine) -> None:
    with _in_database(loaded) as (in_database, _):
        pass
    with pytest.raises(NoSnapshotError, match="has ended"):
        in_database.read(0)


def test_worker_connects_with_its_own_settings(
    loaded: Engine, settings: Settings, database_url: str
) -> None:
    from distributed import Client  # a second to import, and few tests need it

    with (
        _in_database(loaded) as (in_database, in_memory),
        local_cluster(1, DATABASE_URL=database_url) as cluster,
        Client(cluster) as client,
    ):
        secret = replace(route_of(loaded), url=route_of(loaded).url.set(password="sesame"))
        assert b"sesame" not in pickle.dumps(replace(in_database, route=secret, elsewhere=True))
        sent = replace(in_database, elsewhere=True)
        _assert_same(client.submit(sent.read, 1).result(), in_memory.read(1))
        with pytest.raises(NoSnapshotError, match="start the workers with the DATABASE_URL"):
            client.submit(replace(sent, snapshot="00000000-00000000-1").read, 1).result()


def test_worker_without_a_database_starts_none(
    loaded: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = Settings(_env_file=None, database_url=None, data_dir=tmp_path / "nowhere")
    monkeypatch.setattr(everybody, "settings", lambda: nowhere)
    with (
        _in_database(loaded) as (in_database, _),
        pytest.raises(NoSnapshotError, match="start the workers with the DATABASE_URL"),
    ):
        replace(in_database, route=None).read(0)
    assert not nowhere.data_dir.exists()
