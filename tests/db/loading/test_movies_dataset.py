"""Kaggle's The Movies Dataset: films by TMDB ids, ratings by MovieLens ids."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from db.loading import Reason, SourceError, load
from db.loading.genres import MOST_LETTERS, read_genres
from tests.db.loading.releases import (
    RATINGS_HEADER,
    rows,
    stored_movies,
    stored_ratings,
    write_lines,
    write_zip,
)

COLUMNS = (
    *("adult", "belongs_to_collection", "budget", "genres", "homepage", "id", "imdb_id"),
    *("original_language", "original_title", "overview", "popularity", "poster_path"),
    *("production_companies", "production_countries", "release_date", "revenue", "runtime"),
    *("spoken_languages", "status", "tagline", "title", "video", "vote_average", "vote_count"),
)


def _film(number: str, title: str, **more: str) -> dict[str, str]:
    return {
        "adult": "False",
        "genres": "[{'id': 35, 'name': 'Comedy'}]",
        "id": number,
        "imdb_id": f"tt{number:0>7}",
        "original_title": title,
        "release_date": "1995-10-30",
        "title": title,
    } | more


TOY_STORY = _film(
    "862",
    "Toy Story",
    belongs_to_collection="{'id': 10194, 'name': 'Toy Story Collection'}",
    genres="[{'id': 16, 'name': 'Animation'}, {'id': 10751, 'name': 'Family'}]",
    imdb_id="tt0114709",
    overview='Led by Woody,\nAndy\'s "toys", live happily\n\nin his room.',
)
HEAT = _film("949", "Heat", imdb_id="tt0113277", tagline='A Los Angeles "crime" saga')
AMELIE = _film("194", "", original_title="Amélie", release_date="2001-04-25", genres="[]")
UNDATED = _film("5", "Undated, The", release_date="")


def write(
    folder: Path, *films: dict[str, str], ratings: str = "ratings.csv", links: str = "links.csv"
) -> Path:
    """Write the films, links of four and four ratings."""
    folder.mkdir()
    with (folder / "movies_metadata.csv").open("w", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(films)
    (folder / "keywords.csv").write_text("id,keywords\n")
    (folder / "credits.csv").write_text("cast,crew,id\n")
    write_lines(
        folder / links,
        "movieId,imdbId,tmdbId",
        *("1,0114709,862", "6,0113277,", "4973,0211915,194", "77,0000005,5"),
    )
    lines = ("7,1,4.0,964982703", "7,6,0.5,964982704", "8,1,5.0,1", "8,4973,3.0,2")
    write_lines(folder / ratings, RATINGS_HEADER, *lines)
    return folder


@pytest.mark.data_layer
@pytest.mark.parametrize("ratings", ["ratings.csv", "ratings_small.csv"])
@pytest.mark.parametrize("links", ["links.csv", "links_small.csv"])
@pytest.mark.parametrize("is_zip", [False, True])
def test_films_get_movielens_ids(
    ratings: str, links: str, is_zip: bool, engine: Engine, tmp_path: Path
) -> None:
    folder = write(
        tmp_path / "kaggle", TOY_STORY, HEAT, AMELIE, UNDATED, ratings=ratings, links=links
    )
    report = load(engine, write_zip(tmp_path / "archive.zip", folder) if is_zip else folder)
    assert report.rejected == 0
    assert stored_movies(engine) == [
        (1, "Toy Story", 1995, ["Animation", "Family"]),
        (6, "Heat", 1995, ["Comedy"]),
        (77, "Undated, The", None, ["Comedy"]),
        (4973, "Amélie", 2001, []),
    ]
    assert rows(engine, "SELECT id, imdb_id, tmdb_id FROM movies ORDER BY id") == [
        (1, 114709, 862),
        (6, 113277, None),
        (77, 5, 5),
        (4973, 211915, 194),
    ]
    assert stored_ratings(engine) == [
        (7, 1, 4.0, 964982703, False),
        (7, 6, 0.5, 964982704, False),
        (8, 1, 5.0, 1, False),
        (8, 4973, 3.0, 2, False),
    ]


@pytest.mark.data_layer
def test_larger_rating_file_is_preferred(engine: Engine, tmp_path: Path) -> None:
    folder = write(tmp_path / "kaggle", TOY_STORY, HEAT, AMELIE, UNDATED)
    write_lines(folder / "ratings_small.csv", RATINGS_HEADER, "1,1,1.0,1")
    assert load(engine, folder).ratings == 4


@pytest.mark.data_layer
def test_broken_films(engine: Engine, tmp_path: Path) -> None:
    folder = write(
        tmp_path / "kaggle",
        TOY_STORY,
        _film("862", "Again"),
        _film("1997-08-20", "Shifted by a column"),
        _film("44", "Code", genres="__import__('os').system('true')"),
        _film("45", "Lists", genres="[" * 300 + "]" * 300),
        _film("46", "", original_title=" "),
        _film("47", "Without a link"),
        HEAT,
        *(_film(str(number), "More") for number in range(100, 104)),
    )
    with (folder / "movies_metadata.csv").open("a") as file:
        file.write(' - Written by Somebody",0.065736,/a.jpg\n')
    with (folder / "links.csv").open("a") as file:
        file.write("\n".join([*(f"{n},,{n}" for n in range(100, 104)), "x,,862", "9,tt,1", "9,,3"]))
    report = load(engine, folder)
    assert [(found.file, found.line, found.reason) for found in report.examples] == [
        ("movies_metadata.csv", 6, Reason.SECOND_FILM),
        ("movies_metadata.csv", 7, Reason.FILM),
        ("movies_metadata.csv", 8, Reason.GENRES),
        ("movies_metadata.csv", 9, Reason.GENRES),
        ("movies_metadata.csv", 10, Reason.NO_TITLE),
        ("movies_metadata.csv", 17, Reason.FIELDS),
        ("links.csv", 4, Reason.UNKNOWN_FILM),
        ("links.csv", 5, Reason.UNKNOWN_FILM),
        ("links.csv", 10, Reason.FILM),
        ("links.csv", 11, Reason.LINK),
        ("links.csv", 12, Reason.UNKNOWN_FILM),
        ("movies_metadata.csv", 11, Reason.NO_LINK),
        ("ratings.csv", 5, Reason.UNKNOWN_FILM),
    ]


@pytest.mark.data_layer
def test_without_links(engine: Engine, tmp_path: Path) -> None:
    folder = write(tmp_path / "kaggle", TOY_STORY)
    (folder / "links.csv").unlink()
    with pytest.raises(
        SourceError, match=r"is movies_metadata\.csv, ratings\.csv, but links\.csv is missing"
    ):
        load(engine, folder)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[{'id': 16, 'name': 'Animation'}, {'name': \"Kids'\", 'id': 1}]", "Animation|Kids'"),
        ('[{"id": 16, "name": "Animation"}]', "Animation"),
        ("['Drama', 'Science Fiction']", "Drama|Science Fiction"),
        (r"[{'name': 'A\d'}]", r"A\d"),
        ("Adventure|Sci-Fi, more", "Adventure|Sci-Fi, more"),
        ("Adventure, Sci-Fi;War/Crime", "Adventure| Sci-Fi|War|Crime"),
        ("[]", ""),
        ("", ""),
        ("[1, 2]", None),
        ("[{'id': 1}]", None),
        ("[open('x')]", None),
        ("[f'{1}']", None),
        ("['a'", None),
        ("[" * 300, None),
        ("[" + "-" * 3_000 + "1]", None),
        ("['" + "a" * MOST_LETTERS + "']", None),
        ("['\0']", None),
    ],
)  # fmt: skip
def test_genres(text: str, expected: str | None) -> None:
    found = read_genres(text)
    assert (None if found is None else "|".join(found)) == expected


@given(
    st.one_of(
        st.text(), st.text("[]{}()'\"\\,:-~ \t\n0aejnxN", max_size=200).map(lambda t: f"[{t}")
    )
)
def test_any_text_is_genres_or_not(text: str) -> None:
    found = read_genres(text)
    assert found is None or all(isinstance(name, str) for name in found)


@given(st.lists(st.text(max_size=30), max_size=8))
def test_lists_in_python_syntax(names: list[str]) -> None:
    assert read_genres(str([{"id": 1, "name": name} for name in names])) == names
