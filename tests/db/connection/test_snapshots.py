"""Several transactions that read in one snapshot."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, create_engine, make_url, text
from sqlalchemy.exc import InternalError

from config import Settings
from db.connection.engine import is_pooled, open_engine
from db.connection.snapshots import NoSnapshotError, exported, reading
from db.queries import interactions, ratings
from tests.pgbouncer import pgbouncer

pytestmark = pytest.mark.data_layer


@pytest.fixture(params=[None, "session", "transaction"])
def other_app(
    request: pytest.FixtureRequest, database_url: str, tmp_path: Path
) -> Iterator[Engine]:
    """Yield another app's engine: directly, and through a pooler in both usual modes."""
    if request.param is None:
        engine = open_engine(Settings(_env_file=None, database_url=database_url))
        yield engine
        engine.dispose()
        return
    with pgbouncer(make_url(database_url), request.param, tmp_path) as url:
        engine = open_engine(Settings(_env_file=None, database_url=url.render_as_string()))
        yield engine
        assert is_pooled(engine)
        engine.dispose()


def test_later_ratings_are_not_in_the_snapshot(films: Engine, other_app: Engine) -> None:
    with exported(other_app) as snapshot:
        with films.begin() as connection:
            ratings.put(connection, 8, 4, 5.0)
        for engine in (films, other_app, other_app):
            with reading(engine, snapshot) as connection:
                assert len(interactions.frame(connection)) == 5
                assert connection.scalar(text("SHOW statement_timeout")) == "20s"
    with other_app.connect() as connection:
        assert len(interactions.frame(connection)) == 6


def test_snapshot_is_read_only(films: Engine) -> None:
    with (
        exported(films) as snapshot,
        pytest.raises(InternalError, match="read-only"),
        reading(films, snapshot) as connection,
    ):
        connection.execute(text("DELETE FROM ratings"))


def test_keeping_a_snapshot_locks_no_table(films: Engine) -> None:
    with exported(films) as snapshot:
        with reading(films, snapshot) as connection:
            assert len(interactions.frame(connection)) == 5
        with films.begin() as connection:
            connection.execute(text("SET LOCAL lock_timeout = '1s'"))
            connection.execute(text("LOCK TABLE users, movies, ratings IN ACCESS EXCLUSIVE MODE"))


def test_server_does_not_end_the_idle_transaction(films: Engine, database_url: str) -> None:
    short = "options=-cidle_in_transaction_session_timeout%3D500"
    address = f"{database_url}{'&' if '?' in database_url else '?'}{short}"
    impatient = open_engine(Settings(_env_file=None, database_url=address))
    with exported(impatient) as snapshot, reading(films, snapshot) as connection:
        connection.execute(text("SELECT pg_sleep(1)"))
        with reading(films, snapshot) as another:
            assert len(interactions.frame(another)) == 5
    impatient.dispose()


def test_snapshot_has_ended(films: Engine, other_app: Engine) -> None:
    with exported(films) as snapshot:
        pass
    with pytest.raises(NoSnapshotError, match="has ended"), reading(other_app, snapshot):
        pass
    with other_app.connect() as connection:
        assert len(interactions.frame(connection)) == 5, "the connection can be used again"


@pytest.mark.parametrize("wrong", ["00000000-00000000-1", "'; DROP TABLE ratings; --", "\\"])
def test_no_such_snapshot(films: Engine, wrong: str) -> None:
    with pytest.raises(NoSnapshotError), reading(films, wrong):
        pass
    with films.connect() as connection:
        assert len(interactions.frame(connection)) == 5


def test_snapshot_of_another_database(films: Engine, postgres_url: URL) -> None:
    another = create_engine(postgres_url)
    with (
        exported(films) as snapshot,
        pytest.raises(NoSnapshotError, match="another database"),
        reading(another, snapshot),
    ):
        pass
    another.dispose()
