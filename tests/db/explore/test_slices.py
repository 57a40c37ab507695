"""Filters choose the same ratings for all statistics."""

import pytest
from sqlalchemy import Connection, Engine, text

from db.explore import counts, liking
from db.explore import films as film_statistics
from db.explore.slices import EVERYTHING, Choices, Slice, choices
from db.explore.summary import Summary, summary
from db.queries import views

pytestmark = pytest.mark.data_layer

SLICES = [
    (EVERYTHING, 5),
    (Slice(genres=("Crime",)), 4),
    (Slice(genres=("Drama", "Sci-Fi")), 3),
    (Slice(genres=("Nonsense",)), 0),
    (Slice(released_from=1995), 4),
    (Slice(released_to=1979), 1),
    (Slice(released_from=1970, released_to=1974), 1),
    (Slice(genres=("Crime",), released_to=1979), 0),
    (Slice(rated_from=2000, rated_to=2000), 5),
    (Slice(rated_from=2001), 0),
    (Slice(bands=(0,)), 5),
    (Slice(bands=(1, 2)), 0),
    (Slice(genres=("Drama",), rated_to=2000, bands=(0, 5)), 2),
]


@pytest.mark.parametrize(("chosen", "ratings"), SLICES)
def test_all_statistics_use_the_same_ratings(
    connection: Connection, chosen: Slice, ratings: int
) -> None:
    assert summary(connection, chosen).ratings == ratings
    assert counts.distribution(connection, chosen)["ratings"].sum() == ratings
    assert counts.by_year(connection, chosen)["ratings"].sum() == ratings
    assert counts.people(connection, chosen)["ratings"].sum() == ratings
    if chosen.is_of_all_films:
        assert counts.by_month(connection, chosen)["ratings"].sum() == ratings
    films = film_statistics.outstanding(connection, chosen, "most", least=1)
    assert films["ratings"].sum() == ratings
    assert film_statistics.concentration(connection, chosen).films == len(films)
    assert summary(connection, chosen).films == len(films)
    assert counts.genres(connection, chosen).empty == (ratings == 0)
    assert counts.genres_by_release(connection, chosen).empty == (ratings == 0)


def test_no_films_stand_out_without_ratings(films: Engine) -> None:
    with films.begin() as connection:
        connection.execute(text("DELETE FROM ratings"))
        views.refresh(connection, concurrently=False)
        assert film_statistics.outstanding(connection, EVERYTHING, "best", least=1).empty
        assert film_statistics.concentration(connection, EVERYTHING).films == 0
        assert liking.together(connection, EVERYTHING).people == 0


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (EVERYTHING, Summary(5, 3, 3.7, 2, None)),
        (Slice(genres=("Crime",)), Summary(4, 2, 4.125, 2, None)),
        (Slice(genres=("Sci-Fi",)), Summary(1, 1, 2.0, 1, None)),
        (Slice(rated_from=2001), Summary(0, 0, None, 0, None)),
        (Slice(bands=(1,)), Summary(0, 0, None, 0, None)),
    ],
)
def test_summary_of_a_slice(connection: Connection, chosen: Slice, expected: Summary) -> None:
    assert summary(connection, chosen) == expected


def test_users_are_estimated_from_a_sample_if_they_are_many(films: Engine) -> None:
    """Of 2,000 users every second one has rated Solaris; 1,000 of them are sampled."""
    with films.begin() as connection:
        connection.execute(text("DELETE FROM ratings"))
        connection.execute(
            text("INSERT INTO users (id) SELECT generate_series(1001, 3000) ON CONFLICT DO NOTHING")
        )
        connection.execute(
            text(
                "INSERT INTO ratings (user_id, movie_id, rating, rated_at) "
                "SELECT person, film, 4, '2000-01-01' FROM generate_series(1001, 3000) AS person "
                "JOIN (SELECT id AS film, title FROM movies WHERE title IN ('Heat', 'Solaris')) "
                "AS films ON title = 'Heat' OR person % 2 = 0"
            )
        )
        views.refresh(connection, concurrently=False)
        everybody = summary(connection, EVERYTHING)
        assert (everybody.people, everybody.sample) == (2000, None)
        found = summary(connection, Slice(genres=("Sci-Fi",)))
        assert found.ratings == 1000
        assert found.sample == 1000
        assert found.people == pytest.approx(1000, rel=0.1)


def test_choices(connection: Connection) -> None:
    assert choices(connection) == Choices(
        genres=("Crime", "Drama", "Sci-Fi"),
        releases=(1970, 1975, 1980, 1985, 1990, 1995),
        years=(2000,),
    )


def test_nothing_loaded(engine: Engine) -> None:
    with engine.connect() as connection:
        assert choices(connection) == Choices((), (), ())
        assert summary(connection, EVERYTHING) == Summary(0, 0, None, 0, None)
        for read in (
            counts.by_month,
            counts.by_year,
            counts.genres,
            counts.genres_by_release,
            counts.people,
        ):
            assert read(connection, EVERYTHING).empty
        assert film_statistics.concentration(connection, EVERYTHING).films == 0
        assert liking.together(connection, EVERYTHING).people == 0
