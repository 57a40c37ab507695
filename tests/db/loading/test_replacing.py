"""One data set replaces another; users' own data stays."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from db.loading import AlreadyLoadedError, load
from tests.db.loading.releases import (
    dump,
    execute,
    keys,
    revisions,
    rows,
    stored_movies,
    stored_ratings,
    write_csv,
)

pytestmark = pytest.mark.data_layer

PERSON = 1_000_000_000


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """Write three films and three raters."""
    return write_csv(
        tmp_path / "first",
        ["1,Heat (1995),Crime|Drama", "2,Alien (1979),Horror", "3,Big (1988),Comedy"],
        ["1,1,4.0,10", "1,2,3.0,11", "2,2,5.0,12", "2,3,1.0,13", "3,3,2.0,14"],
    )


@pytest.fixture
def second(tmp_path: Path) -> Path:
    """Write film 1 renamed, 2 as before, 3 gone, 4 new; rater 3 gone, 4 new, 1 as before."""
    return write_csv(
        tmp_path / "second",
        ["1,Heat of Noon (1996),Crime", "2,Alien (1979),Horror", "4,Up (2009),Animation"],
        ["1,1,4.0,10", "1,2,3.0,11", "2,2,4.5,12", "2,4,1.0,13", "4,4,2.0,14"],
    )


def test_second_load_changes_no_row(engine: Engine, first: Path) -> None:
    load(engine, first)
    before = dump(engine)
    report = load(engine, first)
    after = dump(engine)
    assert len(before.pop("loads")) == 1
    assert len(after.pop("loads")) == 2
    assert after == before
    changes = [getattr(report, name) for name in report.__slots__ if name.endswith("ed")]
    assert changes == [0] * 12


def test_only_differences_are_written(engine: Engine, first: Path, second: Path) -> None:
    load(engine, first)
    places = "SELECT ctid, xmin FROM ratings WHERE (user_id, movie_id) IN ((1, 1), (1, 2))"
    before, old_revisions = rows(engine, places), revisions(engine)

    report = load(engine, second)

    assert stored_movies(engine) == [
        (1, "Heat of Noon", 1996, ["Crime"]),
        (2, "Alien", 1979, ["Horror"]),
        (4, "Up", 2009, ["Animation"]),
    ]
    assert stored_ratings(engine) == [
        (1, 1, 4.0, 10, False),
        (1, 2, 3.0, 11, False),
        (2, 2, 4.5, 12, False),
        (2, 4, 1.0, 13, False),
        (4, 4, 2.0, 14, False),
    ]
    assert rows(engine, "SELECT name FROM genres ORDER BY 1") == [
        ("Animation",),
        ("Crime",),
        ("Horror",),
    ]
    assert rows(engine, places) == before
    new_revisions = revisions(engine)
    assert new_revisions.keys() == {1, 2, 4}
    assert new_revisions[1] == old_revisions[1]
    assert new_revisions[2] == old_revisions[2] + 1
    assert (report.movies_added, report.movies_changed, report.movies_removed) == (1, 1, 1)
    assert (report.raters_added, report.raters_removed) == (1, 1)
    assert (report.ratings_added, report.ratings_changed, report.ratings_removed) == (2, 1, 2)


def test_returning_rater_gets_a_new_revision(engine: Engine, first: Path, second: Path) -> None:
    seen = []
    for source in (first, second, first, second, first):
        load(engine, source)
        if source == first:
            seen.append(revisions(engine)[3])
    assert seen == [1_000_000, 3_000_000, 5_000_000]


def test_own_ratings_take_precedence_and_preserve_their_films(
    engine: Engine, first: Path, second: Path
) -> None:
    load(engine, first)
    execute(
        engine,
        f"INSERT INTO users (id, email, password_hash) VALUES ({PERSON}, 'a@example.org', 'x')",
        "INSERT INTO ratings (user_id, movie_id, rated_at, rating)"
        f" VALUES ({PERSON}, 3, now(), 5), ({PERSON}, 1, now(), 4)",
        # Raters may rate too: 2 changes the rating of film 2, 3 is not in the second set.
        "UPDATE ratings SET is_own = true, rating = 0.5 WHERE (user_id, movie_id) = (2, 2)",
        "UPDATE ratings SET is_own = true WHERE (user_id, movie_id) = (3, 3)",
        "UPDATE users SET email = 'test' || id || '@mail.com', password_hash = 'x', is_demo = true"
        " WHERE id <= 3",
    )
    own = rows(engine, "SELECT ctid, xmin, ratings::text FROM ratings WHERE is_own ORDER BY 1")
    before = revisions(engine)

    load(engine, second)

    assert (
        rows(engine, "SELECT ctid, xmin, ratings::text FROM ratings WHERE is_own ORDER BY 1") == own
    )
    assert [movie[:2] for movie in stored_movies(engine)] == [
        (1, "Heat of Noon"),
        (2, "Alien"),
        (3, "Big"),
        (4, "Up"),
    ]
    assert [rating[:2] for rating in stored_ratings(engine) if not rating[4]] == [
        (1, 1),
        (1, 2),
        (2, 4),
        (4, 4),
    ]
    after = revisions(engine)
    assert after.keys() == {1, 2, 3, 4, PERSON}
    assert (after[1], after[3], after[PERSON]) == (before[1], before[3], before[PERSON])
    assert after[2] == before[2] + 1
    assert rows(engine, "SELECT email FROM users WHERE id IN (1, 3) ORDER BY id") == [
        ("test1@mail.com",),
        ("test3@mail.com",),
    ]


def test_registered_users_stay_and_demo_accounts_without_ratings_go(
    engine: Engine, first: Path, second: Path
) -> None:
    load(engine, first)
    execute(
        engine,
        f"INSERT INTO users (id, email, password_hash) VALUES ({PERSON}, 'a@example.org', 'x')",
        "UPDATE users SET email = 'test3@mail.com', password_hash = 'x', is_demo = true"
        " WHERE id = 3",
        "INSERT INTO sessions SELECT '\\x01', id, now(), now() FROM users WHERE id = 3",
    )
    load(engine, second)
    assert revisions(engine).keys() == {1, 2, 4, PERSON}
    assert rows(engine, "SELECT * FROM sessions") == []


def test_much_larger_set_preserves_keys_and_indexes(
    engine: Engine, first: Path, tmp_path: Path
) -> None:
    before = keys(engine)
    load(engine, first)
    assert keys(engine) == before
    execute(engine, "UPDATE ratings SET is_own = true WHERE user_id = 3")
    ratings = [f"{user},{film},3.5,9" for user in range(1, 20) for film in (1, 2)]
    large = write_csv(tmp_path / "large", ["1,Heat (1995),Crime", "2,Alien (1979),"], ratings)
    report = load(engine, large)
    assert keys(engine) == before
    assert report.ratings_added == 38 - 3
    assert rows(engine, "SELECT count(*) FROM ratings") == [(39,)]
    assert [movie[0] for movie in stored_movies(engine)] == [1, 2, 3]


def test_genre_ids_are_not_used_up(engine: Engine, first: Path, second: Path) -> None:
    for _ in range(3):
        load(engine, first)
    execute(engine, "INSERT INTO genres (name) VALUES ('Next')")
    assert rows(engine, "SELECT id FROM genres WHERE name = 'Next'") == [(5,)]


def test_concurrent_loads_take_turns(engine: Engine, first: Path, second: Path) -> None:
    with ThreadPoolExecutor() as pool:
        for future in [pool.submit(load, engine, source) for source in (first, second) * 2]:
            future.result(timeout=30)
    assert len(rows(engine, "SELECT * FROM loads")) == 4
    assert [movie[0] for movie in stored_movies(engine)] in ([1, 2, 3], [1, 2, 4])


@pytest.mark.parametrize("order", ["user first", "rating first"])
def test_concurrent_rating_does_not_deadlock(
    order: str, engine: Engine, first: Path, second: Path
) -> None:
    load(engine, first)
    bump = text("UPDATE users SET ratings_revision = ratings_revision + 1 WHERE id = 3")
    rate = text("UPDATE ratings SET is_own = true, rating = 4 WHERE (user_id, movie_id) = (3, 3)")
    steps = [bump, rate] if order == "user first" else [rate, bump]
    storing = threading.Event()

    def progress(fraction: float | None, what: str) -> None:
        if what == "Storing films and ratings":
            storing.set()

    with ThreadPoolExecutor() as pool, engine.connect() as connection:
        connection.execute(steps[0])
        running = pool.submit(load, engine, second, progress=progress)
        assert storing.wait(10)
        time.sleep(0.3)
        assert not running.done()
        connection.execute(steps[1])
        connection.commit()
        running.result(timeout=30)
    assert (3, 3, 4.0, 14, True) in stored_ratings(engine)


def test_load_waits_for_another_to_finish(engine: Engine, first: Path) -> None:
    said: list[str] = []
    with ThreadPoolExecutor() as pool, engine.connect() as other:
        other.execute(text("SELECT pg_advisory_xact_lock(5417002)"))
        running = pool.submit(
            load, engine, first, progress=lambda fraction, what: said.append(what)
        )
        time.sleep(0.5)
        assert said == ["Reading films", "Waiting for other loads"]
        other.commit()
        running.result(timeout=30)
    assert said[-1] == "Done"


def test_statement_timeout_does_not_stop_a_load(database_url: str, first: Path) -> None:
    engine = create_engine(database_url, connect_args={"options": "-c statement_timeout=100ms"})

    def progress(fraction: float | None, what: str) -> None:
        if what == "Reading ratings":
            time.sleep(0.3)  # while the server is inside COPY

    load(engine, first, progress=progress)
    assert len(stored_ratings(engine)) == 5
    engine.dispose()


def test_first_load_respects_another_apps_load(engine: Engine, first: Path, second: Path) -> None:
    """A load that has waited for its turn checks again whether it is needed."""
    load(engine, first)
    films = stored_movies(engine)
    with pytest.raises(AlreadyLoadedError):
        load(engine, second, only_if_empty=True)
    assert stored_movies(engine) == films


def test_exception_of_progress_aborts_the_load(engine: Engine, tmp_path: Path) -> None:
    before = dump(engine)

    def progress(fraction: float | None, what: str) -> None:
        if what == "Computing the statistics":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(engine, write_csv(tmp_path / "ml"), progress=progress)
    assert dump(engine) == before
    load(engine, write_csv(tmp_path / "ml"))
    assert rows(engine, "SELECT ratings FROM totals") == [(3,)]
