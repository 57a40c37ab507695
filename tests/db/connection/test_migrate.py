"""Migrations up, down and up again, also with two apps that start at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, text

from db.connection.errors import SchemaTooNewError
from db.connection.migrate import _ADVISORY_LOCK, downgrade, upgrade
from db.connection.revisions import MIGRATIONS, newest_revision, revision
from db.connection.schema import ensure_current

pytestmark = pytest.mark.data_layer


def _objects(engine: Engine) -> set[str]:
    inspector = inspect(engine)
    names = inspector.get_table_names() + inspector.get_materialized_view_names()
    return set(names) - {"alembic_version"}


def test_up_down_up(engine: Engine) -> None:
    before = _objects(engine)
    assert {"users", "movies", "ratings", "movie_stats"} <= before

    downgrade(engine, "base")
    assert _objects(engine) == set()

    upgrade(engine)
    assert _objects(engine) == before


def test_upgrade_twice_changes_nothing(engine: Engine) -> None:
    with engine.begin() as connection:
        before = connection.scalar(text("SELECT id FROM installation"))
    upgrade(engine)
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT id FROM installation")) == before


def test_statement_timeout_does_not_stop_a_migration(engine: Engine) -> None:
    """An index over millions of ratings takes minutes; here another app's migration takes long."""
    hasty = create_engine(engine.url, connect_args={"options": "-c statement_timeout=100"})
    with ThreadPoolExecutor(1) as pool:
        with engine.begin() as other:
            other.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
            waiting = pool.submit(upgrade, hasty)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.5)
        waiting.result(timeout=30)
    hasty.dispose()


def test_apps_that_start_together_take_turns(engine: Engine) -> None:
    downgrade(engine, "base")
    engines = [create_engine(engine.url) for _ in range(4)]
    try:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(upgrade, engines))  # raises if one of them lost the race
    finally:
        for each in engines:
            each.dispose()
    assert "ratings" in _objects(engine)


def test_database_of_a_newer_version_is_unchanged(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaTooNewError, match=r"9999.*start the newer version"):
        upgrade(engine)


def test_generated_titles_work_without_a_search_path(engine: Engine) -> None:
    """pg_restore writes its rows without a search path."""
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL search_path = ''"))
        connection.execute(text("INSERT INTO public.movies (id, title) VALUES (1, 'Amélie & Co')"))
        plain = connection.scalar(text("SELECT plain_title FROM public.movies"))
    assert plain == "amelie and co"


def test_the_newest_revision_is_alembics() -> None:
    assert newest_revision() == ScriptDirectory(str(MIGRATIONS)).get_current_head()


@pytest.mark.parametrize("former", ["base", "0011"])
def test_what_is_missing_is_applied(engine: Engine, former: str) -> None:
    before = _objects(engine)
    downgrade(engine, former)
    assert revision(engine) == (None if former == "base" else former)
    ensure_current(engine)
    assert _objects(engine) == before
    assert revision(engine) == newest_revision()


def test_an_unknown_schema_is_refused_at_the_start_too(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaTooNewError, match="9999"):
        ensure_current(engine)
