"""The figures follow the ratings: asked for, and by themselves."""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from db.loading import load
from db.queries import statistics, views
from db.schedule import FiguresSchedule
from tests.catalogue import write_release

pytestmark = pytest.mark.data_layer

SOON = 0.001
THREAD = "computing the figures again"


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


def test_figures_are_computed_again_only_after_a_change(films: Engine) -> None:
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


def test_people_who_rated_nothing_change_no_figure(films: Engine) -> None:
    with films.begin() as connection:
        connection.execute(text("INSERT INTO users (name) VALUES ('New here')"))
        assert not views.are_stale(connection)


def test_who_leaves_takes_their_ratings_out_of_the_figures(films: Engine) -> None:
    _rate_another(films)
    with films.begin() as connection:
        views.refresh(connection)
        connection.execute(text("DELETE FROM users WHERE id = 8"))
        assert views.refresh_if_stale(connection)
    assert _ratings(films) == 3


def test_one_of_several_computes_the_figures(films: Engine) -> None:
    _rate_another(films)
    with films.begin() as first, films.begin() as second:
        views.lock(first)
        assert not views.refresh_if_stale(second)


def test_the_old_figures_can_be_read_meanwhile(films: Engine) -> None:
    _rate_another(films)
    with films.begin() as connection:
        views.refresh(connection)
        assert _ratings(films) == 5
    assert _ratings(films) == 6


def test_the_schedule_follows_the_ratings(films: Engine) -> None:
    schedule = FiguresSchedule(films, SOON)
    schedule.start()
    try:
        _rate_another(films)
        _until(lambda: _ratings(films) == 6)
    finally:
        schedule.stop()
    assert THREAD not in {thread.name for thread in threading.enumerate()}


def test_the_schedule_stops_in_the_middle(films: Engine) -> None:
    _rate_another(films)
    with films.begin() as connection:
        connection.execute(text("LOCK TABLE ratings IN ACCESS EXCLUSIVE MODE"))
        waiting = text(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'ratings'::regclass"
        )
        schedule = FiguresSchedule(films, SOON)
        schedule.start()
        try:
            _until(lambda: connection.scalar(waiting) == 1)
        finally:
            schedule.stop()
        assert THREAD not in {thread.name for thread in threading.enumerate()}
    assert _ratings(films) == 5


def test_an_outage_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    away = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    with caplog.at_level(logging.ERROR, logger="db"):
        schedule = FiguresSchedule(away, SOON)
        schedule.start()
        _until(lambda: bool(caplog.records))
        time.sleep(0.3)
        schedule.stop()
    assert [record.name for record in caplog.records] == ["db.schedule"]
    assert "computing the figures again failed" in caplog.text


def test_switched_off(films: Engine) -> None:
    schedule = FiguresSchedule(films, 0)
    schedule.start()
    schedule.stop()
    assert "computing the figures again" not in {thread.name for thread in threading.enumerate()}


def test_what_the_first_load_left_is_computed_once(engine: Engine, tmp_path: Path) -> None:
    load(engine, write_release(tmp_path / "release"), figures=views.OF_FILMS)
    with engine.begin() as connection:
        assert not views.are_stale(connection)
        assert connection.scalar(text("SELECT sum(ratings) FROM movie_stats"))
        assert statistics.totals(connection).ratings == 0
        assert views.are_missing(connection)
        assert views.complete(connection)
        assert statistics.totals(connection).ratings
        assert not views.are_missing(connection)
        assert not views.complete(connection)


def test_nothing_is_missing_before_a_load(engine: Engine) -> None:
    with engine.begin() as connection:
        assert not views.complete(connection)
