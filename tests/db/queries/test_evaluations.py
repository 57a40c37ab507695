"""Evaluations are stored, and the last of each split is shown."""

import pytest
from sqlalchemy import Engine

from db.queries import evaluations

pytestmark = pytest.mark.data_layer


def test_last_evaluation_of_each_split(engine: Engine) -> None:
    with engine.begin() as connection:
        assert evaluations.sources(connection) == []
        for source, split, people in (
            ("demo", "per-user-temporal", 1),
            ("demo", "cold-start-0", 2),
            ("other", "per-user-temporal", 3),
            ("demo", "per-user-temporal", 4),
        ):
            evaluations.keep(
                connection,
                source=source,
                model_version=None,
                split=split,
                results={"people": people},
            )
        assert evaluations.sources(connection) == ["demo", "other"]
        found = evaluations.latest(connection, "demo")
        assert {name: each.results for name, each in found.items()} == {
            "per-user-temporal": {"split": "per-user-temporal", "people": 4},
            "cold-start-0": {"split": "cold-start-0", "people": 2},
        }
        assert evaluations.latest(connection, "nowhere") == {}


def test_evaluations_under_former_names_are_found_under_the_current_ones(engine: Engine) -> None:
    with engine.begin() as connection:
        for people, split in enumerate(
            ("known", "time", "newcomers-3", "newcomers-10", "random", "panel", "cold-start-3")
        ):
            evaluations.keep(
                connection,
                source="demo",
                model_version=None,
                split=split,
                results={"split": split, "people": people},
            )
        found = evaluations.latest(connection, "demo")
    assert {name: each.results["people"] for name, each in found.items()} == {
        "per-user-temporal": 0,
        "global-temporal": 1,
        "cold-start-3": 6,
        "cold-start-10": 3,
        "random": 4,
        "panel": 5,
    }
    assert all(name == each.split == each.results["split"] for name, each in found.items())


def test_a_former_name_may_be_the_newer_one_while_an_older_replica_evaluates(
    engine: Engine,
) -> None:
    with engine.begin() as connection:
        for people, split in enumerate(("per-user-temporal", "known")):
            evaluations.keep(
                connection,
                source="demo",
                model_version=None,
                split=split,
                results={"people": people},
            )
        (found,) = evaluations.latest(connection, "demo").values()
    assert found.results["people"] == 1
