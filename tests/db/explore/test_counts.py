"""Ratings by stars, months, genres and activity."""

import pytest
from sqlalchemy import Connection, Engine, text

from db.explore import counts
from db.explore.slices import BANDS, EVERYTHING, Slice
from db.queries import views

pytestmark = pytest.mark.data_layer


def test_stars(connection: Connection) -> None:
    frame = counts.distribution(connection, EVERYTHING)
    assert frame["rating"].tolist() == [half / 2 for half in range(1, 11)]
    assert frame["ratings"].tolist() == [0, 0, 0, 1, 0, 0, 1, 2, 0, 1]
    assert frame["share"].sum() == pytest.approx(1)


def test_months_are_in_utc(connection: Connection) -> None:
    frame = counts.by_month(connection, EVERYTHING)
    assert frame["period"].dt.strftime("%Y-%m-%d").tolist() == ["2000-01-01", "2000-02-01"]
    assert frame["ratings"].tolist() == [1, 4]
    assert frame["people"].tolist() == [1, 2]
    assert frame["mean"].tolist() == pytest.approx([5.0, 3.375])


def test_months_and_years_without_ratings_are_included(films: Engine) -> None:
    with films.begin() as connection:
        connection.execute(
            text("UPDATE ratings SET rated_at = '2002-03-01' WHERE rating = 2.0 AND movie_id = 4")
        )
        views.refresh(connection)
        months = counts.by_month(connection, EVERYTHING)
        years = counts.by_year(connection, EVERYTHING)
    assert len(months) == 27
    assert months["ratings"].sum() == 5
    assert years["period"].dt.year.tolist() == [2000, 2001, 2002]
    assert years["ratings"].tolist() == [4, 0, 1]
    assert years["mean"].isna().tolist() == [False, True, False]


def test_film_of_two_genres_counts_in_both(connection: Connection) -> None:
    frame = counts.genres(connection, EVERYTHING)
    assert frame["genre"].tolist() == ["Crime", "Drama", "Sci-Fi"]
    assert frame["ratings"].tolist() == [4, 2, 1]
    assert frame["share"].tolist() == pytest.approx([0.8, 0.4, 0.2])
    assert frame["mean"].tolist() == pytest.approx([4.125, 3.75, 2.0])
    assert frame["liked"].tolist() == pytest.approx([0.75, 0.5, 0])


def test_genres_by_years_of_release(connection: Connection) -> None:
    frame = counts.genres_by_release(connection, EVERYTHING)
    assert list(frame[["genre", "release", "ratings"]].itertuples(index=False, name=None)) == [
        ("Crime", 1995, 4),
        ("Drama", 1995, 2),
        ("Sci-Fi", 1970, 1),
    ]
    assert frame["share"].tolist() == [1, 0.5, 1]


def test_users_by_activity(films: Engine) -> None:
    with films.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO movies (id, title) SELECT id, 'Film ' || id "
                "FROM generate_series(101, 118) AS id"
            )
        )
        connection.execute(
            text(
                "INSERT INTO ratings (user_id, movie_id, rating, rated_at) "
                "SELECT 8, id, 3, '2001-01-01' FROM generate_series(101, 118) AS id"
            )
        )
        views.refresh(connection)
        frame = counts.people(connection, EVERYTHING)
        of_2001 = counts.people(connection, Slice(rated_from=2001, rated_to=2001))
    assert frame["activity"].tolist() == ["under 20", "20-49"]
    assert frame["people"].tolist() == [1, 1]
    assert frame["ratings"].tolist() == [3, 20]
    assert frame["ratings_share"].tolist() == pytest.approx([3 / 23, 20 / 23])
    assert of_2001["people"].tolist() == [1, 1]
    assert of_2001["ratings"].tolist() == [0, 18]


def test_bands_have_the_limits_in_their_names(connection: Connection) -> None:
    (definition,) = connection.execute(text("SELECT pg_get_viewdef('raters'::regclass)")).one()
    limits = [band.split("-")[0].split()[0] for band in BANDS[1:]]
    assert "ARRAY[" + ", ".join(f"({limit})::bigint" for limit in limits) in definition
