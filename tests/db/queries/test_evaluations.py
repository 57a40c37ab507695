"""Evaluations are stored, and the last of each split is shown."""

import pytest
from sqlalchemy import Engine

from db.queries import evaluations

pytestmark = pytest.mark.data_layer


def test_last_evaluation_of_each_split(engine: Engine) -> None:
    with engine.begin() as connection:
        assert evaluations.sources(connection) == []
        for source, split, people in (
            ("demo", "known", 1),
            ("demo", "newcomers-0", 2),
            ("other", "known", 3),
            ("demo", "known", 4),
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
            "known": {"people": 4},
            "newcomers-0": {"people": 2},
        }
        assert evaluations.latest(connection, "nowhere") == {}
