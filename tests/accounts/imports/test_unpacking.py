"""Zips: valid, damaged and hostile."""

import struct
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.imports.errors import MOST_BYTES, ImportFileError
from accounts.imports.unpacking import MOST_MEMBERS, File, files
from tests.accounts.imports.files import zipped

SMALL = zipped({"ratings.csv": "Name,Year,Rating\nHeat,1995,4\n"})
SIZE_IN_DIRECTORY = 24
FLAGS_IN_DIRECTORY = 8


def _directory(data: bytes) -> int:
    return data.index(b"PK\x01\x02")


def _with_flag(data: bytes, flag: int) -> bytes:
    changed = bytearray(data)
    for place in (6, _directory(data) + FLAGS_IN_DIRECTORY):
        changed[place] |= flag
    return bytes(changed)


def _with_size(data: bytes, size: int) -> bytes:
    changed = bytearray(data)
    struct.pack_into("<L", changed, _directory(data) + SIZE_IN_DIRECTORY, size)
    return bytes(changed)


def _refusal(data: bytes) -> str:
    with pytest.raises(ImportFileError) as caught:
        files("“f.zip”", data)
    return str(caught.value)


def test_other_files_are_returned_unchanged() -> None:
    assert files("“f.csv”", b"a,b\n") == [File(None, b"a,b\n")]


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["ratings.csv", "watched.csv"], ["ratings.csv", "watched.csv"]),
        (["Ratings.CSV"], ["ratings.csv"]),
        (["letterboxd-jane-2024-01-01/ratings.csv"], ["ratings.csv"]),
        (["letterboxd\\ratings.csv"], ["ratings.csv"]),
        (["ratings.csv", "inner/ratings.csv", "deleted/ratings.csv"], ["ratings.csv"]),
        (["ratings.csv", "__MACOSX/._ratings.csv", "likes.zip"], ["ratings.csv"]),
        (["j/likes/films.csv", "j/lists/a.csv"], ["likes/films.csv", "lists/a.csv"]),
        (
            ["data/ratings-movies.json", "films.xml", "photo.jpg"],
            ["ratings-movies.json", "films.xml"],
        ),
    ],
)
def test_files_that_may_contain_films(names: list[str], found: list[str]) -> None:
    given_files: dict[str, str | bytes] = {name: name.encode() for name in names}
    assert [file.name for file in files("“f.zip”", zipped(given_files))] == found
    assert files("“f.zip”", zipped(given_files))[0].content == names[0].encode()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (zipped({}), "“f.zip” is a zip without a file of ratings or films; sup"),
        (zipped({"profile.pdf": "x"}), "“f.zip” is a zip without a file of ratings or films; sup"),
        (
            zipped({"a/b/c/ratings.csv": "x"}),
            "“f.zip” is a zip without a file of ratings or films; sup",
        ),
        (
            zipped({"deleted/ratings.csv": "x"}),
            "“f.zip” is a zip without a file of ratings or films; sup",
        ),
        (
            zipped({"a/ratings.csv": "x", "b/ratings.csv": "x"}),
            "“f.zip” contains ratings.csv 2 times: unpack it",
        ),
        (zipped({"export.zip": SMALL}), "“f.zip” is a zip that contains another zip: unpack it"),
        (zipped({"ratings.csv": SMALL}), "“f.zip” is a zip that contains another zip: unpack it"),
        (
            zipped({"[Content_Types].xml": "x", "xl/workbook.xml": "x"}),
            "“f.zip” is an Excel workbook: save it as CSV",
        ),
        (zipped({"ratings.csv": b""}), "ratings.csv in “f.zip” is empty; supported"),
        (zipped({"ratings.csv": b"%PDF-1.7"}), "ratings.csv in “f.zip” is a PDF, not"),
        (SMALL[:-30], "“f.zip” is a damaged zip: download it again; supported"),
        (SMALL[:20], "“f.zip” is a damaged zip: download it again; supported"),
        (SMALL[:45] + b"\xff\xff" + SMALL[47:], "“f.zip” is a damaged zip: download it again"),
        (_with_flag(SMALL, 1), "“f.zip” is encrypted: unpack it with its password"),
        (
            zipped({"ratings.csv": b"x"}, zipfile.ZIP_LZMA),
            "ratings.csv in “f.zip” is compressed in an unusual way",
        ),
        (b"x" * (MOST_BYTES + 1), "“f.zip” is larger than 10 MB"),
    ],
)
def test_unusable_zips(data: bytes, message: str) -> None:
    assert _refusal(data).startswith(message)


def test_bomb_is_stopped_by_its_unpacked_size() -> None:
    bomb = zipped({"ratings.csv": b"0" * (MOST_BYTES + 1)})
    assert len(bomb) < 20_000
    assert _refusal(bomb).startswith("ratings.csv in “f.zip” is larger than 10 MB")


@pytest.mark.parametrize("size", [1, 2**31])
def test_bomb_with_a_false_size(size: int) -> None:
    bomb = _with_size(zipped({"ratings.csv": b"0" * (MOST_BYTES + 1)}), size)
    assert _refusal(bomb).startswith(
        ("“f.zip” is a damaged zip", "ratings.csv in “f.zip” is larger")
    )


def test_maximum_size() -> None:
    data = zipped({"ratings.csv": b"0" * MOST_BYTES})
    [file] = files("“f.zip”", data)
    assert len(file.content) == MOST_BYTES


def test_total_size_of_files_is_limited() -> None:
    bomb = zipped({f"lists/{number}.csv": b"0" * MOST_BYTES for number in range(4)})
    assert _refusal(bomb).startswith("lists/3.csv in “f.zip” is larger than")


def test_one_bad_file_among_good_ones_is_skipped() -> None:
    data = zipped({"ratings.csv": b"a,b", "watched.csv": b"%PDF-1.7", "diary.csv": b" "})
    assert [file.name for file in files("“f.zip”", data)] == ["ratings.csv"]


def test_too_many_files() -> None:
    data = zipped({f"lists/{number}.csv": b"" for number in range(MOST_MEMBERS + 1)})
    assert _refusal(data).startswith("“f.zip” contains more than 10,000 files")
    data = zipped({f"lists/{number}.csv": b"x" for number in range(501)})
    assert _refusal(data).startswith("“f.zip” contains more than 500 tables")


@given(st.integers(0, len(SMALL) - 1), st.integers(0, 255))
def test_any_damaged_byte(place: int, byte: int) -> None:
    data = SMALL[:place] + bytes([byte]) + SMALL[place + 1 :]
    with suppress(ImportFileError):
        files("“f.zip”", data)
