"""Guests with films to rate."""

import pytest
from sqlalchemy import Engine, text

from recsys.serving.guests import Guests


@pytest.fixture
def guests(engine: Engine) -> Guests:
    """Return the store with films 1 to 510 in the database."""
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO movies (id, title) "
                "SELECT n, 'Film ' || n FROM generate_series(1, 510) n"
            )
        )
    return Guests(engine)
