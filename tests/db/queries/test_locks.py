"""One training at a time in all processes."""

import pytest
from sqlalchemy import Engine, create_engine

from db.queries import model_versions, trainings, users
from db.queries.locks import BusyError, training_lock

pytestmark = pytest.mark.data_layer


def test_second_training_is_told_to_wait(engine: Engine) -> None:
    another_process = create_engine(engine.url)
    with (
        training_lock(engine, "the command line"),
        pytest.raises(BusyError, match=r"under way already, begun by the command line at .* UTC"),
        training_lock(another_process),
    ):
        pass
    with training_lock(another_process):
        pass
    another_process.dispose()


def test_failed_training_releases_the_lock(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), training_lock(engine):
        raise ZeroDivisionError
    with training_lock(engine):
        pass


def test_trainings_are_recorded_with_their_outcome(engine: Engine) -> None:
    with engine.begin() as connection:
        jane = users.register(connection, email="jane@mail.com", name="", password_hash="x")
        version = model_versions.store(connection, b"bytes", {})
    with training_lock(engine, "the Operations page", jane.id) as underway:
        with engine.connect() as connection:
            running = trainings.running(connection)
        assert running is not None
        assert (running.email, running.ended_at) == ("jane@mail.com", None)
        underway.model_version = version.id
    with pytest.raises(ValueError, match="no luck"), training_lock(engine, "the start"):
        raise ValueError("no luck\nat all")
    with engine.begin() as connection:
        trainings.begin(connection, "a program that was killed", None)
        assert [
            (each.started_from, each.problem, each.model_version, each.is_running)
            for each in trainings.listed(connection)
        ] == [
            ("a program that was killed", None, None, False),
            ("the start", "no luck", None, False),
            ("the Operations page", None, version.id, False),
        ]
        assert trainings.running(connection) is None
        users.delete(connection, jane.id)
        assert trainings.listed(connection)[-1].email is None
