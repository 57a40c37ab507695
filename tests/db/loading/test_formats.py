"""Each format of MovieLens, as folder and as zip, gives exactly its rows."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from db.loading import load
from tests.db.loading.releases import (
    dump,
    rows,
    stored_movies,
    stored_ratings,
    write_csv,
    write_lines,
    write_zip,
)

pytestmark = pytest.mark.data_layer

RATINGS = [
    (7, 1, 4.0, 964982703, False),
    (7, 2, 1.0, 964982704, False),
    (8, 1, 5.0, 1, False),
]
CITY = "The City of Lost Children (La Cité des enfants perdus)"


def _csv(folder: Path) -> None:
    write_csv(
        folder,
        [
            "1,Toy Story (1995),Adventure|Comedy",
            '2,"City of Lost Children, The (Cité des enfants perdus, La) (1995)",Adventure',
            "30,Alone,(no genres listed)",
        ],
        ["7,1,4.0,964982703", "7,2,1.0,964982704", "8,1,5.0,1"],
        ["1,0114709,862", "2,0112682,", "30,,"],
    )


def _dat(folder: Path) -> None:
    folder.mkdir()
    write_lines(
        folder / "movies.dat",
        "1::Toy Story (1995)::Adventure|Comedy",
        "2::City of Lost Children, The (Cité des enfants perdus, La) (1995)::Adventure",
        "30::Alone::(no genres listed)",
        encoding="latin-1",
    )
    write_lines(folder / "ratings.dat", "7::1::4::964982703", "7::2::1::964982704", "8::1::5::1")


def _tab(folder: Path) -> None:
    folder.mkdir()
    write_lines(folder / "u.genre", "unknown|0", "Adventure|1", "Comedy|2", "")
    write_lines(
        folder / "u.item",
        "1|Toy Story (1995)|01-Jan-1995||http://example.org|0|1|1",
        "2|City of Lost Children, The (Cité des enfants perdus, La) (1995)|||http://x|0|1|0",
        "30|Alone|||http://x|1|0|0",
        encoding="latin-1",
    )
    write_lines(folder / "u.data", "7\t1\t4\t964982703", "7\t2\t1\t964982704", "8\t1\t5\t1")


def _tab_without_genres(folder: Path) -> None:
    """Use the order of the 100K set's README: Adventure is the third, Comedy the sixth."""
    _tab(folder)
    (folder / "u.genre").unlink()
    flags = {"1": (2, 5), "2": (2,), "30": (0,)}
    lines = (folder / "u.item").read_text("latin-1").splitlines()
    write_lines(
        folder / "u.item",
        *(
            "|".join(
                [
                    *line.split("|")[:5],
                    *("1" if place in flags[line.split("|")[0]] else "0" for place in range(19)),
                ]
            )
            for line in lines
        ),
        encoding="latin-1",
    )


@pytest.mark.parametrize("write", [_csv, _dat, _tab, _tab_without_genres])
@pytest.mark.parametrize("packing", ["folder", "inner folder", "zip", "zip with a folder"])
def test_rows_of(
    write: Callable[[Path], None], packing: str, engine: Engine, tmp_path: Path
) -> None:
    folder = tmp_path / "ml-tiny" if packing == "inner folder" else tmp_path / "release"
    write(folder)
    source = {
        "folder": lambda: folder,
        "inner folder": lambda: tmp_path,
        "zip": lambda: write_zip(tmp_path / "ml.zip", folder),
        "zip with a folder": lambda: write_zip(tmp_path / "ml.zip", folder, "ml-tiny/"),
    }[packing]()

    report = load(engine, str(source))

    assert stored_movies(engine) == [
        (1, "Toy Story", 1995, ["Adventure", "Comedy"]),
        (2, CITY, 1995, ["Adventure"]),
        (30, "Alone", None, []),
    ]
    assert stored_ratings(engine) == RATINGS
    assert rows(engine, "SELECT id, email, is_demo FROM users ORDER BY id") == [
        (7, None, False),
        (8, None, False),
    ]
    assert (report.movies, report.raters, report.ratings, report.rejected) == (3, 2, 3, 0)
    assert (report.movies_added, report.raters_added, report.ratings_added) == (3, 2, 3)
    assert rows(engine, "SELECT source, movies, raters, ratings, rejected FROM loads") == [
        (source.name, 3, 2, 3, 0)
    ]
    assert any("Latin-1" in note for note in report.notes) == (write is not _csv)


def test_links(engine: Engine, tmp_path: Path) -> None:
    _csv(tmp_path / "ml")
    load(engine, tmp_path / "ml")
    assert rows(engine, "SELECT id, imdb_id, tmdb_id FROM movies ORDER BY id") == [
        (1, 114709, 862),
        (2, 112682, None),
        (30, None, None),
    ]


def test_views_show_the_loaded_data(engine: Engine, tmp_path: Path) -> None:
    load(engine, write_csv(tmp_path / "ml"))
    assert rows(engine, "SELECT films, rated_films, ratings, people FROM totals") == [(2, 2, 3, 2)]
    assert rows(engine, "SELECT movie_id, ratings, likes FROM movie_stats ORDER BY 1") == [
        (1, 2, 2),
        (2, 1, 0),
    ]
    assert rows(engine, "SELECT genre, films, ratings FROM genre_stats ORDER BY 1") == [
        ("Adventure", 1, 2),
        ("Comedy", 2, 3),
    ]
    assert rows(engine, "SELECT count(*) FROM rating_months") == [(2,)]


def test_windows_line_ends_byte_order_mark_and_no_last_newline(
    engine: Engine, tmp_path: Path
) -> None:
    folder = tmp_path / "ml"
    folder.mkdir()
    mark = b"\xef\xbb\xbf"
    (folder / "movies.csv").write_bytes(mark + b"movieId,title,genres\r\n1,Heat (1995),Crime\r\n")
    (folder / "ratings.csv").write_bytes(
        mark + b"userId,movieId,rating,timestamp\r\n1,1,4.0,5\r\n2,1,3.5,6"
    )
    report = load(engine, folder)
    assert report.rejected == 0
    assert stored_movies(engine) == [(1, "Heat", 1995, ["Crime"])]
    assert stored_ratings(engine) == [(1, 1, 4.0, 5, False), (2, 1, 3.5, 6, False)]


def test_lines_across_blocks_have_the_right_content_and_number(
    engine: Engine, tmp_path: Path
) -> None:
    lines = [f"{user},{film},4.5,{user}" for user in range(1, 25_001) for film in range(1, 13)]
    lines[290_000] = "broken"
    folder = write_csv(tmp_path / "ml", [f"{film},F{film},G" for film in range(1, 13)], lines)
    seen: list[float | None] = []

    report = load(engine, folder, progress=lambda fraction, what: seen.append(fraction))

    assert [(found.line, found.file) for found in report.examples] == [(290_002, "ratings.csv")]
    assert rows(engine, "SELECT count(*), sum(user_id::bigint), sum(movie_id) FROM ratings") == [
        (299_999, 12 * 25_000 * 25_001 // 2 - 24_167, 25_000 * 78 - 9)
    ]
    fractions = [fraction for fraction in seen if fraction is not None]
    assert fractions == sorted(fractions)
    assert fractions[0] == 0
    assert fractions[-1] == 1
    assert any(0 < fraction < 1 for fraction in fractions)


HOSTILE = [
    "it's \"quoted\", really",
    "<script>alert(1)</script>",
    "Amélie 🎬 映画",
    "\u202etfel ot thgir\u202c",
    "L" * 10_000,
    "back\\slash \\N \\. \\t \\\\",
    "a\ttab",
    "two\nlines",
    "\\N",
    "\\.",
    "'; DROP TABLE movies; --",
    "{curly},{\"braces\"}",
    ":named %s %(x)s",
    "not\x85line\u2028ends\x0beither",
]  # fmt: skip


def test_hostile_titles_and_genres_are_stored_verbatim(engine: Engine, tmp_path: Path) -> None:
    quoted = ['"' + title.replace('"', '""') + ' (2000)"' for title in HOSTILE]
    genre = '"' + '{a},"" \\N <b>' + '"'
    folder = write_csv(
        tmp_path / "ml",
        [f"{number},{title},{genre}" for number, title in enumerate(quoted, 1)],
        [f"1,{number},3,9" for number in range(1, len(HOSTILE) + 1)],
    )
    report = load(engine, folder)
    assert report.rejected == 0
    assert [title for _, title, _, _ in stored_movies(engine)] == HOSTILE
    assert rows(engine, "SELECT name FROM genres") == [('{a}," \\N <b>',)]


def test_same_release_as_folder_and_zip_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "ml"
    _csv(folder)
    load(engine, folder)
    before = dump(engine)
    report = load(engine, write_zip(tmp_path / "ml.zip", folder))
    after = dump(engine)
    assert len(after.pop("loads")) == len(before.pop("loads")) + 1
    assert after == before
    assert report.ratings_added == report.movies_changed == 0
