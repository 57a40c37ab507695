"""Films that IMDb's files have."""

import pytest
from sqlalchemy import Engine, text


@pytest.fixture
def linked(films: Engine) -> Engine:
    """Return the engine of a database in which Heat and Fargo have IMDb's numbers."""
    with films.begin() as connection:
        connection.execute(text("UPDATE movies SET imdb_id = 113277 WHERE id = 1"))
        connection.execute(text("UPDATE movies SET imdb_id = 116282 WHERE id = 2"))
    return films
