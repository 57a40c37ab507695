"""Events are written in the background; nothing waits for them or breaks with them."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine, text

from db.queries import model_versions
from recsys.serving import events
from recsys.serving.events import Recorder

pytestmark = pytest.mark.data_layer


@pytest.fixture
def films(engine: Engine) -> Engine:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO movies (id, title) VALUES (1, 'Heat'), (2, 'Fargo')"))
        model_versions.store(connection, b"bytes", {})
    return engine


@pytest.fixture
def recorder(films: Engine) -> Iterator[Recorder]:
    recorder = Recorder(films)
    yield recorder
    recorder.stop()


@dataclass
class _Written:
    engine: Engine

    def kinds(self) -> list[str]:
        with self.engine.connect() as connection:
            return list(connection.scalars(text("SELECT kind FROM events ORDER BY id")))


def test_events_are_written_in_their_order(films: Engine, recorder: Recorder) -> None:
    recorder.record("shown", [1, 2], user_id=None, model_version=1)
    recorder.record("opened", [2], user_id=None, model_version=1)
    recorder.flush()
    assert _Written(films).kinds() == ["shown", "shown", "opened"]


def test_what_waits_is_written_before_the_end(films: Engine) -> None:
    recorder = Recorder(films)
    for _ in range(20):
        recorder.record("shown", [1], user_id=None, model_version=1)
    recorder.stop()
    assert len(_Written(films).kinds()) == 20


def test_a_failure_is_said_once_until_it_works_again(
    films: Engine, recorder: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    for user_id in (77, 77, None, 77):
        recorder.record("shown", [1], user_id=user_id, model_version=1)
    recorder.flush()
    said = [each.getMessage() for each in caplog.records if each.levelno == logging.WARNING]
    assert len(said) == 2
    assert said[0].startswith("events are not written: ")
    assert _Written(films).kinds() == ["shown"]


def test_nobody_waits_while_the_table_is_locked(
    films: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(events, "MOST_WAITING", 10)
    recorder = Recorder(films)
    with films.begin() as connection:
        connection.execute(text("LOCK TABLE events IN ACCESS EXCLUSIVE MODE"))
        for _ in range(100):  # whoever waited here would wait for ever
            recorder.record("shown", [1], user_id=None, model_version=1)
    assert "events are not written: too many are waiting" in caplog.messages
    recorder.stop()
    assert len(_Written(films).kinds()) in (10, 11)  # and one that was being written


def test_old_events_go_with_the_first_of_the_day(films: Engine, recorder: Recorder) -> None:
    with films.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO events (kind, movie_id, happened_at) "
                "VALUES ('rated', 1, now() - interval '401 days')"
            )
        )
    recorder.record("shown", [1], user_id=None, model_version=1)
    recorder.flush()
    assert _Written(films).kinds() == ["shown"]
