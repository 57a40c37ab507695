"""When a model is due to be trained again, and whether a new one may take its place."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from db.queries import freshness, model_versions, statistics
from db.queries.freshness import Moment
from db.queries.model_versions import ModelVersion

NEW_SHARE = 0.05
MOST_DAYS = 7.0

# Twice the spread of the gain between seeds on the demo set.
MARGIN = 0.05


def why_stale(
    connection: Connection, *, new_share: float = NEW_SHARE, days: float = MOST_DAYS
) -> str | None:
    """Why the served model should be trained again; None when it needn't be.

    Parameters
    ----------
    connection : Connection
    new_share : float
        How many ratings may be newer than the model, as a share of those it was trained on.
    days : float
        How old it may become while there is any newer rating.
    """
    active = model_versions.active(connection)
    if active is None:
        return "no model is served"
    if active.is_quick:
        return "the served model is a quick one, from a training that didn't end"
    load = statistics.last_load(connection)
    data = None if load is None else load.fingerprint
    if active.parameters.get("data") != data or "read_at" not in active.parameters:
        return "the served model was trained on other data"
    trained_on = int(active.parameters["ratings"])
    read_at = datetime.fromisoformat(active.parameters["read_at"])
    newer = freshness.newer_ratings(
        connection, Moment(read_at, int(active.parameters["own_ratings"]))
    )
    if newer > new_share * trained_on:
        return f"{newer:,} ratings are newer than the model, which learned from {trained_on:,}"
    age = datetime.now(UTC) - read_at
    if newer and age > timedelta(days=days):
        return f"the model is {age.days} days old, and {newer:,} ratings are newer"
    return None


def why_worse(new: dict[str, Any], active: ModelVersion | None, data: str | None) -> str | None:
    """Why a new model should not take the active one's place; None when it may.

    Compared is the gain on people held out of training (`recsys.training.validation`): it may be
    smaller by `MARGIN`. Gains on other data, or without people to hold out, are not comparable.

    Parameters
    ----------
    new : dict
        The new model's metrics.
    active : ModelVersion or None
        What is served.
    data : str or None
        The new model's data.
    """
    if active is None or active.parameters.get("data") != data:
        return None
    then, now = _gain(active.metrics), _gain(new)
    if then is None or now is None or now >= then * (1 - MARGIN):
        return None
    return (
        f"on people held out it is {now:.3f} times as good as popularity, model {active.id} was "
        f"{then:.3f} times; {MARGIN:.0%} less would do"
    )


def _gain(metrics: dict[str, Any]) -> float | None:
    gain = metrics.get("ips_gain")  # versions of before had another measure, called "gain"
    return None if gain is None else float(gain)
