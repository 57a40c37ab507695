"""Exported files of ratings, and reading them back."""

from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.exporting import as_csv, as_letterboxd
from accounts.imports import Service, read

WHEN = datetime(2023, 4, 1, 10, 30, 15, tzinfo=UTC)


def _films(*rows: tuple[int, str, int | None, int | None, int | None, float]) -> pd.DataFrame:
    names = ["movie_id", "title", "year", "imdb_id", "tmdb_id", "rating"]
    frame = pd.DataFrame(rows, columns=names).assign(rated_at=WHEN)
    return frame.astype({"year": "Int64", "imdb_id": "Int64", "tmdb_id": "Int64"})


def test_letterboxd_format() -> None:
    films = _films(
        (6, "Heat", 1995, 113277, 949, 4.5), (7, "=1+1, the film", None, None, None, 0.5)
    )
    assert as_letterboxd(films).split("\r\n") == [
        "tmdbID,imdbID,Title,Year,Rating,WatchedDate,RatedAt",
        "949,tt0113277,Heat,1995,4.5,2023-04-01,2023-04-01T10:30:15+00:00",
        ',,"\'=1+1, the film",,0.5,2023-04-01,2023-04-01T10:30:15+00:00',
        "",
    ]


TITLES = st.text(
    st.characters(categories=["Lu", "Ll", "Nd", "Po", "Sm"]), min_size=1, max_size=30
).filter(lambda title: not title.startswith("'"))


@given(
    title=TITLES,
    year=st.none() | st.integers(1900, 2020),
    number=st.none() | st.integers(1, 9_999_999),
    rating=st.integers(1, 10).map(lambda half: half / 2),
)
def test_export_and_import_lose_nothing(
    title: str, year: int | None, number: int | None, rating: float
) -> None:
    films = _films((6, title, year, number, number, rating))
    [row] = read("ratings.csv", as_letterboxd(films).encode()).rows
    assert (row.rating, row.rated_at, row.year) == (rating, WHEN, year)
    assert (row.imdb_id, row.tmdb_id) == (number, number)
    parsed = read("ratings.csv", as_csv(films).encode())
    assert parsed.service is Service.MOVIELENS
    [row] = parsed.rows
    assert (row.rating, row.rated_at, row.movielens_id) == (rating, WHEN, 6)


@pytest.mark.parametrize("write", [as_csv, as_letterboxd])
def test_no_films(write: object) -> None:
    assert callable(write)
    assert len(write(_films()).splitlines()) == 1
