"""A person's taste beside everybody's, in small numbers.

Film 1 (Crime) has 5 and 4 stars, film 2 (Crime, Drama) 4 and 3.5, film 4 (Sci-Fi) 2; rater 8 gave
film 1 four and film 2 three and a half.
"""

import pandas as pd
import pytest
from sqlalchemy import Connection, Engine

from db.queries import histories, portrait, ratings
from recsys.serving.guests import GuestRatings

pytestmark = pytest.mark.data_layer

EMPTY = {"mine": [0.0] * 10, "everybody": [0, 0, 0, 0.2, 0, 0, 0.2, 0.4, 0, 0.2]}


def _films(connection: Connection, user_id: int = 8) -> pd.DataFrame:
    return portrait.films(connection, histories.frame(connection, user_id))


def test_ratings_get_the_data_of_their_films(films: Engine) -> None:
    with films.begin() as connection:
        ratings.put(connection, 8, 3, 1.0)
        found = _films(connection)
        assert found.drop(columns="rated_at").to_dict("records")[:2] == [
            {
                "movie_id": 1,
                "rating": 4.0,
                "title": "Heat",
                "year": 1995,
                "ratings": 2,
                "mean": 4.5,
                "genres": ["Crime"],
            },
            {
                "movie_id": 2,
                "rating": 3.5,
                "title": "Fargo",
                "year": 1996,
                "ratings": 2,
                "mean": 3.75,
                "genres": ["Crime", "Drama"],
            },
        ]
        last = found.iloc[2]
        assert (last["title"], last["genres"], last["ratings"]) == ("Untimely", [], 0)
        assert pd.isna(last["year"])
        assert pd.isna(last["mean"])
        gone = pd.DataFrame(
            {"movie_id": [99, 4], "rating": [5.0, 0.5], "rated_at": [pd.Timestamp(0, tz="UTC")] * 2}
        )
        assert portrait.films(connection, gone)["movie_id"].tolist() == [4]


def test_distribution_of_stars(films: Engine) -> None:
    with films.connect() as connection:
        shares = portrait.distribution(connection, _films(connection))
        assert shares["rating"].tolist() == [step / 2 for step in range(1, 11)]
        assert shares["mine"].tolist() == [0, 0, 0, 0, 0, 0, 0.5, 0.5, 0, 0]
        assert shares["everybody"].tolist() == EMPTY["everybody"]


def test_genres_liked_more_than_by_others_come_first(films: Engine) -> None:
    """Crime has 4.5 twice and 3.75 twice, which is 4.125; Drama 3.75."""
    with films.connect() as connection:
        rated = _films(connection)
        assert portrait.genres(connection, rated, least=1).to_dict("records") == [
            {"genre": "Drama", "films": 1, "mine": 3.5, "everybody": 3.75, "difference": -0.25},
            {"genre": "Crime", "films": 2, "mine": 3.75, "everybody": 4.125, "difference": -0.375},
        ]
        assert portrait.genres(connection, rated, least=2)["genre"].tolist() == ["Crime"]
        assert portrait.genres(connection, rated).empty, (
            "at least three films of a genre are needed"
        )


def test_films_with_the_largest_disagreement(films: Engine) -> None:
    with films.connect() as connection:
        rated = _films(connection, 7)
    apart = portrait.disagreements(rated, least=2)
    assert apart[["movie_id", "difference"]].to_numpy().tolist() == [[1, 0.5], [2, 0.25]]
    assert portrait.disagreements(rated, limit=1, least=1)["title"].tolist() == ["Heat"]
    assert portrait.disagreements(rated).empty, "at least five ratings are needed"


def test_portrait_without_ratings_is_empty(films: Engine) -> None:
    with films.connect() as connection:
        for nothing in (histories.frame(connection, 99), GuestRatings().history):
            rated = portrait.films(connection, nothing)
            assert rated.empty
            shares = portrait.distribution(connection, rated)
            assert shares.drop(columns="rating").to_dict("list") == EMPTY
            assert portrait.genres(connection, rated).empty
            assert portrait.disagreements(rated).empty


def test_distribution_without_any_ratings(engine: Engine) -> None:
    with engine.connect() as connection:
        rated = _films(connection)
        shares = portrait.distribution(connection, rated)
        assert shares[["mine", "everybody"]].to_numpy().sum() == 0
