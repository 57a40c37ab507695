"""`python -m recsys recommend` with filters."""

import json
from typing import Any

import pytest
from sqlalchemy import Engine

from db.queries import marks, users
from recsys.training.train import train
from tests.catalogue import add_age_ratings, add_lengths
from tests.commands.running import Run
from tests.recsys.frames import TINY

pytestmark = pytest.mark.data_layer


@pytest.fixture
def copied_database(database_of_a_catalogue: str) -> str:
    """Return a database with the small catalogue; rater 1 hasn't rated films 7 to 12."""
    return database_of_a_catalogue


@pytest.fixture
def trained(engine: Engine) -> Engine:
    """Train a model, and give some films lengths and age ratings."""
    train(engine, **TINY)
    with engine.begin() as connection:
        add_lengths(connection)
        add_age_ratings(connection)
    return engine


def _listed(run_here: Run, *options: str) -> tuple[set[int], dict[str, Any]]:
    done = run_here("recommend", "1", "--json", "-k", "100", *options)
    assert done.code == 0, done.err
    given = json.loads(done.out)
    return {item["movie_id"] for item in given["items"]}, given


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--not-genre", "comedy"), {7, 9, 10, 12}),
        (("--not-genre", "comedy", "--not-genre", "вестерн"), {9, 10, 12}),
        (("--genre", "drama", "--not-genre", "sci fi"), {7, 9}),
        (("--max-minutes", "130"), {7, 8, 11}),
        (("--genre", "drama", "--max-minutes", "130"), {7}),
        (("--year-from", "2001"), {8, 9, 11}),
        (("--year-to", "1992"), {7, 10}),
        (("--year-from", "1992", "--year-to", "2001", "--not-genre", "comedy"), {7, 9}),
        (("--max-age-rating", "PG-13"), {8, 10}),
    ],
)
def test_films_are_filtered(
    trained: Engine, run_here: Run, options: tuple[str, ...], expected: set[int]
) -> None:
    assert _listed(run_here, *options)[0] == expected


def test_stored_filters_apply_by_default(trained: Engine, run_here: Run) -> None:
    with trained.begin() as connection:
        users.set_filters(connection, 1, ["Western"], 150)
    found, given = _listed(run_here)
    assert found == {8, 11}
    assert (given["filters"]["not_genres"], given["filters"]["max_minutes"]) == (["Western"], 150)
    assert given["relaxations"] == [
        {"filter": "max_minutes", "films": 5},
        {"filter": "not_genres", "films": 3},
    ]
    assert _listed(run_here, "--not-genre", "romance")[0] == {7, 8}
    assert _listed(run_here, "--max-minutes", "1000")[0] == {8, 10, 11}


def test_marked_films_are_left_out(trained: Engine, run_here: Run) -> None:
    with trained.begin() as connection:
        marks.put(connection, 1, 8, "seen")
        marks.put(connection, 1, 9, "later")
    assert _listed(run_here)[0] == {7, 10, 11, 12}
    assert _listed(run_here, "--genre", "drama")[0] == {7, 10}
    assert _listed(run_here, "--max-minutes", "130")[0] == {7, 11}


def test_few_films_come_with_what_each_filter_costs(trained: Engine, run_here: Run) -> None:
    few = run_here("recommend", "1", "--max-minutes", "125", "--not-genre", "romance")
    assert few.code == 0
    assert few.out.startswith("1. The Interview (2014)  ")
    assert few.err == (
        "Only 1 film left: without 'at most 125 minutes' there would be 5, "
        "without 'not Romance' 2.\n"
    )
    none = run_here("recommend", "1", "--genre", "romcom", "--max-minutes", "90")
    assert (none.code, none.out) == (0, "")
    assert none.err == ("No film left: without 'at most 90 minutes' there would be 1.\n")
    new = run_here("recommend", "1", "--year-from", "2014", "--max-age-rating", "PG")
    assert new.err == (
        "No film left: without 'from 2014' there would be 1, without 'rated PG at most' 1.\n"
    )
    assert run_here("recommend", "1", "--not-genre", "western").err == ""


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--not-genre", "westren"), ("westren", "Did you mean Western?", "Available genres")),
        (("--max-minutes", "0"), ("--max-minutes", "greater than or equal to 1")),
        (("--max-minutes", "long"), ("--max-minutes", "integer")),
        (("--max-age-rating", "PG-14"), ("--max-age-rating", "'PG-13'")),
        (("--year-from", "1799"), ("--year-from", "1800")),
        (("--year-to", "soon"), ("--year-to", "integer")),
        (
            ("--year-from", "2000", "--year-to", "1999"),
            ("--year-from must not be after --year-to (1999).",),
        ),
    ],
)
def test_wrong_filters(
    trained: Engine, run_here: Run, options: tuple[str, ...], words: tuple[str, ...]
) -> None:
    done = run_here("recommend", "1", *options)
    assert (done.code, done.out) == (2, "")
    assert all(word in done.err for word in words), done.err
