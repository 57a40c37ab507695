"""What evaluations found, for the Quality page."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text


@dataclass(frozen=True)
class KeptEvaluation:
    """One split's figures, as `recsys.evaluation.run.Evaluation` has them, in `results`."""

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
    """Write a split's figures down; `model_version` is the one that was served meanwhile."""
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
    """The data sets that were evaluated, the one evaluated last first."""
    rows = connection.scalars(
        text("SELECT source FROM evaluations GROUP BY source ORDER BY max(id) DESC")
    )
    return list(rows)


def latest(connection: Connection, source: str) -> dict[str, KeptEvaluation]:
    """The last evaluation of each split on this data set, by the split's name."""
    rows = connection.execute(
        text(
            "SELECT DISTINCT ON (split) id, evaluated_at, source, model_version, split, results "
            "FROM evaluations WHERE source = :source ORDER BY split, id DESC"
        ),
        {"source": source},
    )
    return {row.split: KeptEvaluation(**row._mapping) for row in rows}
