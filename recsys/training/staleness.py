"""When a new training is due, and whether a new model may replace the active one."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from db.queries import freshness, model_versions, statistics
from db.queries.freshness import Moment
from db.queries.model_versions import ModelVersion

NEW_SHARE = 0.05
MOST_DAYS = 7.0

# With so many more ratings, the hyperparameters are chosen anew. Fewer change a choice no more than
# another seed does.
RELEARN_SHARE = 0.2

# Twice the standard deviation of the gain between seeds on the demo set.
MARGIN = 0.05

# Four times the standard deviation of fits@5 between seeds, on the demo set and ml-latest-small.
PANEL_MARGIN = 0.05


def why_stale(
    connection: Connection, *, new_share: float = NEW_SHARE, days: float = MOST_DAYS
) -> str | None:
    """Return why a new training is due; None if it isn't.

    Parameters
    ----------
    connection : Connection
    new_share : float
        How many ratings may be newer than the model, relative to those it was trained on.
    days : float
        How old the model may become if there are newer ratings.

    Returns
    -------
    str or None
    """
    active = model_versions.active(connection)
    if active is None:
        return "no model is active"
    if active.is_quick:
        return "the active model is a quick one, from an incomplete training"
    load = statistics.last_load(connection)
    data = None if load is None else load.fingerprint
    if active.parameters.get("data") != data or "read_at" not in active.parameters:
        return "the active model was trained on different data"
    trained_on = int(active.parameters["ratings"])
    read_at = datetime.fromisoformat(active.parameters["read_at"])
    newer = freshness.newer_ratings(
        connection, Moment(read_at, int(active.parameters["own_ratings"]))
    )
    are_newer = "1 rating is newer" if newer == 1 else f"{newer:,} ratings are newer"
    if newer > new_share * trained_on:
        return f"{are_newer} than the model, which was trained on {trained_on:,}"
    age = datetime.now(UTC) - read_at
    if newer and age > timedelta(days=days):
        return f"the model is {age.days} days old, and {are_newer}"
    return None


def kept_choices(active: ModelVersion | None, data: str | None, ratings: int) -> dict[str, Any]:
    """Return what the active model's training chose, if another one would hardly choose otherwise.

    Parameters
    ----------
    active : ModelVersion or None
    data : str or None
        The fingerprint of the data to train on.
    ratings : int
        How many ratings there are.

    Returns
    -------
    dict of str to object
        The parameters `learned`, `gains` and `learned_on`; empty if the hyperparameters should be
        chosen anew.
    """
    if active is None or active.parameters.get("data") != data:
        return {}
    found = {each: active.parameters.get(each) for each in ("learned", "gains", "learned_on")}
    if None in found.values() or ratings > (1 + RELEARN_SHARE) * int(
        active.parameters["learned_on"]
    ):
        return {}
    return found


def why_worse(new: dict[str, Any], active: ModelVersion | None, data: str | None) -> str | None:
    """Return why a new model should not replace the active one; None if it may.

    Two metrics are compared: the gain in IPS-NDCG on held-out people
    (`recsys.training.validation`), which may be smaller by `MARGIN` of the active model's, and how
    lists fit the taste panel (`recsys.training.panel`), by `PANEL_MARGIN`. Metrics on
    different data, or that one of the models lacks, are not comparable.

    Parameters
    ----------
    new : dict
        The new model's metrics.
    active : ModelVersion or None
        The active model.
    data : str or None
        The fingerprint of the new model's data.

    Returns
    -------
    str or None
    """
    if active is None or active.parameters.get("data") != data:
        return None
    # Older versions had another gain, named "gain".
    then, now = (_metric(metrics, "ips_gain") for metrics in (active.metrics, new))
    if then is not None and now is not None and now < then * (1 - MARGIN):
        return (
            f"on held-out people it is {now:.3f} times as good as popularity, and "
            f"model {active.id} was {then:.3f} times as good; {MARGIN:.0%} less is tolerated"
        )
    then, now = (_metric(metrics, "panel_fits") for metrics in (active.metrics, new))
    if then is not None and now is not None and now < then - PANEL_MARGIN:
        return (
            f"{now:.0%} of its films for the taste panel fit, and {then:.0%} of model "
            f"{active.id}'s did; {PANEL_MARGIN:.0%} less is tolerated"
        )
    return None


def _metric(metrics: dict[str, Any], name: str) -> float | None:
    value = metrics.get(name)
    return None if value is None else float(value)
