"""The model before the first training."""

import pandas as pd
import pytest

from recsys.data.genres import UnknownGenre
from recsys.models.model import Model
from recsys.models.popularity import popular_model
from tests.recsys.frames import history, ids, likes, movies

FILMS = movies(
    {
        1: (1990, ["Drama"]),
        2: (1991, ["Drama", "Crime"]),
        3: (None, []),
        4: (1992, ["Crime"]),
        5: (1993, ["Drama"]),
    }
)
COUNTS = pd.DataFrame({"movie_id": [5, 2, 3], "likes": [2, 9, 2]})


@pytest.fixture(scope="module")
def popular() -> Model:
    return popular_model(FILMS, COUNTS)


def test_most_liked_film_comes_first_then_other_genres(popular: Model) -> None:
    """Films 3 and 5 come next, but film 5 is a Drama like film 2."""
    assert ids(popular.recommend(history()))[:2] == [2, 3]
    assert {*ids(popular.recommend(history()))} == {1, 2, 3, 4, 5}


def test_all_people_get_the_same_films_except_rated_ones(popular: Model) -> None:
    without = ids(popular.recommend(history((2, 5.0, 1), (5, 1.0, 2))))
    assert without == ids(popular.recommend(history(), exclude=[2, 5]))
    assert {*without} == {1, 3, 4}


def test_there_are_no_reasons(popular: Model) -> None:
    assert [item.reasons for item in popular.recommend(likes(2, 3))] == [[], [], []]


def test_genre_filter(popular: Model) -> None:
    assert ids(popular.recommend(history(), genre="crime ")) == [2, 4]
    with pytest.raises(UnknownGenre):
        popular.recommend(history(), genre="western")


def test_artefact_round_trip(popular: Model) -> None:
    again = Model.from_bytes(popular.to_bytes())
    assert again.recommend(likes(2)) == popular.recommend(likes(2))


def test_no_films() -> None:
    popular = popular_model(FILMS.iloc[:0], COUNTS)
    assert popular.recommend(likes(2)) == []
    assert popular.genres == []
