"""Routes, by which other processes connect as an engine does."""

import pickle
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url, text

from config import Settings
from db.connection.engine import is_pooled, open_engine, open_without_pool, route_of, route_to
from db.embedded import EmbeddedServerError
from tests.pgbouncer import pgbouncer

pytestmark = pytest.mark.data_layer


def _place(engine: Engine) -> list[str]:
    """Return which database it is, and the settings of the session."""
    with engine.connect() as connection:
        return [
            str(connection.scalar(text(query)))
            for query in (
                "SELECT pg_postmaster_start_time() AT TIME ZONE 'UTC'",
                "SELECT current_database()",
                "SHOW search_path",
                "SHOW statement_timeout",
            )
        ]


def _another(engine: Engine) -> Engine:
    return open_without_pool(pickle.loads(pickle.dumps(route_of(engine))))


def test_route_of_an_engine(database_url: str) -> None:
    schema = f"{'&' if '?' in database_url else '?'}options=-csearch_path%3Dattic"
    settings = Settings(_env_file=None, database_url=database_url + schema)
    engine = open_engine(settings, statement_timeout=7)
    assert _place(_another(engine)) == _place(engine)
    assert _place(engine)[1:] == [make_url(database_url).database, "attic", "7s"]
    engine.dispose()


def test_route_through_a_pooler(database_url: str, tmp_path: Path) -> None:
    with pgbouncer(make_url(database_url), "transaction", tmp_path) as url:
        engine = open_engine(Settings(_env_file=None, database_url=url.render_as_string()))
        another = _another(engine)
        assert _place(another) == _place(engine)
        assert is_pooled(another)
        engine.dispose()


def test_route_of_an_engine_that_the_app_did_not_open(database_url: str) -> None:
    engine = create_engine(database_url)
    assert _place(_another(engine)) == _place(engine)
    engine.dispose()


def test_engine_without_a_pool_leaves_no_connection(engine: Engine) -> None:
    _place(_another(engine))
    with engine.connect() as connection:
        others = text(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert connection.scalar(others) == 0


def test_route_to_the_embedded_server(server_folder: Path) -> None:
    settings = Settings(_env_file=None, database_url=None, data_dir=server_folder)
    engine = open_engine(settings, statement_timeout=0)
    there = open_without_pool(route_to(settings, statement_timeout=0))
    assert _place(engine) == _place(there) == _place(_another(engine))
    engine.dispose()


def test_route_starts_no_server(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, database_url=None, data_dir=tmp_path / "data")
    with pytest.raises(EmbeddedServerError, match="Start the server first"):
        route_to(settings, statement_timeout=0)
    assert not settings.data_dir.exists()


def test_route_hides_the_password() -> None:
    settings = Settings(_env_file=None, database_url="postgresql://me:secret@films.example.org/db")
    assert "secret" not in repr(route_to(settings, statement_timeout=0))
