"""Connections through a real PgBouncer in its default configuration and both usual modes."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import psycopg
import pytest
from sqlalchemy import URL, Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from config import Settings
from db import backup
from db.backup.archive import BackupError
from db.connection import migrate
from db.connection.engine import for_reading, is_pooled, open_engine
from db.loading import load
from db.queries import statistics, trainings
from db.queries.locks import BusyError, training_lock
from tests.catalogue import write_release
from tests.pgbouncer import pgbouncer

pytestmark = pytest.mark.data_layer


@pytest.fixture(params=["session", "transaction"])
def pooled_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[URL]:
    """Yield the address of this test's own database, through a pooler."""
    with pgbouncer(make_url(database_url), request.param, tmp_path) as url:
        yield url


def _open(url: URL, query: str = "", **options: int) -> Engine:
    address = url.render_as_string(hide_password=False) + query
    return open_engine(Settings(_env_file=None, database_url=address), **options)


@pytest.fixture
def pooled(pooled_url: URL) -> Iterator[Engine]:
    """Yield an engine as the app creates it, through the pooler."""
    engine = _open(pooled_url)
    yield engine
    engine.dispose()


def _shown(connection: Connection, *names: str) -> list[str]:
    return [str(connection.scalar(text(f"SHOW {name}"))) for name in names]


def test_transactions_have_our_settings_and_the_pooler_is_detected(pooled: Engine) -> None:
    for engine in (pooled, for_reading(pooled)):
        with engine.connect() as connection:
            names = ("statement_timeout", "timezone", "jit")
            assert _shown(connection, *names) == ["20s", "UTC", "off"]
    assert is_pooled(pooled)


def test_server_itself_is_not_a_pooler(engine: Engine) -> None:
    assert not is_pooled(engine)
    with for_reading(engine).connect() as connection:
        assert _shown(connection, "statement_timeout", "timezone") == ["20s", "UTC"]
        assert connection.connection.driver_connection.prepare_threshold == 5  # type: ignore[union-attr]


def test_settings_and_statements_do_not_leak_to_other_clients(
    pooled: Engine, pooled_url: URL
) -> None:
    for _ in range(10):
        with pooled.connect() as connection:
            connection.execute(text("SELECT id FROM movies WHERE id = :id"), {"id": 1})
    with psycopg.connect(pooled_url.render_as_string(), autocommit=True) as other:
        assert other.execute("SHOW statement_timeout").fetchone() == ("0",)
        assert other.execute("SHOW timezone").fetchone() == ("Pacific/Auckland",)
        assert other.execute("SELECT count(*) FROM pg_prepared_statements").fetchone() == (0,)


def test_statements_are_prepared_if_the_address_says_so(database_url: str) -> None:
    for value, threshold in (("none", None), ("0", None), ("", None), ("7", 7)):
        engine = _open(make_url(database_url), _query(database_url, f"prepare_threshold={value}"))
        with engine.connect() as connection:
            assert connection.connection.driver_connection.prepare_threshold == threshold  # type: ignore[union-attr]
        engine.dispose()


def _query(url: str, more: str) -> str:
    return ("&" if "?" in url else "?") + more


def test_search_path_in_the_address_is_applied(pooled_url: URL, database_url: str) -> None:
    for url in (pooled_url, make_url(database_url)):
        rendered = url.render_as_string(hide_password=False)
        engine = _open(
            url, _query(rendered, "options=-csearch_path%3Dattic,public%20-c%20work_mem%3D5MB")
        )
        for each in (engine, for_reading(engine)):
            with each.connect() as connection:
                assert _shown(connection, "search_path", "work_mem") == ["attic,public", "5MB"]
        engine.dispose()


def test_first_start_and_data_load(pooled: Engine, tmp_path: Path) -> None:
    migrate.downgrade(pooled, "base")
    starting = [Thread(target=migrate.upgrade, args=(pooled,)) for _ in range(3)]
    for each in starting:
        each.start()
    for each in starting:
        each.join()
    report = load(pooled, write_release(tmp_path / "small-release"))
    with pooled.connect() as connection:
        assert statistics.totals(connection).ratings == report.ratings > 0


def test_one_training_at_a_time(pooled: Engine, pooled_url: URL) -> None:
    another_app = _open(pooled_url)
    with training_lock(pooled, "the start"):
        for _ in range(5):  # with any connection of the pool
            with pytest.raises(BusyError, match="begun by the start"), training_lock(another_app):
                pass
        with another_app.connect() as connection:
            assert trainings.running(connection) is not None
    with training_lock(another_app, "the command line"), pooled.connect() as connection:
        assert trainings.running(connection) is not None
    another_app.dispose()


def test_dead_training_releases_the_lock(pooled: Engine, pooled_url: URL) -> None:
    dying = _open(pooled_url)
    holding = training_lock(dying)
    holding.__enter__()
    with pooled.connect() as connection:
        assert trainings.running(connection) is not None
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' "
                "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        )
    with training_lock(pooled):
        pass
    with pytest.raises(SQLAlchemyError):
        holding.__exit__(None, None, None)
    dying.dispose()


def test_backup_through_a_pooler_is_refused(pooled: Engine, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="pooler"):
        backup.write(pooled, tmp_path / "films.dump")
    assert not list(tmp_path.glob("films.dump*"))


def test_several_hosts_in_the_address(database_url: str) -> None:
    url = make_url(database_url)
    host, port = url.host or str(url.query["host"]).replace("/", "%2F"), url.port or 5432
    who = f"{url.username}:{url.password}@" if url.password else f"{url.username}@"
    several = f"postgresql://{who}%2Fnowhere:5432,{host}:{port}/{url.database}"
    engine = open_engine(Settings(_env_file=None, database_url=several))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT current_database()")) == url.database
    engine.dispose()
    again = create_engine(engine.url)
    with again.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    again.dispose()


def test_four_apps_fit_into_a_hundred_connections(engine: Engine) -> None:
    pool = engine.pool
    most = pool.size() + pool._max_overflow  # type: ignore[attr-defined]
    training, superusers = 3, 3
    assert 4 * (most + training) + superusers <= 100
    assert not is_pooled(engine)
    assert for_reading(engine).pool is pool
