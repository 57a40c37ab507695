"""Films in memory, until a data load or for a minute."""

import pytest
from sqlalchemy import Engine, text

from recsys.serving import film_cache
from recsys.serving.film_cache import FilmCache

pytestmark = pytest.mark.data_layer


@pytest.fixture
def copied_database(database_of_a_catalogue: str) -> str:
    """Return a database with 12 films."""
    return database_of_a_catalogue


def _retitle(engine: Engine, movie_id: int, title: str) -> None:
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE movies SET title = :title WHERE id = :id"),
            {"title": title, "id": movie_id},
        )


def test_films_come_in_the_order_of_the_request_without_unknown_ones(engine: Engine) -> None:
    some = FilmCache(1)
    assert [*some.get(engine, [7, 99, 2])] == [7, 2]
    assert [*some.get(engine, [2, 3, 7])] == [2, 3, 7]


def test_a_film_is_read_once(engine: Engine) -> None:
    some = FilmCache(1)
    before = some.get(engine, [7])
    _retitle(engine, 7, "Another")
    assert some.get(engine, [7]) == before
    assert some.get(engine, [7, 8])[7] == before[7]
    assert FilmCache(1).get(engine, [7])[7].title == "Another"


def test_films_are_kept_for_a_load_and_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    some = FilmCache(1)
    assert some.are_of(1)
    assert not some.are_of(2)
    monkeypatch.setattr(film_cache, "LAST_SECONDS", 0.0)
    assert not some.are_of(1)
