"""Statistics follow the ratings, on request and automatically."""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Engine, create_engine, text

from db.loading import load
from db.queries import statistics, views
from db.schedule import StatisticsRefresh
from tests.catalogue import write_release

pytestmark = pytest.mark.data_layer

SOON = 0.001


def _rate_another(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO ratings (user_id, movie_id, rating, rated_at) VALUES (8, 4, 3, now())"
            )
        )
        connection.execute(text("UPDATE users SET ratings_revision = 1 WHERE id = 8"))


def _ratings(engine: Engine) -> int:
    with engine.connect() as connection:
        return statistics.totals(connection).ratings


def _until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_statistics_are_recomputed_only_after_a_change(films: Engine) -> None:
    with films.begin() as connection:
        assert not views.refresh_if_stale(connection)
    _rate_another(films)
    with films.begin() as connection:
        before = views.computed_at(connection)
        assert views.are_stale(connection)
        assert views.refresh_if_stale(connection)
        assert views.computed_at(connection) > before
        assert not views.are_stale(connection)
    assert _ratings(films) == 6


def test_users_without_ratings_change_no_statistics(films: Engine) -> None:
    with films.begin() as connection:
        connection.execute(text("INSERT INTO users (name) VALUES ('New here')"))
        assert not views.are_stale(connection)


def test_deleted_user_is_removed_from_the_statistics(films: Engine) -> None:
    _rate_another(films)
    with films.begin() as connection:
        views.refresh(connection)
        connection.execute(text("DELETE FROM users WHERE id = 8"))
        assert views.refresh_if_stale(connection)
    assert _ratings(films) == 3


def test_one_of_several_replicas_computes_the_statistics(films: Engine) -> None:
    _rate_another(films)
    with films.begin() as first, films.begin() as second:
        views.lock(first)
        assert not views.refresh_if_stale(second)


def test_old_statistics_can_be_read_during_a_refresh(films: Engine) -> None:
    _rate_another(films)
    with films.begin() as connection:
        views.refresh(connection)
        assert _ratings(films) == 5
    assert _ratings(films) == 6


def _threads() -> set[str]:
    """Return the names of the scheduler's threads."""
    names = {thread.name for thread in threading.enumerate()}
    return {name for name in names if name == "APScheduler" or name.startswith("tasks")}


def test_schedule_follows_the_ratings(
    films: Engine, tasks: BackgroundScheduler, caplog: pytest.LogCaptureFixture
) -> None:
    schedule = StatisticsRefresh(tasks, films, SOON)
    with caplog.at_level(logging.INFO):
        _rate_another(films)
        _until(lambda: _ratings(films) == 6)
        assert _threads()
        schedule.stop()
        tasks.shutdown()
    assert not _threads()
    assert "the statistics have been recomputed" in caplog.text
    assert "apscheduler" not in {record.name.split(".")[0] for record in caplog.records}


def test_schedule_stops_during_a_refresh(
    films: Engine, tasks: BackgroundScheduler, caplog: pytest.LogCaptureFixture
) -> None:
    _rate_another(films)
    with films.begin() as connection:
        connection.execute(text("LOCK TABLE ratings IN ACCESS EXCLUSIVE MODE"))
        waiting = text(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'ratings'::regclass"
        )
        schedule = StatisticsRefresh(tasks, films, SOON)
        _until(lambda: connection.scalar(waiting) == 1)
        time.sleep(0.3)  # so that it is due again several times
        assert connection.scalar(waiting) == 1
        schedule.stop()
        tasks.shutdown()
        assert not _threads()
    assert _ratings(films) == 5
    assert caplog.records == []


def test_outage_is_logged_once(
    tasks: BackgroundScheduler, caplog: pytest.LogCaptureFixture
) -> None:
    away = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    with caplog.at_level(logging.INFO):
        schedule = StatisticsRefresh(tasks, away, SOON)
        _until(lambda: bool(caplog.records))
        time.sleep(0.3)
        schedule.stop()
        tasks.shutdown()
    assert [record.name for record in caplog.records] == ["db.schedule"]
    assert "computing the statistics failed" in caplog.text


def test_bug_in_a_task_is_logged_with_its_traceback(
    tasks: BackgroundScheduler, caplog: pytest.LogCaptureFixture
) -> None:
    def divide() -> None:
        raise ZeroDivisionError("by nothing")

    tasks.add_job(divide, "interval", seconds=SOON, id="dividing")
    _until(lambda: len(caplog.records) > 1)
    assert {record.name for record in caplog.records} == {"db.schedule"}
    assert "dividing failed unexpectedly" in caplog.text
    assert "in divide" in caplog.text


def test_switched_off(films: Engine, tasks: BackgroundScheduler) -> None:
    StatisticsRefresh(tasks, films, 0)
    assert tasks.get_jobs() == []


def test_views_deferred_by_the_first_load_are_computed_once(engine: Engine, tmp_path: Path) -> None:
    load(engine, write_release(tmp_path / "release"), refreshed=views.OF_FILMS)
    with engine.begin() as connection:
        assert not views.are_stale(connection)
        assert connection.scalar(text("SELECT sum(ratings) FROM movie_stats"))
        assert statistics.totals(connection).ratings == 0
        assert views.are_missing(connection)
        assert views.complete(connection)
        assert statistics.totals(connection).ratings
        assert not views.are_missing(connection)
        assert not views.complete(connection)


def test_no_views_are_missing_before_a_load(engine: Engine) -> None:
    with engine.begin() as connection:
        assert not views.complete(connection)
