"""Results of evaluations, for the Quality page."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

_FORMER_NAMES = {
    "known": "per-user-temporal",
    "time": "global-temporal",
    "newcomers": "cold-start",
}


@dataclass(frozen=True)
class KeptEvaluation:
    """A stored evaluation of one split; `results` as in `recsys.evaluation.summary.Evaluation`."""

    id: int
    evaluated_at: datetime
    source: str
    model_version: int | None
    split: str
    results: dict[str, Any]


def keep(
    connection: Connection,
    *,
    source: str,
    model_version: int | None,
    split: str,
    results: dict[str, Any],
) -> None:
    """Store the metrics of a split; `model_version` was the active one at the time."""
    connection.execute(
        text(
            "INSERT INTO evaluations (source, model_version, split, results) "
            "VALUES (:source, :model_version, :split, CAST(:results AS jsonb))"
        ),
        {
            "source": source,
            "model_version": model_version,
            "split": split,
            "results": json.dumps(results, allow_nan=False),
        },
    )


def sources(connection: Connection) -> list[str]:
    """Return the data sets that were evaluated, most recent evaluation first."""
    rows = connection.scalars(
        text("SELECT source FROM evaluations GROUP BY source ORDER BY max(id) DESC")
    )
    return list(rows)


def latest(connection: Connection, source: str) -> dict[str, KeptEvaluation]:
    """Return the last evaluation of each split on this data set, by the split's current name."""
    rows = connection.execute(
        text(
            "SELECT DISTINCT ON (split) id, evaluated_at, source, model_version, split, results "
            "FROM evaluations WHERE source = :source ORDER BY split, id DESC"
        ),
        {"source": source},
    )
    found = {}
    for row in sorted(rows, key=lambda each: int(each.id)):
        split = current_name(row.split)
        results = {**row.results, "split": split}
        found[split] = KeptEvaluation(**{**row._mapping, "split": split, "results": results})
    return found


def current_name(split: str) -> str:
    """Return the current name of a split: "cold-start-3" for "newcomers-3", its former name.

    Evaluations that were stored under former names stay in the database as they are.
    """
    name, dash, likes = split.partition("-")
    return f"{_FORMER_NAMES.get(name, name)}{dash}{likes}"
