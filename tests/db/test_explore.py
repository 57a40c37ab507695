"""The figures of the Ratings page through its filters, counted by hand on five ratings.

Heat (1995, Crime): 5 and 4 stars; Fargo (1996, Crime and Drama): 4 and 3.5; Solaris (1972,
Sci-Fi): 2. Person 7 gave three of them, person 8 two; all in 2000, one in January.
"""

from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from db.explore import counts, liking
from db.explore import films as film_figures
from db.explore.slices import BANDS, EVERYTHING, Choices, Slice, choices
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


@pytest.fixture
def connection(films: Engine) -> Any:
    with films.connect() as connection:
        yield connection


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
    films = film_figures.outstanding(connection, chosen, "most", least=1)
    assert films["ratings"].sum() == ratings
    assert film_figures.concentration(connection, chosen).films == len(films)
    assert summary(connection, chosen).films == len(films)
    assert counts.genres(connection, chosen).empty == (ratings == 0)
    assert counts.genres_by_release(connection, chosen).empty == (ratings == 0)


def test_no_films_stand_out_without_ratings(films: Engine) -> None:
    with films.begin() as connection:
        connection.execute(text("DELETE FROM ratings"))
        views.refresh(connection, concurrently=False)
        assert film_figures.outstanding(connection, EVERYTHING, "best", least=1).empty
        assert film_figures.concentration(connection, EVERYTHING).films == 0
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


def test_films_by_bayesian_mean(connection: Connection) -> None:
    frame = film_figures.outstanding(connection, EVERYTHING, "best", least=1)
    # Three rated films, five ratings: each film gets 5/3 ratings at the overall mean 3.7.
    weight, mean = 5 / 3, 3.7
    assert frame["title"].tolist() == ["Heat", "Fargo", "Solaris"]
    assert frame["bayesian_mean"].tolist() == pytest.approx(
        [
            (9.0 + weight * mean) / (2 + weight),
            (7.5 + weight * mean) / (2 + weight),
            (2.0 + weight * mean) / (1 + weight),
        ]
    )
    in_movie_stats = connection.execute(
        text("SELECT bayesian_mean FROM movie_stats ORDER BY bayesian_mean DESC")
    )
    assert frame["bayesian_mean"].tolist() == pytest.approx(in_movie_stats.scalars().all())


def test_disputed_films_have_the_widest_spread(connection: Connection) -> None:
    frame = film_figures.outstanding(connection, EVERYTHING, "disputed", least=2)
    assert frame["title"].tolist() == ["Heat", "Fargo"]
    assert frame["deviation"].tolist() == pytest.approx([0.5, 0.25])


def test_underrated_films_are_in_the_quarter_with_the_fewest_ratings(
    connection: Connection,
) -> None:
    frame = film_figures.outstanding(connection, EVERYTHING, "underrated", least=1)
    assert frame["title"].tolist() == ["Solaris"]


def test_ties_are_broken_by_id(connection: Connection) -> None:
    frame = film_figures.outstanding(connection, EVERYTHING, "most", least=1, limit=2)
    assert frame["title"].tolist() == ["Heat", "Fargo"]


def test_long_tail_and_gini(connection: Connection) -> None:
    spread = film_figures.concentration(connection, EVERYTHING)
    # Two films have two ratings each, one has one: a row for each number of ratings.
    assert spread.steps["rank"].tolist() == [2, 3]
    assert spread.steps["films_share"].tolist() == pytest.approx([2 / 3, 1])
    assert spread.steps["ratings_share"].tolist() == pytest.approx([0.8, 1])
    # Mean absolute difference of (2, 2, 1) over all nine pairs: 4/9; twice the mean: 10/3.
    assert spread.gini == pytest.approx(4 / 9 / (10 / 3))


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
        assert film_figures.concentration(connection, EVERYTHING).films == 0
        assert liking.together(connection, EVERYTHING).people == 0


def _likes(films: Engine, liked: dict[int, tuple[int, ...]], people: int = 20) -> Any:
    """Return `together` for that many users per list of films, who like only these films."""
    with films.begin() as connection:
        connection.execute(text("DELETE FROM ratings"))
        connection.execute(
            text("INSERT INTO users (id) SELECT id FROM generate_series(100, 999) AS id")
        )
        for first, numbers in liked.items():
            connection.execute(
                text(
                    "INSERT INTO ratings (user_id, movie_id, rating, rated_at) "
                    "SELECT person, film, 4, '2000-01-01' "
                    "FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS person, "
                    "unnest(CAST(:films AS int[])) AS film"
                ),
                {"first": first, "last": first + people - 1, "films": list(numbers)},
            )
        views.refresh(connection)
        result = liking.together(connection, EVERYTHING)
    pairs = result.pairs.set_index(["genre", "other"])
    return result.people, {
        pair: (None if lift != lift else round(lift, 3), count)
        for pair, lift, count in zip(pairs.index, pairs["lift"], pairs["people"], strict=True)
    }


def test_genres_liked_by_the_same_users(films: Engine) -> None:
    # Heat is Crime, Fargo Crime and Drama, Solaris Sci-Fi. A film isn't paired with itself: of the
    # two ordered pairs only (Heat, Fargo) is of Crime and Drama, and half of the films are Drama.
    assert _likes(films, {100: (1, 2)}) == (
        20,
        {
            ("Crime", "Crime"): (1.0, 20),
            ("Crime", "Drama"): (1.0, 20),
            ("Drama", "Crime"): (1.0, 20),
            ("Drama", "Drama"): (0.0, 20),
        },
    )


def test_each_user_has_the_same_weight(films: Engine) -> None:
    people, pairs = _likes(films, {100: (1, 2), 200: (1, 4)})
    assert people == 40
    # Crime: all and half of the likes, so 0.75; Sci-Fi: none and half. Together in no pair of the
    # first, in one of the two ordered pairs of the second: 0.25 / (0.75 * 0.25).
    assert pairs["Crime", "Sci-Fi"] == (1.333, 20)


def test_few_users_give_no_lift(films: Engine) -> None:
    people, pairs = _likes(films, {100: (1, 4)}, people=19)
    assert people == 19
    assert pairs["Crime", "Sci-Fi"] == (None, 19)


def test_one_like_gives_no_pair(films: Engine) -> None:
    assert _likes(films, {100: (1,)}) == (0, {})
