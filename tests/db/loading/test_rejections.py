"""Every kind of broken line is rejected, with its file, number and reason."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from db.loading import LoadReport, Reason, load
from tests.db.loading.releases import (
    FEW_MOVIES,
    FEW_RATINGS,
    rows,
    stored_movies,
    stored_ratings,
    write_csv,
    write_lines,
)

pytestmark = pytest.mark.data_layer


BROKEN_RATINGS = [
    ("1,1,4.0", Reason.FIELDS),
    ("", Reason.FIELDS),
    ("1,1,4.0,5,6", Reason.FIELDS),
    ("x,1,4.0,5", Reason.USER),
    ("0,1,4.0,5", Reason.USER),
    ("1000000000,1,4.0,5", Reason.USER),
    ("1,-1,4.0,5", Reason.FILM),
    ("1,2147483648,4.0,5", Reason.FILM),
    ("1,1,4.2,5", Reason.RATING),
    ("1,1,0.0,5", Reason.RATING),
    ("1,1,5.5,5", Reason.RATING),
    ("1,1,4.0,-5", Reason.TIME),
    ("1,1,4.0,9999999999", Reason.TIME),
    ("1,1,4.0,\0", Reason.TIME),
    ("1,3,4.0,5", Reason.UNKNOWN_FILM),
]

MANY = [f"{user},1,4.0,5" for user in range(11, 31)]
"""Good ratings, so that most lines are good."""

BROKEN_FILMS = [
    ("3,Heat (1995)", Reason.FIELDS),
    ("3,Good, the Bad,Western", Reason.FIELDS),
    ("3,Heat (1995),Crime,more", Reason.FIELDS),
    ('3,"Heat" again,Crime', Reason.QUOTES),
    ('3,"Heat (1995),Crime', Reason.QUOTES),
    ("x,Heat (1995),Crime", Reason.FILM),
    ("0,Heat (1995),Crime", Reason.FILM),
    ("2147483648,Heat (1995),Crime", Reason.FILM),
    ("3,,Crime", Reason.NO_TITLE),
    ("3,  ,Crime", Reason.NO_TITLE),
    ("3,He\0at (1995),Crime", Reason.NUL),
    ("1,Heat (1995),Crime", Reason.SECOND_FILM),
    (f"3,Heat (1995),{'g' * 101}", Reason.GENRE),
]

BROKEN_LINKS = [
    ("1,2", Reason.FIELDS),
    ("x,5,6", Reason.FILM),
    ("9,5,6", Reason.UNKNOWN_FILM),
    ("1,5,6", Reason.SECOND_FILM),
    ("2,tt5,6", Reason.LINK),
    ("2,5,2147483648", Reason.LINK),
]


def _found(report: LoadReport) -> list[tuple[str, int, Reason]]:
    assert report.rejected == sum(report.rejected_by_reason.values())
    return [(found.file, found.line, found.reason) for found in report.examples]


def test_ratings(engine: Engine, tmp_path: Path) -> None:
    ratings = [FEW_RATINGS[0], *(line for line, _ in BROKEN_RATINGS), *FEW_RATINGS[1:], *MANY]
    report = load(engine, write_csv(tmp_path / "ml", ratings=ratings))
    assert _found(report) == [
        ("ratings.csv", number, reason) for number, (_, reason) in enumerate(BROKEN_RATINGS, 3)
    ]
    stored = [rating[:2] for rating in stored_ratings(engine)]
    assert stored == [(7, 1), (7, 2), (8, 1), *((user, 1) for user in range(11, 31))]
    assert rows(engine, "SELECT rejected FROM loads") == [(len(BROKEN_RATINGS),)]


def test_films(engine: Engine, tmp_path: Path) -> None:
    more = [f"{film},More,Drama" for film in range(11, 31)]
    movies = [FEW_MOVIES[0], *(line for line, _ in BROKEN_FILMS), FEW_MOVIES[1], *more]
    report = load(engine, write_csv(tmp_path / "ml", movies))
    assert _found(report) == [
        ("movies.csv", number, reason) for number, (_, reason) in enumerate(BROKEN_FILMS, 3)
    ]
    assert stored_movies(engine)[:2] == [
        (1, "Toy Story", 1995, ["Adventure", "Comedy"]),
        (2, "The Interview", 2014, ["Comedy"]),
    ]
    assert len(stored_movies(engine)) == 22


def test_links(engine: Engine, tmp_path: Path) -> None:
    links = ["1,0114709,862", *(line for line, _ in BROKEN_LINKS), "11,,7.0", "12,6,", "13,,"]
    movies = [*FEW_MOVIES, *(f"{film},More,Drama" for film in (11, 12, 13))]
    report = load(engine, write_csv(tmp_path / "ml", movies, links=links))
    assert _found(report) == [
        ("links.csv", number, reason) for number, (_, reason) in enumerate(BROKEN_LINKS, 3)
    ]
    assert rows(engine, "SELECT imdb_id, tmdb_id FROM movies ORDER BY id") == [
        (114709, 862),
        (None, None),
        (None, 7),
        (6, None),
        (None, None),
    ]


def test_line_numbers_are_right_after_multi_line_titles(engine: Engine, tmp_path: Path) -> None:
    movies = ['1,"Two\nlines, one film (1995)",Drama', "bad", '2,"Three\n\nlines",Drama', "worse"]
    report = load(engine, write_csv(tmp_path / "ml", movies))
    assert _found(report) == [
        ("movies.csv", 4, Reason.FIELDS),
        ("movies.csv", 8, Reason.FIELDS),
    ]
    assert [movie[1] for movie in stored_movies(engine)] == [
        "Two\nlines, one film",
        "Three\n\nlines",
    ]


def test_quote_that_closes_too_late_costs_only_its_line(engine: Engine, tmp_path: Path) -> None:
    movies = [*FEW_MOVIES, '3,"Unclosed (1999),Drama', "4,Good (2001),Drama", '5,End"']
    report = load(engine, write_csv(tmp_path / "ml", movies))
    assert _found(report) == [("movies.csv", 4, Reason.QUOTES), ("movies.csv", 6, Reason.FIELDS)]
    assert stored_movies(engine)[2:] == [(4, "Good", 2001, ["Drama"])]


def test_invalid_bytes_among_utf8_lines(engine: Engine, tmp_path: Path) -> None:
    folder = write_csv(tmp_path / "ml", [*FEW_MOVIES, "3,Amélie (2001),Comedy"])
    with (folder / "movies.csv").open("ab") as file:
        file.write(b"4,Am\xe9lie (2001),Comedy\n")
    report = load(engine, folder)
    assert _found(report) == [("movies.csv", 5, Reason.UNDECODABLE)]
    assert stored_movies(engine)[-1][1] == "Amélie"
    assert report.notes == ()


def test_ratings_of_a_film_without_a_title(engine: Engine, tmp_path: Path) -> None:
    folder = write_csv(tmp_path / "ml", [*FEW_MOVIES, "3,,Drama"], [*FEW_RATINGS, "8,3,4.0,5"])
    assert _found(load(engine, folder)) == [
        ("movies.csv", 4, Reason.NO_TITLE),
        ("ratings.csv", 5, Reason.NO_TITLE),
    ]


def test_latest_of_two_ratings_is_kept(engine: Engine, tmp_path: Path) -> None:
    ratings = ["7,1,1.0,50", "7,2,2.0,50", "7,1,3.0,40", "7,2,4.0,50", "7,1,5.0,45"]
    report = load(engine, write_csv(tmp_path / "ml", ratings=ratings))
    assert _found(report) == [
        ("ratings.csv", 3, Reason.SECOND_RATING),
        ("ratings.csv", 4, Reason.SECOND_RATING),
        ("ratings.csv", 6, Reason.SECOND_RATING),
    ]
    assert stored_ratings(engine) == [(7, 1, 1.0, 50, False), (7, 2, 4.0, 50, False)]
    assert report.ratings == 2


def test_broken_lines_of_the_other_formats(engine: Engine, tmp_path: Path) -> None:
    dat, tab = tmp_path / "dat", tmp_path / "tab"
    dat.mkdir()
    write_lines(dat / "movies.dat", "1::Heat (1995)::Crime", "2::Heat", "3::Alien (1979)::Horror")
    good = [f"{user}::1::5::9" for user in range(2, 12)]
    write_lines(dat / "ratings.dat", "1::1::5::9", "1::3::5", "1::3::6::9", *good)
    assert _found(load(engine, dat)) == [
        ("movies.dat", 2, Reason.FIELDS),
        ("ratings.dat", 2, Reason.FIELDS),
        ("ratings.dat", 3, Reason.RATING),
    ]
    tab.mkdir()
    write_lines(tab / "u.genre", "Crime|0", "Horror|2", "Horror|1")
    good = [f"{film}|Heat|||x|1|0" for film in (4, 5)]
    write_lines(tab / "u.item", "1|Heat|||x|1|0", "2|Heat|||x|1", "3|Heat|||x|1|2", *good)
    write_lines(tab / "u.data", "1\t1\t5\t9", "1,1,5,9")
    assert _found(load(engine, tab)) == [
        ("u.genre", 2, Reason.FIELDS),
        ("u.item", 2, Reason.FIELDS),
        ("u.item", 3, Reason.FIELDS),
        ("u.data", 2, Reason.FIELDS),
    ]


def test_all_rejections_are_counted_and_the_first_hundred_listed(
    engine: Engine, tmp_path: Path
) -> None:
    ratings = [*FEW_RATINGS, *(["junk", "1,1,3.3,9", "1,77,4,9"] * 70), "9,1,4,9", *(MANY * 5)]
    report = load(engine, write_csv(tmp_path / "ml", ratings=ratings))
    assert report.rejected == 210 + 80
    assert report.rejected_by_reason == {
        Reason.SECOND_RATING: 80,
        Reason.FIELDS: 70,
        Reason.RATING: 70,
        Reason.UNKNOWN_FILM: 70,
    }
    assert [found.line for found in report.examples] == list(range(5, 105))
