"""Invalid sources are refused with a helpful message, and change nothing."""

import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from db.loading import SourceError, load
from tests.db.loading.releases import (
    FEW_MOVIES,
    dump,
    rows,
    write_csv,
    write_lines,
    write_zip,
)

pytestmark = pytest.mark.data_layer

# Always the same: where it begins with a line break, the first line is empty.
NOISE = random.Random(42).randbytes(5000)


def _file(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _zip(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return path


def _without(folder: Path, name: str) -> Path:
    (folder / name).unlink()
    return folder


def _with_movies(folder: Path, content: bytes) -> Path:
    _file(write_csv(folder) / "movies.csv", content)
    return folder


def _with_ratings(folder: Path, content: bytes) -> Path:
    _file(write_csv(folder) / "ratings.csv", content)
    return folder


def _bomb(folder: Path) -> Path:
    write_csv(folder)
    with (folder / "ratings.csv").open("ab") as file:
        file.write(b"1,1,4.0,5\n" * 4_000_000)
    return write_zip(folder.parent / "bomb.zip", folder)


def _lying_bomb(folder: Path) -> Path:
    """Write a zip whose header gives a false small size for the ratings."""
    path = write_zip(folder.parent / "liar.zip", write_csv(folder, ratings=["1,1,4.0,5"] * 5000))
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("ratings.csv").file_size
    content = path.read_bytes()
    assert content.count(struct.pack("<I", size)) == 2
    return _file(path, content.replace(struct.pack("<I", size), struct.pack("<I", 1000)))


def _damaged(folder: Path) -> Path:
    ratings = [f"{user},{film},3.5,{user}" for user in range(1, 5000) for film in (1, 2)]
    path = write_zip(folder.parent / "damaged.zip", write_csv(folder, ratings=ratings))
    with zipfile.ZipFile(path) as archive:
        member = archive.getinfo("ratings.csv")
    content = bytearray(path.read_bytes())
    content[member.header_offset + member.compress_size // 2] ^= 0xFF
    return _file(path, bytes(content))


def _encrypted(folder: Path) -> Path:
    path = write_zip(folder.parent / "encrypted.zip", write_csv(folder))
    content = path.read_bytes()
    for signature, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        position = content.find(signature)
        while position >= 0:
            flagged = position + offset
            content = content[:flagged] + b"\x01" + content[flagged + 1 :]
            position = content.find(signature, position + 4)
    return _file(path, content)


def _two(folder: Path) -> Path:
    write_csv(folder / "one")
    write_csv(folder / "two")
    return folder


def _dat(folder: Path, movies: bytes, ratings: bytes) -> Path:
    folder.mkdir()
    _file(folder / "movies.dat", movies)
    _file(folder / "ratings.dat", ratings)
    return folder


def _no_genres(folder: Path) -> Path:
    folder.mkdir()
    write_lines(folder / "u.genre", "nothing here")
    write_lines(folder / "u.item", "1|Heat|||x|1")
    write_lines(folder / "u.data", "1\t1\t4\t5")
    return folder


def _only(folder: Path, *names: str) -> Path:
    folder.mkdir()
    for name in names:
        (folder / name).write_text("a,b\n")
    return folder


def _device(folder: Path) -> Path:
    (write_csv(folder) / "ratings.csv").unlink()
    (folder / "ratings.csv").symlink_to("/dev/zero")
    return folder


HEADER = b"userId,movieId,rating,timestamp\n"
MOVIE = b"movieId,title,genres\n1,Heat,Crime\n"

CASES: dict[str, tuple[Callable[[Path], Path | str], str]] = {
    "not existing": (lambda t: t / "nowhere", "does not exist"),
    "a name that can't be": (lambda t: "a\0b", "accepted are"),
    "an unknown word": (lambda t: "ml-99m", "does not exist"),
    "a name too long": (lambda t: "x" * 5000, "accepted are"),
    "a text file": (lambda t: _file(t / "a.txt", b"hello"), "neither a folder nor a zip"),
    "a csv file": (lambda t: write_csv(t / "a") / "ratings.csv", "neither a folder nor a zip"),
    "an empty file": (lambda t: _file(t / "a.zip", b""), "neither a folder nor a zip"),
    "a binary file": (lambda t: _file(t / "a.zip", NOISE), "neither a folder nor a zip"),
    "half a zip": (
        lambda t: _file(t / "h.zip", write_zip(t / "a.zip", write_csv(t / "a")).read_bytes()[:300]),
        "neither a folder nor a zip",
    ),
    "a device": (lambda t: "/dev/null", "neither a folder nor a zip"),
    "an empty folder": (lambda t: t, "no files of a data set"),
    "an empty zip": (lambda t: _zip(t / "a.zip"), "no files of a data set"),
    "a zip of other things": (lambda t: _zip(t / "a.zip", x_txt=b"1"), "no files of a data set"),
    "no ratings": (lambda t: _without(write_csv(t / "a"), "ratings.csv"), "ratings.csv is missing"),
    "no films": (lambda t: _without(write_csv(t / "a"), "movies.csv"), "movies.csv is missing"),
    "Kaggle's ratings alone": (
        lambda t: _only(t / "a", "rating.csv"),
        "there is rating.csv, but movies.csv is missing; accepted",
    ),
    "a name that is nearly right": (
        lambda t: _only(t / "a", "movies.csv", "Rating.CSV"),
        "but ratings.csv is missing (is 'Rating.CSV' meant to be ratings.csv?); accepted",
    ),
    "names that are nearly right": (
        lambda t: _only(t / "a", "Movies.csv", "my_ratings.csv"),
        "(Movies.csv, my_ratings.csv) (is 'Movies.csv' meant to be movies.csv?); accepted",
    ),
    "many other files": (
        lambda t: _only(t / "a", *(f"{number}.txt" for number in range(20))),
        "5.txt and 12 more); accepted",
    ),
    "films of The Movies Dataset alone": (
        lambda t: _only(t / "a", "movies_metadata.csv"),
        "there is movies_metadata.csv, but ratings.csv and links.csv are missing",
    ),
    "ratings that are a device": (lambda t: _device(t / "a"), "ratings.csv is missing"),
    "two data sets": (lambda t: _two(t / "a"), "one, two"),
    "empty films": (lambda t: _with_movies(t / "a", b""), "movies.csv has no line"),
    "empty ratings": (lambda t: _with_ratings(t / "a", b""), "ratings.csv has no line"),
    "films without header": (
        lambda t: _with_movies(t / "a", b"1,Heat,Crime\n"),
        "movies.csv begins with '1,Heat,Crime'",
    ),
    "films with other columns": (
        lambda t: _with_movies(t / "a", b"movieId,title\n1,Heat\n"),
        "columns have to be movieId,title,genres",
    ),
    "only a header of films": (
        lambda t: _with_movies(t / "a", b"movieId,title,genres\n"),
        "movies.csv has no line",
    ),
    "no good film": (
        lambda t: _with_movies(t / "a", b"movieId,title,genres\nx,y,z\n"),
        "movies.csv has no line",
    ),
    "binary films": (lambda t: _with_movies(t / "a", NOISE), "movies.csv begins with"),
    "utf-16 films": (
        lambda t: _with_movies(t / "a", MOVIE.decode().encode("utf-16")),
        "movies.csv begins with",
    ),
    "a thousand genres": (
        lambda t: write_csv(t / "a", [f"{n},Film,Genre{n}" for n in range(1, 1002)]),
        "1,001 genres",
    ),
    "ratings without a column": (
        lambda t: _with_ratings(t / "a", b"userId,movieId,rating\n1,1,4.0\n"),
        "columns have to be userId,movieId,rating,timestamp",
    ),
    "only a header of ratings": (
        lambda t: _with_ratings(t / "a", HEADER),
        "ratings.csv has no line",
    ),
    "no good rating": (
        lambda t: _with_ratings(t / "a", HEADER + b"1,1,9.0,5\nx\n"),
        "ratings.csv has no line",
    ),
    "binary ratings": (
        lambda t: _with_ratings(t / "a", NOISE),
        "ratings.csv begins with",
    ),
    "binary after a header": (
        lambda t: _with_ratings(t / "a", HEADER + b"\0\xff" * 5000),
        "ratings.csv has no line",
    ),
    "an endless line": (
        lambda t: _with_ratings(t / "a", HEADER + b"1,1,4.0,5\n" + b"9" * 2_000_000),
        "more than a megabyte",
    ),
    "ratings of other films": (
        lambda t: write_csv(t / "a", FEW_MOVIES, ["1,77,4.0,5"]),
        "no rating of a film in the list",
    ),
    "links with other columns": (
        lambda t: _without_header(write_csv(t / "a", links=["1,2,3"])),
        "columns have to be movieId,imdbId,tmdbId",
    ),
    "binary dat": (
        lambda t: _dat(t / "a", NOISE, b"1::1::4::5\n"),
        "movies.dat has no line",
    ),
    "dat ratings with commas": (
        lambda t: _dat(t / "a", b"1::Heat::Crime\n", b"1,1,4,5\n"),
        "ratings.dat has no line",
    ),
    "no genres in u.genre": (lambda t: _no_genres(t / "a"), "u.genre has no line"),
    "a zip bomb": (lambda t: _bomb(t / "a"), "-fold"),
    "a zip that lies": (lambda t: _lying_bomb(t / "a"), "ratings.csv can't be read"),
    "a damaged zip": (lambda t: _damaged(t / "a"), "ratings.csv can't be read"),
    "an encrypted zip": (lambda t: _encrypted(t / "a"), "encrypted"),
    "a way out of the zip": (
        lambda t: _zip(t / "a.zip", **{"../../movies_csv": MOVIE, "ratings_csv": HEADER}),
        "outside of itself",
    ),
    "a root in the zip": (
        lambda t: _zip(t / "a.zip", **{"/etc/movies_csv": MOVIE}),
        "outside of itself",
    ),
    "a drive in the zip": (
        lambda t: _zip(t / "a.zip", **{"C:\\movies_csv": MOVIE}),
        "outside of itself",
    ),
}


def _without_header(folder: Path) -> Path:
    _file(folder / "links.csv", b"1,2,3\n")
    return folder


def test_refused(engine: Engine, tmp_path: Path, subtests: pytest.Subtests) -> None:
    load(engine, write_csv(tmp_path / "before"))
    before = dump(engine)
    for number, (case, (make, words)) in enumerate(CASES.items()):
        with subtests.test(case):
            folder = tmp_path / str(number)
            folder.mkdir()
            source = make(folder)

            with pytest.raises(SourceError) as caught:
                load(engine, source)

            assert words in str(caught.value)
            assert isinstance(caught.value, ValueError)
            assert len(str(caught.value)) < 1000
            assert dump(engine) == before


def test_message_names_the_accepted_formats(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"demo.*movies\.csv.*movies\.dat.*u\.item"):
        load(engine, tmp_path / "nowhere")


def test_many_equal_lines_in_a_small_zip_are_not_a_bomb(engine: Engine, tmp_path: Path) -> None:
    folder = write_csv(tmp_path / "ml", ratings=["1,1,4.0,5"] * 50_000)
    report = load(engine, write_zip(tmp_path / "ml.zip", folder))
    assert rows(engine, "SELECT count(*) FROM ratings") == [(1,)]
    assert report.rejected == 49_999
