"""`python -m recsys details tmdb`."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from db.details import tmdb as module
from db.queries import tmdb as queries
from tests.commands.running import Run
from tests.serving import free_port
from tests.tmdb.server import TOKEN, Answer, Tmdb, serving
from tests.tmdb.stored import age, link

pytestmark = pytest.mark.data_layer


@pytest.fixture
def copied_database(database_of_a_catalogue: str) -> str:
    """Return the small catalogue."""
    return database_of_a_catalogue


@pytest.fixture
def tmdb() -> Iterator[Tmdb]:
    with serving() as tmdb:
        yield tmdb


@pytest.fixture
def linked(engine: Engine) -> Engine:
    link(engine)
    return engine


def _with_key(tmdb: Tmdb) -> dict[str, str]:
    return {"TMDB_TOKEN": TOKEN, "TMDB_API": tmdb.api, "TMDB_IMAGES": tmdb.pictures}


def test_what_it_says(linked: Engine, tmdb: Tmdb, run: Run) -> None:
    done = run("details", "tmdb", **_with_key(tmdb))
    assert done.code == 0, done.err
    assert done.out.startswith("3 of 4 films fetched from TMDb, which doesn't have 1. It took ")
    assert TOKEN not in done.out + done.err
    with linked.connect() as connection:
        assert sorted(queries.pictures(connection, range(1, 13))) == [5, 6, 7, 8]


def test_only_what_is_missing_or_old_is_fetched(linked: Engine, tmdb: Tmdb, run_here: Run) -> None:
    run_here("details", "tmdb", **_with_key(tmdb))
    asked = len(tmdb.asked)
    with linked.begin() as connection:
        age(connection, 7, 31)
        age(connection, 8, 181)
    done = run_here("details", "tmdb", "--json", **_with_key(tmdb))
    *steps, result = map(json.loads, done.out.splitlines())
    assert steps == [
        {"progress": 0.0, "what": "Asking TMDb for 2 films"},
        {"progress": 1.0, "what": "Fetched 2 of 2 films"},
        {"progress": 1.0, "what": "Done"},
    ]
    assert (result["films"], result["stored"], result["expired"]) == (2, 2, 1)
    assert len(tmdb.asked) == asked + 2


def test_an_interrupted_one_goes_on(
    linked: Engine, tmdb: Tmdb, run_here: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_BATCH", 1)
    monkeypatch.setattr(module, "_PAUSES", ())
    answer = tmdb.answer
    monkeypatch.setattr(
        tmdb, "answer", lambda path, token: Answer(503) if "9007" in path else answer(path, token)
    )
    done = run_here("details", "tmdb", **_with_key(tmdb))
    assert done.code == 1
    assert "status 503. What was fetched until then is stored: run it again" in done.err
    with linked.connect() as connection:
        assert sorted(queries.pictures(connection, range(1, 13))) == [6]
    monkeypatch.setattr(tmdb, "answer", answer)
    assert run_here("details", "tmdb", **_with_key(tmdb)).code == 0
    assert tmdb.asked.count(tmdb.asked[0]) == 1  # the first film wasn't asked for again


def test_retry_after_is_kept(linked: Engine, tmdb: Tmdb, run_here: Run) -> None:
    tmdb.faults = [Answer(429, b"", {"Retry-After": "1"})]
    done = run_here("details", "tmdb", **_with_key(tmdb))
    assert done.code == 0, done.err
    assert done.out.startswith("3 of 4 films")


def test_unreadable_answers_are_counted(linked: Engine, tmdb: Tmdb, run_here: Run) -> None:
    tmdb.films[9008] = {"id": 9008, "videos": "none"}
    done = run_here("details", "tmdb", **_with_key(tmdb))
    assert done.code == 0
    assert done.out.splitlines()[1].startswith("Failed: 1, for example: TMDb's answer")


def test_a_film_at_which_tmdb_always_fails_stops_no_others(
    linked: Engine, tmdb: Tmdb, run_here: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PAUSES", (0.0,))
    answer = tmdb.answer
    monkeypatch.setattr(
        tmdb, "answer", lambda path, token: Answer(500) if "9008" in path else answer(path, token)
    )
    done = run_here("details", "tmdb", **_with_key(tmdb))
    assert done.code == 0
    assert done.out.splitlines()[1] == "Failed: 1, for example: TMDb answered with status 500"


def test_recommendations_of_films_that_stream(linked: Engine, tmdb: Tmdb, run_here: Run) -> None:
    run_here("details", "tmdb", **_with_key(tmdb))
    done = run_here("recommend", "stranger", "--stream-in", "us")
    assert [line.split("  ")[0] for line in done.out.splitlines()] == [
        "1. Aliens (1986)",
        "2. Unforgiven (1992)",
    ]
    assert "Only 2 films left: without 'streams in US' there would be 12." in done.err


def test_recommendations_of_a_language_and_a_country(
    linked: Engine, tmdb: Tmdb, run_here: Run
) -> None:
    run_here("details", "tmdb", **_with_key(tmdb))
    done = run_here("recommend", "stranger", "--original-language", "EN", "--made-in", "fr")
    assert done.out == ""
    assert "No film left: without 'made in FR' there would be 2." in done.err
    for option in ("--original-language", "--made-in", "--stream-in"):
        done = run_here("recommend", "stranger", option, "France")
        assert (done.code, done.err) == (2, f"{option} must have two letters, as FR.\n")


def test_without_a_key(linked: Engine, run_here: Run) -> None:
    done = run_here("details", "tmdb")
    assert (done.code, done.out) == (1, "")
    assert "set TMDB_TOKEN" in done.err


def test_a_wrong_key(linked: Engine, tmdb: Tmdb, run_here: Run) -> None:
    done = run_here("details", "tmdb", **{**_with_key(tmdb), "TMDB_TOKEN": "another-key"})
    assert done.code == 1
    assert "TMDb refuses the key" in done.err
    assert "another-key" not in done.out + done.err


def test_nobody_listens(linked: Engine, run_here: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAUSES", (0.0,))
    nowhere = f"http://127.0.0.1:{free_port()}"
    done = run_here("details", "tmdb", TMDB_TOKEN=TOKEN, TMDB_API=nowhere)
    assert done.code == 1
    assert "TMDb can't be reached" in done.err
