"""Films as cards and training see them."""

import pandas as pd
import pytest
from sqlalchemy import Engine

from db.queries import movies
from db.queries.movies import Movie

pytestmark = pytest.mark.data_layer


def test_films_are_in_the_requested_order(films: Engine) -> None:
    with films.connect() as connection:
        fargo, heat = movies.by_ids(connection, [2, 99, 1])
    assert fargo == Movie(2, "Fargo", 1996, ("Crime", "Drama"), ratings=2, mean=3.75, likes=1)
    assert heat == Movie(1, "Heat", 1995, ("Crime",), ratings=2, mean=4.5, likes=2)


def test_unknown_ids(films: Engine) -> None:
    with films.connect() as connection:
        assert movies.unknown(connection, [1, 2, 0, 999, 9_999_999_999]) == {0, 999, 9_999_999_999}
        assert movies.unknown(connection, []) == set()


def test_film_without_ratings(films: Engine) -> None:
    with films.connect() as connection:
        (film,) = movies.by_ids(connection, [3])
    assert film == Movie(3, "Untimely", None, (), ratings=0, mean=None, likes=0)
    assert film.label == "Untimely"


def test_label_has_the_year() -> None:
    assert Movie(1, "Heat", 1995, (), 0, None, 0).label == "Heat (1995)"


def test_titles_of_a_frame_have_the_years() -> None:
    films = pd.DataFrame({"title": ["Heat", "Untimely", "Ran"], "year": [1995, None, 1985]})
    films = films.astype({"year": "Int64"})
    assert movies.with_years(films).tolist() == ["Heat (1995)", "Untimely", "Ran (1985)"]
    assert movies.with_years(films[films["year"].notna()]).tolist() == ["Heat (1995)", "Ran (1985)"]
    assert movies.with_years(films[:0]).tolist() == []


def test_no_films(engine: Engine) -> None:
    with engine.connect() as connection:
        assert movies.by_ids(connection, []) == []
        assert movies.count(connection) == 0
        assert movies.frame(connection).empty


def test_genres(films: Engine) -> None:
    with films.connect() as connection:
        assert movies.genres(connection) == ["Crime", "Drama", "Sci-Fi"]


def test_frame_for_training(films: Engine) -> None:
    with films.connect() as connection:
        frame = movies.frame(connection)
        likes = movies.likes(connection)
    assert frame["movie_id"].tolist() == [1, 2, 3, 4]
    assert frame["genres"].tolist() == [["Crime"], ["Crime", "Drama"], [], ["Sci-Fi"]]
    assert frame["year"].fillna(0).tolist() == [1995, 1996, 0, 1972]
    assert dict(zip(likes["movie_id"], likes["likes"], strict=True)) == {1: 2, 2: 1, 4: 0}


def test_some_films_for_a_model(films: Engine) -> None:
    with films.connect() as connection:
        frame = movies.frame(connection, {4, 2, 99})
        assert movies.frame(connection, []).empty
        titles = movies.titles(connection)
    assert frame["movie_id"].tolist() == [2, 4]
    assert frame["genres"].tolist() == [["Crime", "Drama"], ["Sci-Fi"]]
    assert titles.to_dict() == {1: "Heat", 2: "Fargo", 3: "Untimely", 4: "Solaris"}
