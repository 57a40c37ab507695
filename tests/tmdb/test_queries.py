"""What is stored of TMDb's details, for how long, and what is shown."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from db.loading import load
from db.queries import movies
from db.queries import tmdb as queries
from db.queries.tmdb import Offered, Pictures, Wanted
from tests.catalogue import write_release
from tests.tmdb.server import Tmdb
from tests.tmdb.stored import age, fetch, link

pytestmark = pytest.mark.data_layer


@pytest.fixture
def copied_database(database_of_a_catalogue: str) -> str:
    """Return the small catalogue."""
    return database_of_a_catalogue


@pytest.fixture
def linked(engine: Engine) -> Engine:
    """Return the catalogue with numbers of TMDb and IMDb."""
    link(engine)
    return engine


def test_which_films_are_wanted(linked: Engine, tmdb: Tmdb) -> None:
    with linked.begin() as connection:
        connection.execute(
            text("INSERT INTO movie_details (movie_id, imdb_number) VALUES (4, 40), (5, 50)")
        )
        every = queries.wanted(connection)
        assert sorted(every) == [
            Wanted(4, None, 40),
            Wanted(5, None, 7),  # the data set's number counts more than a match of titles
            Wanted(6, 404, None),
            Wanted(7, 9007, 70),
            Wanted(8, 9008, None),
        ]
        assert [each.movie_id for each in every] == [6, 7, 8, 5, 4]  # the most rated ones first
        assert queries.wanted(connection, [1, 7]) == [Wanted(7, 9007, 70)]
    fetch(linked, tmdb, 6, 7)
    with linked.begin() as connection:
        assert queries.wanted(connection, [6, 7]) == []
        age(connection, 6, queries.FRESH_DAYS - 1)
        age(connection, 7, queries.FRESH_DAYS + 1)
        assert queries.wanted(connection, [6, 7]) == [Wanted(7, 9007, 70)]
        assert queries.of_film(connection, 7, "en") is not None  # shown meanwhile


def test_what_is_shown(linked: Engine, tmdb: Tmdb) -> None:
    fetch(linked, tmdb, 5, 6, 7, 8)
    with linked.connect() as connection:
        english = queries.of_film(connection, 7, "en")
        assert english is not None
        assert english == (
            "A keeper counts ships that never come.",
            "Somebody left the light on.",
            "trailEnOwn",
            "/posterSevenEn.jpg",
            "/backSeven.jpg",
            "en",
            ["NO", "GB"],
            True,
        )
        russian = queries.of_film(connection, 7, "ru")
        assert russian is not None
        assert russian[:4] == (
            "Смотритель считает корабли, которых нет.",
            "Somebody left the light on.",
            "trailEnOwn",
            "/posterSevenRu.png",
        )
        assert queries.of_film(connection, 5, "en") == english
        assert queries.of_film(connection, 8, "ru") == (*(None,) * 6, [], True)
        assert queries.of_film(connection, 6, "en") is None  # TMDb doesn't have it
        assert queries.of_film(connection, 1, "en") is None

        assert queries.offers(connection, 7, "US") == [
            Offered("stream", "Northstream"),
            Offered("buy", "Kiosk"),
        ]
        assert queries.offers(connection, 7, "RU") == [Offered("stream", "Маячок")]
        assert queries.offers(connection, 7, "FR") == []
        assert queries.pictures(connection, [1, 6, 7, 8]) == {
            6: Pictures(False, False, True),
            7: Pictures(True, True, True),
            8: Pictures(False, False, True),
        }
        assert queries.path(connection, 7, "poster", "ru") == "/posterSevenRu.png"
        assert queries.path(connection, 7, "backdrop", "ru") == "/backSeven.jpg"
        assert queries.path(connection, 8, "poster", "en") is None
        assert queries.path(connection, 1, "poster", "en") is None


def test_nothing_is_shown_after_six_months(linked: Engine, tmdb: Tmdb) -> None:
    fetch(linked, tmdb, 7, 8)
    with linked.begin() as connection:
        age(connection, 7, 181)
        age(connection, 8, 179)
        assert queries.of_film(connection, 7, "en") is None
        assert queries.offers(connection, 7, "US") == []
        assert list(queries.pictures(connection, [7, 8])) == [8]
        assert queries.path(connection, 7, "poster", "en") is None
        assert queries.delete_expired(connection) == 1
        for table in queries.TABLES:
            found = connection.scalars(text(f"SELECT DISTINCT movie_id FROM {table}")).all()
            assert set(found) <= {8}


def test_films_that_stream_in_a_country(linked: Engine, tmdb: Tmdb) -> None:
    fetch(linked, tmdb, 5, 7, 8)
    with linked.begin() as connection:
        assert sorted(movies.matching_ids(connection, stream_in="US")) == [5, 7]
        assert movies.matching_ids(connection, stream_in="US", genres=["Western"]) == [7]
        assert movies.matching_ids(connection, stream_in="FR") == []
        age(connection, 5, 181)
        assert movies.matching_ids(connection, stream_in="US") == [7]


def test_films_of_a_language_and_a_country(linked: Engine, tmdb: Tmdb) -> None:
    fetch(linked, tmdb, 6, 7, 8)
    with linked.begin() as connection:
        assert movies.matching_ids(connection, original_language="en") == [7]
        assert movies.matching_ids(connection, original_language="fr") == []
        assert movies.matching_ids(connection, made_in="NO") == [7]
        assert movies.matching_ids(connection, made_in="GB", original_language="en") == [7]
        assert movies.matching_ids(connection, made_in="US") == []
        extent = movies.extent(connection)
        assert (extent.languages, extent.countries) == ({"en": 1}, {"GB": 1, "NO": 1})
        age(connection, 7, 181)
        assert movies.matching_ids(connection, made_in="NO") == []
        assert movies.extent(connection).languages == {}


def test_a_film_is_stored_anew(linked: Engine, tmdb: Tmdb) -> None:
    fetch(linked, tmdb, 7)
    with linked.begin() as connection:
        age(connection, 7, 31)
    tmdb.films[9007] = {"id": 9007, "overview": "Another plot."}
    fetch(linked, tmdb, 7)
    with linked.connect() as connection:
        shown = queries.of_film(connection, 7, "ru")
        assert shown is not None
        assert (shown.plot, shown.tagline, shown.poster) == ("Another plot.", None, None)
        assert queries.offers(connection, 7, "US") == []


def test_a_film_that_has_gone_is_not_stored(linked: Engine) -> None:
    with linked.begin() as connection:
        queries.store(connection, 4711, None)
        assert connection.scalar(text("SELECT count(*) FROM tmdb_films")) == 0


def test_another_film_with_the_number_gets_no_details_of_the_former(
    linked: Engine, tmdb: Tmdb, tmp_path: Path
) -> None:
    fetch(linked, tmdb, 7, 8)
    folder = write_release(tmp_path / "small-release")
    movies = folder / "movies.csv"
    movies.write_text(movies.read_text().replace("Unforgiven (1992)", "Tootsie (1982)"))
    load(linked, folder)
    with linked.connect() as connection:
        assert list(queries.pictures(connection, [7, 8])) == [8]
