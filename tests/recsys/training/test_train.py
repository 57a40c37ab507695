"""Training on a real database."""

from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine, text

from db.loading import load
from db.queries import histories, model_versions, ratings, trainings, users
from db.queries.locks import BusyError, training_lock
from db.queries.model_versions import ModelVersion
from recsys.models.baselines import EASE, ITEM_KNN, Baselines
from recsys.models.model import Model
from recsys.training import memory
from recsys.training.everybody import ReplacedError
from recsys.training.memory import NotEnoughMemoryError
from recsys.training.staleness import why_stale
from recsys.training.train import NothingToTrainOnError, train
from tests.catalogue import FILMS, write_release
from tests.recsys.frames import TINY, ids, likes

pytestmark = pytest.mark.data_layer


@pytest.fixture
def loaded(engine: Engine, tmp_path: Path) -> Engine:
    """Load the small catalogue: 12 films, 8 raters."""
    load(engine, write_release(tmp_path / "small-release"))
    return engine


def _active(engine: Engine) -> ModelVersion | None:
    with engine.connect() as connection:
        return model_versions.active(connection)


def _kept(engine: Engine, version: int) -> Model:
    with engine.connect() as connection:
        return Model.from_bytes(model_versions.artefact(connection, version))


def test_model_is_stored_and_activated(loaded: Engine) -> None:
    version = train(loaded, seed=7, **TINY)
    active = _active(loaded)
    assert active is not None
    assert active == version
    read_at = datetime.fromisoformat(active.parameters["read_at"])
    assert read_at < active.created_at
    assert active.parameters == {
        **{
            **TINY,
            "learning_rate": 0.05,
            "regularisation": 1e-6,
            "most_likes": 30,
            "most_films": 5_000,
            "lightfm_share": 0.48,
            "genres_share": 0.18,
            "soon_share": 0.11,
            "dislikes": 0.2,
        },
        "seed": 7,
        "data": "small-release: 12 films, 8 people, 48 ratings",
        "ratings": 48,
        "own_ratings": 0,
        "read_at": active.parameters["read_at"],
    }
    model = _kept(loaded, version.id)
    assert model.movie_ids.tolist() == [*FILMS]
    assert "Sci-Fi" in model.genres
    assert ids(model.recommend(likes()))[0] == 5


def test_everybody_teaches_in_blocks(loaded: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """More people than fit into memory: only the trial and the scales use a sample of three."""
    at_once = _kept(loaded, train(loaded, **TINY).id)
    monkeypatch.setattr("recsys.training.blocks.MOST_PEOPLE", 3)
    monkeypatch.setattr("recsys.training.blocks.PEOPLE_A_BLOCK", 2)
    version = train(loaded, **TINY)
    assert version.parameters["ratings"] == 48
    in_blocks = _kept(loaded, version.id)
    np.testing.assert_array_equal(in_blocks.likes, at_once.likes)
    np.testing.assert_allclose(in_blocks.quality, at_once.quality, atol=1e-6)
    np.testing.assert_array_equal(in_blocks.item_item.films, at_once.item_item.films)
    assert in_blocks.item_item.weights.any()
    assert train(loaded, **TINY).sha256 == version.sha256


def test_ratings_that_are_replaced_meanwhile_end_the_training(
    loaded: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TRUNCATE, as a restored backup does it, ignores snapshots."""
    monkeypatch.setattr("recsys.training.blocks.MOST_PEOPLE", 3)

    def replace_ratings(_share: float, what: str) -> None:
        if what == "learning":
            with loaded.begin() as connection:
                connection.execute(text("TRUNCATE ratings"))

    with pytest.raises(ReplacedError, match="train again"):
        train(loaded, progress=replace_ratings, **TINY)
    with loaded.connect() as connection:
        assert trainings.running(connection) is None
        assert model_versions.active(connection) is None


def test_quick_model_is_active_until_the_training_is_complete(loaded: Engine) -> None:
    served: list[tuple[bool, str | None]] = []

    def look(share: float, what: str) -> None:
        active = _active(loaded)
        if active is not None:
            with loaded.connect() as connection:
                served.append((active.is_quick, why_stale(connection)))

    version = train(loaded, quick_first=True, progress=look, **TINY)
    assert (True, "the active model is a quick one, from an incomplete training") in served
    assert _active(loaded) == version
    assert not version.is_quick
    with loaded.connect() as connection:
        _, quick = model_versions.listed(connection)
        assert model_versions.baselines(connection, quick.id) is None
        assert model_versions.previous(model_versions.listed(connection)) is None, (
            "quick models aren't offered for a rollback"
        )
    assert quick.metrics == {}
    assert (quick.parameters["members"], quick.parameters["epochs"]) == (1, 3)
    first = _kept(loaded, quick.id)
    assert np.isnan(first.map).all()
    assert len(first.recommend(likes(1))) == 5
    assert train(loaded, **TINY).sha256 == version.sha256, "with or without a quick model"


def test_quick_model_never_replaces_a_model(loaded: Engine) -> None:
    train(loaded, **TINY)
    train(loaded, quick_first=True, **TINY)
    with loaded.connect() as connection:
        assert [each.is_quick for each in model_versions.listed(connection)] == [False, False]


def test_little_memory_trains_without_map_and_baselines(
    loaded: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = train(loaded, little_memory=True, **TINY)
    assert (version.parameters["little_memory"], version.parameters["most_films"]) == (True, 1_000)
    with loaded.connect() as connection:
        assert model_versions.baselines(connection, version.id) is None
    model = _kept(loaded, version.id)
    assert np.isnan(model.map).all()
    assert len(model.recommend(likes())) == 5

    monkeypatch.setattr(memory, "ENOUGH", 2**60)
    assert train(loaded, **TINY).sha256 == version.sha256, "decided by free memory by default"
    assert "little_memory" not in train(loaded, little_memory=False, **TINY).parameters


def test_some_memory_trains_on_fewer_films(loaded: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "ENOUGH_FOR_MOST_FILMS", 2**60)
    version = train(loaded, **TINY)
    assert version.parameters["most_films"] == 3_000
    assert "little_memory" not in version.parameters
    with loaded.connect() as connection:
        assert model_versions.baselines(connection, version.id) is not None


def test_too_little_memory_is_an_error(loaded: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "LEAST", 2**60)
    with pytest.raises(NotEnoughMemoryError):
        train(loaded, **TINY)
    assert _active(loaded) is None
    with loaded.connect() as connection:
        (training,) = trainings.listed(connection)
    assert "less is free" in (training.problem or "")


def test_model_can_be_stored_without_activation(loaded: Engine) -> None:
    first = train(loaded, **TINY)
    second = train(loaded, activate=False, seed=7, **TINY)
    assert _active(loaded) == first
    assert not second.is_active
    with loaded.connect() as connection:
        versions = model_versions.listed(connection)
    assert [(each.id, each.is_active) for each in versions] == [
        (second.id, False),
        (first.id, True),
    ]


def test_same_data_and_seed_give_the_same_bytes(loaded: Engine, tmp_path: Path) -> None:
    first = train(loaded, **TINY)
    assert train(loaded, **TINY).sha256 == first.sha256
    assert train(loaded, seed=7, **TINY).sha256 != first.sha256

    load(loaded, tmp_path / "small-release")
    assert train(loaded, **TINY).sha256 == first.sha256

    with loaded.begin() as connection:
        user = users.register(connection, email="a@b.org", name="", password_hash="x")
        ratings.put(connection, user.id, 12, 5.0)
    assert train(loaded, **TINY).sha256 != first.sha256


@pytest.mark.parametrize("has_films", [True, False])
def test_training_without_ratings_is_an_error(engine: Engine, has_films: bool) -> None:
    if has_films:
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO movies (id, title) VALUES (1, 'Heat')"))
    with pytest.raises(NothingToTrainOnError, match="python -m recsys load demo"):
        train(engine)
    assert _active(engine) is None


def test_dislikes_alone_give_a_popularity_model(loaded: Engine) -> None:
    with loaded.begin() as connection:
        connection.execute(text("UPDATE ratings SET rating = 2"))
    version = train(loaded, **TINY)
    items = _kept(loaded, version.id).recommend(likes(2), k=20)
    assert len(items) == 11
    assert {item.score for item in items} == {0.0}, "there are no likes"


def test_one_training_at_a_time(loaded: Engine) -> None:
    with training_lock(loaded), pytest.raises(BusyError, match="under way"):
        train(loaded, **TINY)
    train(loaded, **TINY)
    with pytest.raises(TypeError, match="layers"):
        train(loaded, layers=3)
    train(loaded, **TINY)


def test_progress_rises_from_zero_to_one(loaded: Engine) -> None:
    reported: list[tuple[float, str]] = []
    train(loaded, progress=lambda share, what: reported.append((share, what)), **TINY)
    shares = [share for share, _ in reported]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)
    assert reported[0][1] == "reading the ratings"
    assert len({*shares}) > 10


def test_exception_in_progress_stops_the_training_and_stores_nothing(loaded: Engine) -> None:
    def cancel(share: float, what: str) -> None:
        if share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(loaded, progress=cancel, **TINY)
    assert _active(loaded) is None
    train(loaded, **TINY)


def test_rating_during_the_training_is_not_lost(loaded: Engine) -> None:
    """It belongs to the next training; this one has read its snapshot."""

    def rate(share: float, what: str) -> Any:
        if what == "storing the model":
            with loaded.begin() as connection:
                ratings.put(connection, 1, 12, 5.0)

    first = train(loaded, progress=rate, **TINY)
    with loaded.connect() as connection:
        assert 12 in set(histories.frame(connection, 1)["movie_id"])
    assert train(loaded, **TINY).sha256 != first.sha256


def test_baselines_from_the_same_likes_are_stored_with_the_model(loaded: Engine) -> None:
    kept = []
    for _ in range(2):
        version = train(loaded, **TINY)
        with loaded.connect() as connection:
            kept.append(model_versions.baselines(connection, version.id))
    assert kept[0] is not None
    assert kept[0] == kept[1]
    baselines = Baselines.from_bytes(kept[0])
    for name in (ITEM_KNN, EASE):
        # Three of four people who like Alien also like Aliens or Fargo.
        assert {*ids(baselines.recommend(name, likes(4), k=2))} == {3, 5}, name


def test_training_is_recorded_with_its_model(loaded: Engine) -> None:
    version = train(loaded, started_from="a test", **TINY)
    with loaded.connect() as connection:
        (training,) = trainings.listed(connection)
    assert (training.started_from, training.model_version) == ("a test", version.id)
