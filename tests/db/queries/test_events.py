"""Events: recorded in one statement, counted by day, deleted in time."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from db.queries import events, model_versions, users
from db.queries.users import User

pytestmark = pytest.mark.data_layer

TODAY = 0  # days ago: tests may run past midnight


@pytest.fixture
def films(engine: Engine) -> Engine:
    """Return a database with three films and model 1."""
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO movies (id, title) VALUES (1, 'Heat'), (2, 'Fargo'), (3, 'Alien')")
        )
        model_versions.store(connection, b"bytes", {})
    return engine


@pytest.fixture
def jane(films: Engine) -> User:
    with films.begin() as connection:
        return users.register(connection, email="jane@mail.com", name="", password_hash="x")


def _counted(engine: Engine) -> list[tuple[object, ...]]:
    today = datetime.now(UTC).date()
    with engine.connect() as connection:
        frame = events.by_day(connection, today - timedelta(days=30))
    return [
        ((today - day).days, *figures) for day, *figures in frame.itertuples(index=False, name=None)
    ]


def test_events_are_counted_by_day_and_model_version(films: Engine, jane: User) -> None:
    with films.begin() as connection:
        events.record(connection, "shown", [1, 2, 3], user_id=jane.id, model_version=1)
        events.record(connection, "shown", [1, 2], user_id=None, model_version=1)
        events.record(connection, "opened", [2], user_id=jane.id, model_version=1)
        events.record(connection, "rated", [2], user_id=jane.id, model_version=1)
        events.record(connection, "shown", [3], user_id=None, model_version=None)
    assert _counted(films) == [(TODAY, 0, 1, 0, 0), (TODAY, 1, 5, 1, 1)]
    with films.connect() as connection:
        written = connection.execute(
            text("SELECT kind, movie_id, user_id = :jane FROM events WHERE model_version = 1"),
            {"jane": jane.id},
        )
        assert sorted(map(tuple, written), key=str) == [
            ("opened", 2, True),
            ("rated", 2, True),
            ("shown", 1, None),
            ("shown", 1, True),
            ("shown", 2, None),
            ("shown", 2, True),
            ("shown", 3, True),
        ]


def test_deleted_films_are_skipped(films: Engine) -> None:
    with films.begin() as connection:
        events.record(connection, "shown", [1, 99], user_id=None, model_version=None)
        events.record(connection, "opened", [99], user_id=None, model_version=None)
        events.record(connection, "rated", [], user_id=None, model_version=None)
    assert _counted(films) == [(TODAY, 0, 1, 0, 0)]


@pytest.mark.parametrize(("user_id", "model_version"), [(77, None), (None, 77)])
def test_unknown_users_and_models_are_refused(
    films: Engine, user_id: int | None, model_version: int | None
) -> None:
    with pytest.raises(IntegrityError), films.begin() as connection:
        events.record(connection, "shown", [1], user_id=user_id, model_version=model_version)
    assert _counted(films) == []


def test_events_are_deleted_with_their_user_but_not_the_counts(films: Engine, jane: User) -> None:
    with films.begin() as connection:
        events.record(connection, "shown", [1], user_id=jane.id, model_version=1)
        users.delete(connection, jane.id)
    with films.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM events")) == 0
    assert _counted(films) == [(TODAY, 1, 1, 0, 0)]


def test_old_events_are_deleted(films: Engine) -> None:
    with films.begin() as connection:
        events.record(connection, "shown", [1, 2, 3], user_id=None, model_version=1)
        connection.execute(
            text(
                "UPDATE events SET happened_at = now() - make_interval(days => 398 + movie_id) "
                "- interval '1 hour' WHERE movie_id < 3"
            )
        )
        assert events.forget_old(connection) == 1
        left = connection.scalars(text("SELECT movie_id FROM events ORDER BY movie_id"))
        assert list(left) == [1, 3]
    assert _counted(films) == [(TODAY, 1, 3, 0, 0)]
