"""The Netflix Prize's ratings, film by film."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from db.loading import Reason, SourceError, load
from db.loading.netflix import NETFLIX
from db.loading.sources import Member
from tests.db.loading.releases import stored_movies, stored_ratings, write_lines, write_zip

TITLES = (
    "1,2003,Dinosaur Planet",
    "2,NULL,Isle of Man, TT 2004, The",
    "3,1997,Amélie's Café (1997)",
)


def _titles(folder: Path, name: str = "movie_titles.csv") -> Path:
    folder.mkdir()
    write_lines(folder / name, *TITLES, encoding="latin-1")
    return folder


def _combined(folder: Path) -> Path:
    _titles(folder)
    write_lines(
        folder / "combined_data_1.txt", "1:", "1488844,3,2005-09-06", "7,5,2005-05-13", "2:"
    )
    write_lines(folder / "combined_data_2.txt", "3:\r", "7,4,2005-10-19\r", "8,1,1999-12-30\r")
    (folder / "probe.txt").write_text("1:\n30878\n")
    return folder


def _separate(folder: Path) -> Path:
    _titles(folder, "movie_titles.txt")
    (folder / "training_set").mkdir()
    write_lines(
        folder / "training_set" / "mv_0000001.txt", "1:", "1488844,3,2005-09-06", "7,5,2005-05-13"
    )
    write_lines(
        folder / "training_set" / "mv_0000003.txt", "3:", "7,4,2005-10-19", "8,1,1999-12-30"
    )
    return folder


def _zip_of_separate(folder: Path) -> Path:
    _separate(folder)
    path = write_zip(folder.parent / "a.zip", folder / "training_set", "nf/training_set/")
    with zipfile.ZipFile(path, "a") as archive:
        archive.write(folder / "movie_titles.txt", "nf/movie_titles.txt")
    return path


@pytest.mark.data_layer
@pytest.mark.parametrize("write", [_combined, _separate, _zip_of_separate])
def test_rows(write: Callable[[Path], Path], engine: Engine, tmp_path: Path) -> None:
    report = load(engine, write(tmp_path / "nf"))
    assert stored_movies(engine) == [
        (1, "Dinosaur Planet", 2003, []),
        (2, "Isle of Man, TT 2004, The", None, []),
        (3, "Amélie's Café (1997)", 1997, []),
    ]
    assert stored_ratings(engine) == [
        (7, 1, 5.0, 1115942400, False),
        (7, 3, 4.0, 1129680000, False),
        (8, 3, 1.0, 946512000, False),
        (1488844, 1, 3.0, 1125964800, False),
    ]
    assert (report.rejected, report.ratings) == (0, 4)


@pytest.mark.data_layer
def test_broken_lines(engine: Engine, tmp_path: Path) -> None:
    folder = _combined(tmp_path / "nf")
    good = [f"{user},3,2005-09-06" for user in range(100, 120)]
    write_lines(
        folder / "combined_data_1.txt",
        *("5,3,2005-09-06", "1:", "6,3,2005-09-06", "6,4,2005-09-05", "x,3,2005-09-06"),
        *("7,6,2005-09-06", "7,3,2005-02-30", "7,3", "9:", "7,3,2005-09-06", "1: 2"),
        *("1:", *good),
    )
    report = load(engine, folder)
    first, second = "combined_data_1.txt", "combined_data_2.txt"
    assert [(found.file, found.line, found.reason) for found in report.examples] == [
        (first, 1, Reason.FILM),
        (first, 5, Reason.USER),
        (first, 6, Reason.RATING),
        (first, 7, Reason.TIME),
        (first, 8, Reason.FIELDS),
        (first, 10, Reason.UNKNOWN_FILM),
        (first, 11, Reason.FIELDS),
        (first, 4, Reason.SECOND_RATING),
    ]
    write_lines(folder / second, "1:", "6,5,2005-12-31")
    again = load(engine, folder)
    assert [(found.file, found.line) for found in again.examples[-2:]] == [(first, 3), (first, 4)]
    assert (6, 1, 5.0, 1135987200, False) in stored_ratings(engine)


@pytest.mark.data_layer
def test_films_continue_in_the_next_block(engine: Engine, tmp_path: Path) -> None:
    folder = _titles(tmp_path / "nf")
    with (folder / "combined_data_1.txt").open("w") as file:
        for film in (1, 3):
            file.write(f"{film}:\n")
            file.writelines(f"{user},{film},2005-09-06\n" for user in range(1, 250_001))
    assert load(engine, folder).ratings == 500_000
    assert {(film, stars) for _, film, stars, _, _ in stored_ratings(engine)} == {(1, 1), (3, 3)}


@pytest.mark.data_layer
def test_missing_files(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"movie_titles\.csv, but combined_data_\*\.txt is miss"):
        load(engine, _titles(tmp_path / "nf"))


_LINES = st.one_of(
    st.sampled_from([b"1:", b"2:", b"1: ", b"3:\r", b"99999999999999999999:", b":", b"", b"7,3"]),
    st.tuples(st.integers(0, 20), st.integers(0, 6)).map(lambda line: b"%d,%d,2005-09-06" % line),
    st.binary(max_size=6).map(lambda some: some.replace(b"\n", b"")),
)


@given(st.lists(_LINES, min_size=1, max_size=30))
def test_every_line_is_a_film_a_rating_or_rejected(lines: list[bytes]) -> None:
    content = b"".join(line + b"\n" for line in lines)
    member = Member("mv_1.txt", len(content), lambda: io.BytesIO(content))
    [block] = NETFLIX.read_ratings([member], None, lambda _read: None)
    film, expected = 0, {}
    for number, line in enumerate(lines, 1):
        head = line.removesuffix(b"\r").rstrip(b" \t")
        if head.endswith(b":") and head[:-1].isdigit() and len(head) < 20:
            film = int(head[:-1])
        elif line.endswith(b",2005-09-06") and 1 <= film < 2**31:
            user, stars, _ = line.split(b",")
            if int(user) and 1 <= int(stars) <= 5:
                expected[number] = film
    assert dict(zip(block.lines.tolist(), block.films.tolist(), strict=True)) == expected
