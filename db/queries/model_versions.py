"""Model versions: parameters, metrics and artefacts, shared by all replicas."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text


@dataclass(frozen=True)
class ModelVersion:
    """A trained model without its artefact; `activated_at` is when it was last activated."""

    id: int
    created_at: datetime
    parameters: dict[str, Any]
    metrics: dict[str, Any]
    sha256: str
    is_active: bool
    activated_at: datetime | None
    size: int

    @property
    def is_quick(self) -> bool:
        """Whether it is a stopgap, served only until a training is done."""
        return bool(self.parameters.get("quick"))


@dataclass(frozen=True)
class ServingState:
    """What determines the model to serve; when it changes, the model must be loaded again."""

    version: int | None
    sha256: str | None
    load: int | None


_COLUMNS = (
    "id, created_at, parameters, metrics, sha256, is_active, activated_at, length(artefact) AS size"
)


class UnknownVersionError(ValueError):
    """There is no model version with this number."""


def store(
    connection: Connection,
    artefact: bytes,
    parameters: dict[str, Any],
    metrics: dict[str, Any] | None = None,
    baselines: bytes | None = None,
) -> ModelVersion:
    """Store a trained model and its baselines; it isn't served until it is activated."""
    row = connection.execute(
        text(
            "INSERT INTO model_versions (parameters, metrics, artefact, sha256, peers) VALUES "
            "(CAST(:parameters AS jsonb), CAST(:metrics AS jsonb), :artefact, :sha256, :peers) "
            f"RETURNING {_COLUMNS}"
        ),
        {
            "parameters": json.dumps(parameters),
            "metrics": json.dumps(metrics or {}),
            "artefact": artefact,
            "sha256": hashlib.sha256(artefact).hexdigest(),
            "peers": baselines,
        },
    ).one()
    return ModelVersion(**row._mapping)


def activate(connection: Connection, version: int) -> ModelVersion:
    """Make this version the active one and return it.

    Parameters
    ----------
    connection : Connection
    version : int

    Returns
    -------
    ModelVersion

    Raises
    ------
    UnknownVersionError
        If there is no such version; the active one stays.
    """
    known = connection.scalar(
        text("SELECT true FROM model_versions WHERE id = :id FOR UPDATE"), {"id": version}
    )
    if not known:
        raise _unknown(version)
    connection.execute(
        text("UPDATE model_versions SET is_active = false WHERE is_active AND id <> :id"),
        {"id": version},
    )
    connection.execute(
        text(
            "UPDATE model_versions SET is_active = true, activated_at = clock_timestamp() "
            "WHERE id = :id AND NOT is_active"
        ),
        {"id": version},
    )
    row = connection.execute(
        text(f"SELECT {_COLUMNS} FROM model_versions WHERE id = :id"), {"id": version}
    ).one()
    return ModelVersion(**row._mapping)


def serving_state(connection: Connection) -> ServingState:
    """Return the active version and the last data load, in one cheap query."""
    row = connection.execute(
        text(
            "SELECT id AS version, sha256, last.load FROM (SELECT max(id) AS load FROM loads) last "
            "LEFT JOIN model_versions ON is_active"
        )
    ).one()
    return ServingState(**row._mapping)


def listed(connection: Connection) -> list[ModelVersion]:
    """Return every version, newest first."""
    rows = connection.execute(text(f"SELECT {_COLUMNS} FROM model_versions ORDER BY id DESC"))
    return [ModelVersion(**row._mapping) for row in rows]


def active(connection: Connection) -> ModelVersion | None:
    """Return the active version; None before the first training."""
    row = connection.execute(
        text(f"SELECT {_COLUMNS} FROM model_versions WHERE is_active")
    ).one_or_none()
    return None if row is None else ModelVersion(**row._mapping)


def previous(versions: Sequence[ModelVersion]) -> ModelVersion | None:
    """Return the version that was active before; None if there was none but a quick one."""
    others = [
        each
        for each in versions
        if not each.is_active and each.activated_at is not None and not each.is_quick
    ]
    return max(others, key=lambda each: (each.activated_at, each.id), default=None)


def artefact(connection: Connection, version: int) -> bytes:
    """Return the artefact that `recsys.models.model.Model` is read from."""
    data = connection.scalar(
        text("SELECT artefact FROM model_versions WHERE id = :id"), {"id": version}
    )
    if data is None:
        raise _unknown(version)
    return bytes(data)


def baselines(connection: Connection, version: int) -> bytes | None:
    """Return the bytes of `recsys.models.baselines.Baselines`; None if none were stored."""
    data = connection.scalar(
        text("SELECT peers FROM model_versions WHERE id = :id"), {"id": version}
    )
    return None if data is None else bytes(data)


def _unknown(version: int) -> UnknownVersionError:
    return UnknownVersionError(
        f"there is no model version {version}: `python -m recsys models` lists the available ones"
    )
