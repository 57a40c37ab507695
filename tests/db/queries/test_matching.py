"""Films by the ids of other services."""

import pytest
from sqlalchemy import Engine, text

from db.queries import matching
from db.queries.matching import Candidate

pytestmark = pytest.mark.data_layer

HEAT = Candidate(1, "Heat", 1995, 113277, 949, 2)
FARGO = Candidate(2, "Fargo", 1996, None, 275, 2)
UNTIMELY = Candidate(3, "Untimely", None, None, 275, 0)
SOLARIS = Candidate(4, "Solaris", 1972, None, None, 1)


@pytest.fixture
def numbered(films: Engine) -> Engine:
    """Return the tiny catalogue, with the ids of two services."""
    with films.begin() as connection:
        connection.execute(
            text(
                "UPDATE movies SET imdb_id = 113277, tmdb_id = 949 WHERE id = 1;"
                "UPDATE movies SET tmdb_id = 275 WHERE id IN (2, 3)"
            )
        )
    return films


def test_all_films(numbered: Engine) -> None:
    with numbered.connect() as connection:
        assert matching.all_films(connection) == [HEAT, FARGO, UNTIMELY, SOLARIS]


def test_by_ids(numbered: Engine) -> None:
    cases: list[tuple[set[int], set[int], set[int], list[Candidate]]] = [
        ({4, 99}, set(), set(), [SOLARIS]),
        (set(), {113277, 1}, set(), [HEAT]),
        (set(), set(), {275}, [FARGO, UNTIMELY]),
        ({1}, {113277}, {949, 275}, [HEAT, FARGO, UNTIMELY]),
        (set(), set(), set(), []),
    ]
    with numbered.connect() as connection:
        for ids, imdb_ids, tmdb_ids, expected in cases:
            found = matching.by_numbers(connection, ids=ids, imdb_ids=imdb_ids, tmdb_ids=tmdb_ids)
            assert found == expected
