"""Details from IMDb's files: what is stored, replaced, left out and reported."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from db.details import load_imdb
from db.details.report import Changes, Coverage
from db.loading import Reason, Rejection, SourceError
from tests.db.details.files import AKAS, EVERY, FILMS, Lines, stored, write_imdb
from tests.db.loading.releases import rows

pytestmark = pytest.mark.data_layer


def _roles(engine: Engine) -> list[tuple[Any, ...]]:
    return rows(
        engine,
        "SELECT movie_id, role, name FROM movie_people JOIN people ON people.id = person_id"
        " ORDER BY movie_id, role, position",
    )


def _titles(engine: Engine) -> list[tuple[Any, ...]]:
    return rows(
        engine,
        "SELECT movie_id, title, regions, languages, shown_in FROM movie_titles ORDER BY 1, 2",
    )


@pytest.mark.parametrize("compressed", [True, False])
def test_everything(linked: Engine, tmp_path: Path, compressed: bool) -> None:
    report = load_imdb(linked, write_imdb(tmp_path / "imdb", compressed=compressed))
    assert rows(
        linked,
        "SELECT movie_id, minutes, imdb_number, original_title FROM movie_details ORDER BY 1",
    ) == [
        (1, 170, 113277, "Heat"),
        (2, 98, 116282, "Fargo"),
        (4, 167, 69293, "Solyaris"),
    ]
    assert _roles(linked) == [
        (1, "cast", "Al Pacino"),
        (1, "cast", "Robert De Niro"),
        (1, "director", "Michael Mann"),
        (1, "writer", "Michael Mann"),
        (2, "cast", "Frances McDormand"),
        (2, "director", "Ethan Coen"),
        (2, "director", "Joel Coen"),
        (2, "writer", "Joel Coen"),
        (2, "writer", "Ethan Coen"),
        (4, "director", "Andrei Tarkovsky"),
    ]
    assert _titles(linked) == [
        (1, "Fuego contra fuego", ["ES", "MX"], ["es"], None),
        (1, "Heat", [], [], None),
        (1, "Жара", ["RU"], [], None),
        (1, "Схватка", ["RU"], [], "ru"),
        (4, "Солярис", ["SUHH"], ["ru"], "ru"),
    ]
    assert rows(linked, "SELECT count(*) FROM people") == [(7,)]
    assert (report.films, report.matched, report.by_number, report.by_title) == (4, 3, 2, 1)
    assert (report.ambiguous, report.missing, report.rejected) == (0, (), 0)
    assert report.coverage == Coverage(
        with_minutes=3,
        with_directors=3,
        with_cast=2,
        with_other_titles=2,
        with_russian_title=2,
    )
    assert report.changes == Changes(films=3, people=7, roles=10, titles=5)


def test_a_second_time_writes_nothing(linked: Engine, tmp_path: Path) -> None:
    folder = write_imdb(tmp_path / "imdb")
    load_imdb(linked, folder)
    before = stored(linked)
    assert load_imdb(linked, folder).changes == Changes(films=0, people=0, roles=0, titles=0)
    assert stored(linked) == before


def test_newer_files_replace_older_ones(linked: Engine, tmp_path: Path) -> None:
    load_imdb(linked, write_imdb(tmp_path / "imdb"))
    newer: dict[str, Lines] = {
        "title.basics": [
            ("tt0113277", "movie", "Heat", "Heat", "0", "1995", r"\N", r"\N", r"\N"),
            ("tt0116282", "movie", "Fargo", "Fargo", "0", "1996", r"\N", "99", r"\N"),
        ],
        "title.crew": [("tt0116282", "nm0001054", r"\N")],
        "title.principals": [],
        "name.basics": [("nm0001054", "Joel D. Coen", r"\N", r"\N", r"\N", r"\N")],
        "title.akas": [("tt0113277", "1", "Жара", "RU", r"\N", r"\N", r"\N", "0")],
    }
    load_imdb(linked, write_imdb(tmp_path / "newer", newer))
    assert rows(linked, "SELECT movie_id, minutes FROM movie_details ORDER BY 1") == [
        (1, None),
        (2, 99),
    ]
    assert _roles(linked) == [(2, "director", "Joel D. Coen")]
    assert _titles(linked) == [(1, "Жара", ["RU"], [], "ru")]


def test_what_a_missing_file_has_stays(linked: Engine, tmp_path: Path) -> None:
    load_imdb(linked, write_imdb(tmp_path / "imdb"))
    roles, titles = _roles(linked), _titles(linked)
    report = load_imdb(linked, write_imdb(tmp_path / "less", {"title.basics": FILMS}))
    assert report.missing == ("title.akas", "title.crew", "title.principals", "name.basics")
    assert report.changes == Changes(films=0, people=0, roles=0, titles=0)
    assert (_roles(linked), _titles(linked)) == (roles, titles)


def test_films_that_are_another_title_now_lose_what_they_had(
    linked: Engine, tmp_path: Path
) -> None:
    load_imdb(linked, write_imdb(tmp_path / "imdb"))
    with linked.begin() as connection:
        connection.execute(text("UPDATE movies SET imdb_id = 116282 WHERE id = 1"))
        connection.execute(text("UPDATE movies SET imdb_id = 999 WHERE id = 2"))
        connection.execute(text("UPDATE movies SET imdb_id = 998 WHERE id = 4"))
        connection.execute(text("UPDATE movie_details SET demo_minutes = 166 WHERE movie_id = 4"))
    load_imdb(linked, write_imdb(tmp_path / "less", {"title.basics": FILMS}))
    assert rows(linked, "SELECT movie_id, minutes, imdb_number FROM movie_details ORDER BY 1") == [
        (1, 98, 116282),
        (4, 166, None),
    ]
    assert (_roles(linked), _titles(linked)) == ([], [])
    assert rows(linked, "SELECT count(*) FROM people") == [(0,)]


def test_people_need_names(linked: Engine, tmp_path: Path) -> None:
    files = {name: lines for name, lines in EVERY.items() if name != "name.basics"}
    report = load_imdb(linked, write_imdb(tmp_path / "imdb", files))
    assert report.missing == ("name.basics",)
    assert _roles(linked) == []


def test_the_first_ten(linked: Engine, tmp_path: Path) -> None:
    files: dict[str, Lines] = {
        "title.basics": FILMS,
        "title.principals": [
            ("tt0113277", str(place), f"nm{place:07d}", "actor", r"\N", r"\N")
            for place in range(12, 0, -1)
        ],
        "name.basics": [
            (f"nm{place:07d}", f"Actor {place}", r"\N", r"\N", r"\N", r"\N")
            for place in range(1, 13)
        ],
    }
    load_imdb(linked, write_imdb(tmp_path / "imdb", files))
    assert _roles(linked) == [(1, "cast", f"Actor {place}") for place in range(1, 11)]


def test_invalid_lines_are_left_out_and_told(linked: Engine, tmp_path: Path) -> None:
    good = [("tt0000001", "short", "A", "A", "0", "1894", r"\N", "1", r"\N")] * 9
    files: dict[str, Lines] = {
        "title.basics": [
            *FILMS,
            ("tt0113277", "movie", "Heat"),
            ("xx0113277", *("-",) * 8),
            *good,
        ],
        "title.akas": [
            *AKAS,
            ("tt0113277", "x", "Hitze", "DE", r"\N", r"\N", r"\N", "0"),
            ("tt0113277", "9", r"\N", "DE", r"\N", r"\N", r"\N", "0"),
            ("tt0113277", "9", "H" * 501, "DE", r"\N", r"\N", r"\N", "0"),
            ("tt0113277", "9", "H\0", "DE", r"\N", r"\N", r"\N", "0"),
        ],
        "title.crew": [
            ("tt0113277", "nm0000520", "Michael Mann"),
            ("tt0116282", "nm0001053", r"\N"),
        ],
        "name.basics": EVERY["name.basics"],
    }
    report = load_imdb(linked, write_imdb(tmp_path / "imdb", files, compressed=False))
    assert report.examples == (
        Rejection("title.basics.tsv", 6, Reason.FIELDS),
        Rejection("title.basics.tsv", 7, Reason.TITLE_NUMBER),
        Rejection("title.akas.tsv", 9, Reason.ORDER),
        Rejection("title.akas.tsv", 10, Reason.NO_TITLE),
        Rejection("title.akas.tsv", 11, Reason.LONG_NAME),
        Rejection("title.akas.tsv", 12, Reason.NUL),
        Rejection("title.crew.tsv", 2, Reason.PERSON_NUMBER),
    )
    assert report.rejected == 7
    assert _roles(linked) == [(2, "director", "Ethan Coen")]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("tconst\tdirectors", r"title\.crew\.tsv begins with .*expected are tconst, directors"),
        ("", r"title\.crew\.tsv begins with .*expected are tconst, directors, writers"),
    ],
)
def test_another_header(linked: Engine, tmp_path: Path, header: str, message: str) -> None:
    folder = write_imdb(tmp_path / "imdb", compressed=False)
    (folder / "title.crew.tsv").write_text(header)
    with pytest.raises(SourceError, match=message):
        load_imdb(linked, folder)
    assert [*stored(linked).values()] == [[], [], [], []]


def test_additional_columns_and_windows_lines(linked: Engine, tmp_path: Path) -> None:
    folder = write_imdb(tmp_path / "imdb", {"title.basics": FILMS})
    (folder / "title.crew.tsv").write_bytes(
        b"\xef\xbb\xbftconst\tdirectors\twriters\tcomposers\r\n"
        b"tt0113277\tnm0000520\t\\N\tnm0000001\r\n"
    )
    (folder / "name.basics.tsv").write_bytes(
        b"nconst\tprimaryName\tbirthYear\tdeathYear\tprimaryProfession\tknownForTitles\r\n"
        b"nm0000520\tMichael Mann\t\\N\t\\N\t\\N\t\\N\r\n"
    )
    load_imdb(linked, folder)
    assert _roles(linked) == [(1, "director", "Michael Mann")]


def test_most_lines_invalid(linked: Engine, tmp_path: Path) -> None:
    folder = write_imdb(tmp_path / "imdb", {**EVERY, "title.crew": [("tt0113277",)] * 3})
    with pytest.raises(SourceError, match=r"title\.crew\.tsv\.gz has no line .*wrong number"):
        load_imdb(linked, folder)
    assert [*stored(linked).values()] == [[], [], [], []]


def test_truncated_file(linked: Engine, tmp_path: Path) -> None:
    load_imdb(linked, write_imdb(tmp_path / "before", {"title.basics": list(FILMS)[:1]}))
    before = stored(linked)
    folder = write_imdb(tmp_path / "imdb")
    file = folder / "title.akas.tsv.gz"
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(SourceError, match=r"title\.akas\.tsv\.gz can't be read.*datasets\.imdbws"):
        load_imdb(linked, folder)
    assert stored(linked) == before


def test_no_compressed_file(linked: Engine, tmp_path: Path) -> None:
    folder = write_imdb(tmp_path / "imdb")
    (folder / "name.basics.tsv.gz").write_bytes(b"<html>404</html>")
    with pytest.raises(SourceError, match=r"name\.basics\.tsv\.gz can't be read: Not a gzipped"):
        load_imdb(linked, folder)


def test_nothing_to_read(linked: Engine, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is not a folder"):
        load_imdb(linked, tmp_path / "nowhere")
    with pytest.raises(SourceError, match=r"has no title\.basics\.tsv\.gz .*required"):
        load_imdb(linked, tmp_path)


def test_no_films(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="load a data set first"):
        load_imdb(engine, write_imdb(tmp_path / "imdb"))
