"""Films whose titles are searched."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine

from tests.db.queries.search.titles import fill


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """Yield a connection to a database with the titles to search."""
    fill(engine)
    with engine.connect() as connection:
        yield connection
