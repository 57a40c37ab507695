"""Films that are shown are fetched in the background, and TMDb's faults disturb nobody."""

import logging
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from db.details import tmdb as module
from db.details.tmdb import Fetcher
from db.queries import tmdb as queries
from tests.serving import free_port
from tests.tmdb.server import TOKEN, Answer, Tmdb
from tests.tmdb.stored import age, link
from tmdb.client import Client

pytestmark = pytest.mark.data_layer

SECONDS = 20.0


@pytest.fixture
def copied_database(database_of_a_catalogue: str) -> str:
    """Return the small catalogue."""
    return database_of_a_catalogue


@pytest.fixture
def fetcher(engine: Engine, client: Client) -> Iterator[Fetcher]:
    link(engine)
    fetcher = Fetcher(engine, client)
    yield fetcher
    fetcher.stop()


def _plot(engine: Engine, movie_id: int) -> str | None:
    with engine.connect() as connection:
        shown = queries.of_film(connection, movie_id, "en")
    return None if shown is None else shown.plot


def test_what_is_shown_is_fetched_once(engine: Engine, tmdb: Tmdb, fetcher: Fetcher) -> None:
    for _ in range(2):
        fetcher.ask([7], patience=SECONDS)
        assert _plot(engine, 7) == "A keeper counts ships that never come."
    assert len(tmdb.asked) == 1
    with engine.begin() as connection:
        age(connection, 7, 31)
    fetcher._failed.clear()
    fetcher.ask([7], patience=SECONDS)
    assert len(tmdb.asked) == 2


def test_films_that_tmdb_cannot_know_are_not_asked_for(
    engine: Engine, tmdb: Tmdb, fetcher: Fetcher
) -> None:
    fetcher.ask([1, 2, 4711], patience=SECONDS)
    assert tmdb.asked == []
    fetcher.ask([6], patience=SECONDS)
    fetcher.ask([6], patience=SECONDS)  # a film that TMDb doesn't have
    assert len(tmdb.asked) == 1
    assert _plot(engine, 6) is None


@pytest.mark.parametrize(
    ("fault", "logged"),
    [
        (Answer(401), "no details from TMDb: TMDb refuses the key"),
        (Answer(429, b"", {"Retry-After": "30"}), "no details from TMDb: TMDb asks for no req"),
        (Answer(503), "no details from TMDb: TMDb answered with status 503"),
    ],
)
def test_after_a_failure_nothing_is_requested_for_a_while(
    engine: Engine,
    tmdb: Tmdb,
    fetcher: Fetcher,
    caplog: pytest.LogCaptureFixture,
    fault: Answer,
    logged: str,
) -> None:
    tmdb.faults = [fault]
    for movie_id in (7, 8, 7):
        fetcher.ask([movie_id], patience=SECONDS)
    assert len(tmdb.asked) == 1
    (record,) = caplog.records
    assert record.getMessage().startswith(logged)
    assert TOKEN not in caplog.text
    fetcher._away_until = 0.0
    fetcher._client._not_before = 0.0
    fetcher.ask([7], patience=SECONDS)
    assert _plot(engine, 7) is not None


def test_unreadable_answers(
    engine: Engine, tmdb: Tmdb, fetcher: Fetcher, caplog: pytest.LogCaptureFixture
) -> None:
    tmdb.films[9007] = {"id": 9007, "overview": ["no", "text"]}
    tmdb.films[9008] = {"id": "9008"}
    for movie_id in (7, 8, 7):
        fetcher.ask([movie_id], patience=SECONDS)
    assert len(tmdb.asked) == 2
    (record,) = caplog.records
    assert "film 7: TMDb's answer can't be read: overview" in record.getMessage()
    assert _plot(engine, 7) is None


def test_an_outage_is_logged_once(
    engine: Engine, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_AWAY_SECONDS", 0.0)
    link(engine)
    nowhere = f"http://127.0.0.1:{free_port()}"
    fetcher = Fetcher(engine, Client(TOKEN, api=nowhere, images=nowhere))
    for movie_id in (7, 8):
        fetcher.ask([movie_id], patience=SECONDS)
    fetcher.stop()
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


def test_nobody_waits_longer_than_they_want(engine: Engine, tmdb: Tmdb, fetcher: Fetcher) -> None:
    tmdb.faults = [Answer(hangs=True)]
    fetcher.ask([7], patience=0.05)
    assert _plot(engine, 7) is None
    tmdb.stopping.set()


def test_after_its_end_nothing_is_fetched(tmdb: Tmdb, fetcher: Fetcher) -> None:
    fetcher.stop()
    fetcher.ask([7], patience=SECONDS)
    assert tmdb.asked == []
