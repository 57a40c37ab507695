"""Marks on films without ratings, and how ratings and marks exclude each other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError

from db.queries import histories, marks, ratings, users
from db.queries.marks import AlreadyRatedError

pytestmark = pytest.mark.data_layer

LONG_AGO = datetime(2001, 2, 3, tzinfo=UTC)


def _revision(connection: Connection, user_id: int = 8) -> int:
    user = users.by_id(connection, user_id)
    assert user is not None
    return user.ratings_revision


def _marks(connection: Connection, user_id: int = 8) -> list[tuple[int, str]]:
    found = marks.of_user(connection, user_id)
    return list(zip(found["movie_id"], found["mark"], strict=True))


def test_mark_is_set_replaced_and_removed(films: Engine) -> None:
    """Rater 8 has rated the films 1 and 2, but neither 3 nor 4."""
    seen: list[tuple[int, list[tuple[int, str]]]] = []
    steps: list[Callable[[Connection], object]] = [
        lambda connection: marks.put(connection, 8, 3, "later"),
        lambda connection: marks.put(connection, 8, 4, "seen"),
        lambda connection: marks.put(connection, 8, 4, "seen"),
        lambda connection: marks.put(connection, 8, 3, "dismissed"),
        lambda connection: marks.delete(connection, 8, 4),
        lambda connection: marks.delete(connection, 8, 4),
    ]
    answers = []
    for step in steps:
        with films.begin() as connection:
            answers.append(step(connection))
        with films.connect() as connection:
            seen.append((_revision(connection), _marks(connection)))
    assert answers == [None, None, None, None, True, False]
    assert seen == [
        (1, [(3, "later")]),
        (2, [(4, "seen"), (3, "later")]),
        (2, [(4, "seen"), (3, "later")]),
        (3, [(3, "dismissed"), (4, "seen")]),
        (4, [(3, "dismissed")]),
        (4, [(3, "dismissed")]),
    ]
    with films.connect() as connection:
        assert marks.get(connection, 8, 3) == "dismissed"
        assert marks.get(connection, 8, 4) is None
        assert marks.marked_movies(connection, 8) == {3}
        assert marks.marked_movies(connection, 7) == set()
        assert marks.get(connection, 7, 3) is None
        assert _revision(connection, 7) == 0
        assert str(marks.of_user(connection, 8)["marked_at"].dt.tz) == "UTC"


def test_rated_films_cannot_be_marked(films: Engine) -> None:
    with pytest.raises(AlreadyRatedError, match="take the rating back"), films.begin() as change:
        marks.put(change, 8, 1, "seen")
    with films.begin() as connection:
        assert marks.add_missing(connection, 8, {1: "seen", 2: "later"}) == 0
        assert _marks(connection) == []
        assert _revision(connection) == 0


@pytest.mark.parametrize(
    ("movie_id", "mark"), [(3, "loved"), (3, ""), (3, None), (99, "seen")], ids=str
)
def test_invalid_marks_and_films_are_refused(films: Engine, movie_id: int, mark: Any) -> None:
    with pytest.raises(IntegrityError), films.begin() as connection:
        marks.put(connection, 8, movie_id, mark)
    with films.connect() as connection:
        assert (_marks(connection), _revision(connection)) == ([], 0)


def test_rating_a_film_removes_only_its_mark(films: Engine) -> None:
    """All three ways to write ratings do so; user 7's mark on the film stays."""
    one = pd.DataFrame({"movie_id": [3], "rating": [4.0], "rated_at": [pd.Timestamp(LONG_AGO)]})
    for rate in (
        lambda connection: ratings.put(connection, 8, 3, 4.0),
        lambda connection: ratings.add_missing(connection, 8, one),
        lambda connection: ratings.put_many(connection, 8, [(3, 4.0, LONG_AGO)], replace=False),
    ):
        with films.connect() as connection:
            marks.put(connection, 7, 3, "later")
            marks.put(connection, 8, 3, "later")
            marks.put(connection, 8, 4, "dismissed")
            rate(connection)
            assert ratings.get(connection, 8, 3) == 4.0
            assert _marks(connection) == [(4, "dismissed")]
            assert _marks(connection, 7) == [(3, "later")]
            connection.rollback()


def test_rolled_back_mark_changes_no_revision(films: Engine) -> None:
    with films.begin() as connection:
        marks.put(connection, 8, 3, "later")
    with films.connect() as connection:
        marks.put(connection, 8, 4, "seen")
        marks.delete(connection, 8, 3)
        assert _revision(connection) == 3
        connection.rollback()
        assert (_marks(connection), _revision(connection)) == ([(3, "later")], 1)


def test_add_missing_adds_only_missing_marks(films: Engine) -> None:
    with films.begin() as connection:
        connection.execute(text("INSERT INTO movies (id, title) VALUES (5, 'Up')"))
        marks.put(connection, 8, 3, "later")
        told: dict[int, marks.Mark] = {1: "seen", 3: "seen", 4: "dismissed", 5: "later", 99: "seen"}
        assert marks.add_missing(connection, 8, told) == 2
        assert sorted(_marks(connection)) == [(3, "later"), (4, "dismissed"), (5, "later")]
        assert _revision(connection) == 2
        assert marks.add_missing(connection, 8, told) == 0
        assert marks.add_missing(connection, 8, {}) == 0
        assert _revision(connection) == 2


def test_concurrent_rating_and_mark_leave_the_rating(films: Engine) -> None:
    """Whichever is first, the rating stays and the mark doesn't."""

    def mark() -> None:
        with films.begin() as other:
            marks.put(other, 8, 3, "later")

    def rate() -> None:
        with films.begin() as other:
            ratings.put(other, 8, 3, 5.0)

    with ThreadPoolExecutor() as pool, films.connect() as connection:
        ratings.put(connection, 8, 3, 5.0)
        marking = pool.submit(mark)
        _wait_for_a_lock(films)
        connection.commit()
        with pytest.raises(AlreadyRatedError):
            marking.result(timeout=10)

        ratings.delete(connection, 8, 3)
        connection.commit()
        marks.put(connection, 8, 3, "later")
        rating = pool.submit(rate)
        _wait_for_a_lock(films)
        connection.commit()
        rating.result(timeout=10)
        assert (ratings.get(connection, 8, 3), _marks(connection)) == (5.0, [])


def _wait_for_a_lock(engine: Engine) -> None:
    """Wait until another transaction of this database waits for ours."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    for _ in range(500):
        with engine.connect() as connection:
            if connection.scalar(waiting):
                return
            connection.execute(text("SELECT pg_sleep(0.01)"))
    raise AssertionError("nobody waits")


def test_marks_are_exported_and_deleted_with_the_user(films: Engine) -> None:
    with films.begin() as connection:
        jane = users.register(connection, email="a@b.org", name="Jane", password_hash="x")
        assert users.everything_about(connection, jane.id)["marks"] == []
        for film, mark, second in ((3, "later", 2), (1, "seen", 1)):
            connection.execute(
                text("INSERT INTO marks VALUES (:user, :film, :mark, to_timestamp(:second))"),
                {"user": jane.id, "film": film, "mark": mark, "second": second},
            )
        found = users.everything_about(connection, jane.id)["marks"]
        assert [each.pop("marked_at")[:17] for each in found] == ["1970-01-01T00:00:"] * 2
        assert found == [
            {"movie_id": 1, "title": "Heat", "year": 1995, "mark": "seen"},
            {"movie_id": 3, "title": "Untimely", "year": None, "mark": "later"},
        ]
        users.delete(connection, jane.id)
        assert connection.scalar(text("SELECT count(*) FROM marks")) == 0


def test_told_includes_marks(films: Engine) -> None:
    with films.begin() as connection:
        marks.put(connection, 8, 3, "dismissed")
        marks.put(connection, 8, 4, "seen")
        marks.put(connection, 7, 3, "later")
    with films.connect() as connection:
        own = histories.get(connection, 8)
        assert (own.movie_ids.tolist(), own.marked, own.dismissed) == ([1, 2], {3, 4}, {3})
        other = histories.get(connection, 7)
        assert (other.marked, other.dismissed) == ({3}, set())
        told = histories.get_many(connection, [7, 8])
        assert (told.marked, told.dismissed) == ({7: {3}, 8: {3, 4}}, {8: {3}})
        assert marks.of_each(connection, [7, 8, 99]) == {
            7: {3: "later"},
            8: {3: "dismissed", 4: "seen"},
        }


def test_tally_of_likes_and_dislikes(films: Engine) -> None:
    """Rater 7 has given 5, 4 and 2 stars."""
    with films.begin() as connection:
        marks.put(connection, 7, 3, "dismissed")
        assert ratings.tally(connection, 7, like=4.0, dislike=2.5) == (3, 2, 1, 1)
        assert ratings.tally(connection, 7, like=4.5, dislike=1.5) == (3, 1, 0, 1)
        assert ratings.tally(connection, 99, like=4.0, dislike=2.5) == (0, 0, 0, 0)
