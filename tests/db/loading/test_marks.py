"""Users' marks stay when one data set replaces another."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from db.loading import load
from db.queries import marks, ratings
from tests.db.loading.releases import execute, revisions, rows, stored_movies, write_csv

pytestmark = pytest.mark.data_layer


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """Write three films, each with its own rater."""
    return write_csv(
        tmp_path / "first",
        ["1,Heat (1995),Crime", "2,Alien (1979),Horror", "3,Big (1988),Comedy"],
        ["1,1,4.0,10", "2,2,5.0,12", "3,3,2.0,14"],
    )


@pytest.fixture
def second(tmp_path: Path) -> Path:
    """Write one film with one rater."""
    return write_csv(tmp_path / "second", ["1,Heat (1995),Crime"], ["1,1,4.0,10"])


def test_marked_films_and_users_with_marks_stay(engine: Engine, first: Path, second: Path) -> None:
    load(engine, first)
    execute(
        engine,
        "UPDATE users SET email = 'test' || id || '@mail.com', password_hash = 'x', is_demo = true",
        "INSERT INTO marks (user_id, movie_id, mark) VALUES (3, 2, 'later'), (1, 1, 'seen')",
    )
    before = rows(engine, "SELECT ctid::text, marks::text FROM marks ORDER BY 1")
    load(engine, second)
    assert stored_movies(engine) == [(1, "Heat", 1995, ["Crime"]), (2, "Alien", 1979, ["Horror"])]
    assert revisions(engine).keys() == {1, 3}
    assert rows(engine, "SELECT ctid::text, marks::text FROM marks ORDER BY 1") == before


def test_load_waits_for_a_concurrent_mark_and_succeeds(
    engine: Engine, first: Path, second: Path
) -> None:
    """Film 2, which the load would delete, is marked in a transaction that is still open."""
    load(engine, first)
    storing = threading.Event()

    def progress(fraction: float | None, what: str) -> None:
        if what == "Storing films and ratings":
            storing.set()

    with ThreadPoolExecutor() as pool, engine.connect() as connection:
        connection.execute(
            text("INSERT INTO marks (user_id, movie_id, mark) VALUES (1, 2, 'seen')")
        )
        running = pool.submit(load, engine, second, progress=progress)
        assert storing.wait(10)
        time.sleep(0.3)
        assert not running.done()
        ratings.bump_revision(connection, 1)
        connection.commit()
        running.result(timeout=30)
    assert [movie[0] for movie in stored_movies(engine)] == [1, 2]
    with engine.connect() as connection:
        assert marks.marked_movies(connection, 1) == {2}
