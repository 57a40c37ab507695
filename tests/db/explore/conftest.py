"""The statistics of the Ratings page, counted by hand on five ratings.

Heat (1995, Crime): 5 and 4 stars; Fargo (1996, Crime and Drama): 4 and 3.5; Solaris (1972,
Sci-Fi): 2. Person 7 gave three of them, person 8 two; all in 2000, one in January.
"""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine


@pytest.fixture
def connection(films: Engine) -> Iterator[Connection]:
    """Yield a connection to the database with the tiny catalogue."""
    with films.connect() as connection:
        yield connection
