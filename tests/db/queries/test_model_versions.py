"""Model versions are stored, and activated one at a time."""

import hashlib

import pytest
from sqlalchemy import Engine

from db.queries import model_versions
from db.queries.model_versions import UnknownVersionError

pytestmark = pytest.mark.data_layer


def test_stored_version_is_served_only_after_activation(engine: Engine) -> None:
    with engine.begin() as connection:
        first = model_versions.store(connection, b"artefact", {"seed": 42})
        assert model_versions.active(connection) is None
        model_versions.activate(connection, first.id)
        active = model_versions.active(connection)
    assert active is not None
    assert active.id == first.id
    assert active.parameters == {"seed": 42}
    assert (active.sha256, active.size) == (hashlib.sha256(b"artefact").hexdigest(), 8)
    with engine.connect() as connection:
        assert model_versions.artefact(connection, first.id) == b"artefact"


def test_baselines_are_stored_with_the_artefact(engine: Engine) -> None:
    with engine.begin() as connection:
        alone = model_versions.store(connection, b"artefact", {})
        beside = model_versions.store(connection, b"artefact", {}, baselines=b"baselines")
        assert model_versions.baselines(connection, alone.id) is None
        assert model_versions.baselines(connection, beside.id) == b"baselines"
        assert model_versions.artefact(connection, beside.id) == b"artefact"
    assert alone.sha256 == beside.sha256


def test_one_version_is_active_at_a_time(engine: Engine) -> None:
    with engine.begin() as connection:
        first = model_versions.store(connection, b"1", {})
        second = model_versions.store(connection, b"2", {})
        model_versions.activate(connection, first.id)
        model_versions.activate(connection, second.id)
        versions = model_versions.listed(connection)
        state = model_versions.serving_state(connection)
    assert [(version.id, version.is_active) for version in versions] == [
        (second.id, True),
        (first.id, False),
    ]
    assert (state.version, state.sha256) == (second.id, second.sha256)


def test_previous_version_is_the_one_active_before(engine: Engine) -> None:
    with engine.begin() as connection:
        first, _never, third = (
            model_versions.store(connection, each, {}).id for each in (b"1", b"2", b"3")
        )
        assert model_versions.previous(model_versions.listed(connection)) is None
        model_versions.activate(connection, first)
        assert model_versions.previous(model_versions.listed(connection)) is None
        for version, before in ((third, first), (third, first), (first, third)):
            model_versions.activate(connection, version)
            found = model_versions.previous(model_versions.listed(connection))
            assert found is not None
            assert found.id == before


def test_unknown_version_changes_nothing(engine: Engine) -> None:
    with engine.begin() as connection:
        version = model_versions.store(connection, b"1", {})
        model_versions.activate(connection, version.id)
    with engine.begin() as connection, pytest.raises(UnknownVersionError, match="version 999"):
        model_versions.activate(connection, 999)
    with engine.connect() as connection:
        assert model_versions.serving_state(connection).version == version.id
        with pytest.raises(UnknownVersionError):
            model_versions.artefact(connection, 999)


def test_before_the_first_model(engine: Engine) -> None:
    with engine.connect() as connection:
        state = model_versions.serving_state(connection)
    assert (state.version, state.sha256, state.load) == (None, None, None)
