"""No model learns anything from TMDb, whose terms forbid it."""

import pytest
from sqlalchemy import Engine, text

from db.queries import model_versions
from recsys.training.train import train
from tests.tmdb.server import serving
from tests.tmdb.stored import fetch, link

pytestmark = pytest.mark.data_layer


@pytest.fixture
def copied_database(database_of_a_catalogue: str) -> str:
    """Return the small catalogue."""
    return database_of_a_catalogue


def _trained(engine: Engine) -> bytes:
    version = train(engine)
    with engine.connect() as connection:
        return bytes(model_versions.artefact(connection, version.id))


def test_a_model_is_the_same_with_and_without_tmdbs_details(engine: Engine) -> None:
    link(engine)
    without = _trained(engine)
    with serving() as tmdb:
        fetch(engine, tmdb, 5, 6, 7, 8)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM tmdb_words")) == 6
    assert _trained(engine) == without
