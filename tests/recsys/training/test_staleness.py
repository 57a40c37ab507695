"""When a training is due, and when a new model may replace the active one."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from db.loading import load
from db.queries import model_versions, ratings, users
from db.queries.model_versions import ModelVersion
from recsys.training.staleness import kept_choices, why_stale, why_worse
from recsys.training.train import train
from tests.catalogue import write_release
from tests.recsys.frames import TINY

pytestmark = pytest.mark.data_layer


@pytest.fixture
def trained(engine: Engine, tmp_path: Path) -> Engine:
    """Load 48 ratings and train a model on them."""
    load(engine, write_release(tmp_path / "small-release"))
    train(engine, **TINY)
    return engine


def _stale(engine: Engine, **limits: float) -> str | None:
    with engine.connect() as connection:
        return why_stale(connection, **limits)


def _rate(connection: Connection, films: int) -> None:
    person = users.register(connection, email="a@example.com", name="", password_hash="x")
    for film in list(connection.scalars(text("SELECT id FROM movies ORDER BY id")))[:films]:
        ratings.put(connection, person.id, film, 4.0)


def test_new_model_is_not_stale(trained: Engine) -> None:
    assert _stale(trained) is None
    assert _stale(trained, new_share=0.0, days=0.0) is None


def test_training_is_due_without_a_model(engine: Engine) -> None:
    assert _stale(engine) == "no model is active"


def test_many_new_ratings_make_a_model_stale(trained: Engine) -> None:
    with trained.begin() as connection:
        _rate(connection, 3)
    assert _stale(trained) == "3 ratings are newer than the model, which was trained on 48"
    assert _stale(trained, new_share=0.1) is None


def test_imported_ratings_with_old_dates_count_as_new(trained: Engine) -> None:
    with trained.begin() as connection:
        _rate(connection, 3)
        connection.execute(text("UPDATE ratings SET rated_at = '2001-01-01' WHERE is_own"))
    assert _stale(trained) == "3 ratings are newer than the model, which was trained on 48"


def test_age_only_counts_with_new_ratings(trained: Engine) -> None:
    with trained.begin() as connection:
        connection.execute(
            text(
                "UPDATE model_versions SET parameters = jsonb_set(parameters, '{read_at}', "
                "to_jsonb(now() - interval '9 days'))"
            )
        )
    assert _stale(trained) is None
    with trained.begin() as connection:
        _rate(connection, 1)
    assert _stale(trained) == "the model is 9 days old, and 1 rating is newer"
    assert _stale(trained, days=10) is None


def test_different_data_makes_a_model_stale(trained: Engine, tmp_path: Path) -> None:
    load(trained, write_release(tmp_path / "another-release"))
    assert _stale(trained) == "the active model was trained on different data"


@pytest.mark.parametrize(
    ("data", "ratings", "are_kept"),
    [("demo", 1_000, True), ("demo", 1_200, True), ("demo", 1_201, False), ("other", 1_000, False)],
)
def test_choices_are_kept_until_a_fifth_of_the_ratings_is_new(
    data: str, ratings: int, are_kept: bool
) -> None:
    chosen = {"learned": {"ridge": 400.0}, "gains": {"ease": 0.1}, "learned_on": 1_000}
    version = _version(1.2)
    active = replace(version, parameters={**version.parameters, **chosen})
    assert kept_choices(active, data, ratings) == (chosen if are_kept else {})


def test_a_model_without_choices_has_none_to_keep() -> None:
    assert kept_choices(None, "demo", 1_000) == {}
    assert kept_choices(_version(1.2), "demo", 1_000) == {}


def _version(gain: float | None, **others: float) -> ModelVersion:
    metrics = {**({} if gain is None else {"ips_gain": gain}), **others}
    return ModelVersion(
        id=3,
        created_at=None,  # type: ignore[arg-type]
        parameters={"data": "demo"},
        metrics=metrics,
        sha256="",
        is_active=True,
        size=1,
        activated_at=None,
    )


@pytest.mark.parametrize(
    ("new", "active", "data", "may"),
    [
        ({"ips_gain": 1.15}, _version(1.2), "demo", True),
        ({"ips_gain": 1.13}, _version(1.2), "demo", False),
        ({"ips_gain": 0.5}, _version(1.2), "other", True),
        ({"ips_gain": 0.5}, _version(None), "demo", True),
        ({}, _version(1.2), "demo", True),
        ({"ips_gain": 0.5}, None, "demo", True),
        ({"panel_fits": 0.76}, _version(None, panel_fits=0.8), "demo", True),
        ({"panel_fits": 0.74}, _version(None, panel_fits=0.8), "demo", False),
        ({"ips_gain": 1.2, "panel_fits": 0.1}, _version(1.2, panel_fits=0.8), "demo", False),
        ({"panel_fits": 0.1}, _version(None, panel_fits=0.8), "other", True),
        ({}, _version(None, panel_fits=0.8), "demo", True),
    ],
)
def test_which_models_may_replace_the_active_one(
    new: dict[str, Any], active: ModelVersion | None, data: str, may: bool
) -> None:
    assert (why_worse(new, active, data) is None) == may


def test_worse_model_is_stored_but_not_activated(
    trained: Engine, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with trained.begin() as connection:
        active = model_versions.active(connection)
        connection.execute(text("UPDATE model_versions SET metrics = '{\"ips_gain\": 1.3}'"))
    assert active is not None
    _with_gain(monkeypatch, 1.1)
    version = train(trained, seed=7, **TINY)
    assert not version.is_active
    assert "1.100 times as good as popularity, and model" in version.metrics["not_served"]
    assert "stored but not activated" in caplog.text
    with trained.connect() as connection:
        served = model_versions.active(connection)
    assert served is not None
    assert served.id == active.id

    _with_gain(monkeypatch, 1.29)
    assert train(trained, seed=7, **TINY).is_active


def test_unreadable_model_is_always_replaced(
    trained: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with trained.begin() as connection:
        connection.execute(
            text("UPDATE model_versions SET artefact = 'no model', metrics = '{\"ips_gain\": 9}'")
        )
    _with_gain(monkeypatch, 1.1)
    assert train(trained, **TINY).is_active


def _with_gain(monkeypatch: pytest.MonkeyPatch, gain: float) -> None:
    """Replace the validation, because the small release has too few people to hold out."""
    from recsys.models.blend import Validation
    from recsys.training import validation

    held: Callable[..., Any] = lambda likes, _seed: validation.HeldOut(likes, likes.people[:0], [])  # noqa: E731
    monkeypatch.setattr(validation, "hold_out_people", held)
    monkeypatch.setattr(validation, "validate", lambda _model, _held: Validation(9, gain))
