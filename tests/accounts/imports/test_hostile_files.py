"""Files made to do harm, and files of random content."""

import json
import unicodedata
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.imports import ImportFileError, read
from accounts.imports.records import lines_of
from tests.accounts.imports.files import DATA_SET, HEADER, IMDB, LETTERBOXD, MOVIELENS, zipped


def test_hostile_name() -> None:
    with pytest.raises(ImportFileError) as caught:
        read("\u202e\0" + "x" * 10_000, b"")
    assert str(caught.value).startswith(f"“{'x' * 78}” is empty")


@pytest.mark.parametrize(
    "content",
    [
        b"\n" * (10 * 2**20 - 1) + b"x",
        b"," * (10 * 2**20),
        b'"' * (10 * 2**20),
        HEADER.encode() + b'"\n' * (5 * 2**20 - 100),
        HEADER.encode() + b'"a' * (5 * 2**20 - 100),
        HEADER.encode() + b"9" * (10 * 2**20 - 100),
        b"\xe9" * (10 * 2**20),
        b"\xe9\n" * 1_000_000,
        HEADER.encode() + b'",\n\n' * 49_999,
        b"[" + b"{}," * 3_000_000 + b"{}]",
        b"<a>" + b"<b/>" * 2_500_000 + b"</a>",
        b'[{"movie": {"title": "x"}},' * 350_000,
        b"Title,Date\n" + b'"a","1/2/21"\n' * 49_999,
    ],
    ids=[
        "lines",
        "commas",
        "quotes",
        "lines of quotes",
        "one quote",
        "one field",
        "bytes",
        "lines of bytes",
        "open quotes",
        "objects",
        "elements",
        "open objects",
        "dates",
    ],
)
@pytest.mark.timeout(120)  # seconds are enough; what grows as the square would take hours
def test_the_worst_files_come_to_an_end(content: bytes) -> None:
    with suppress(ImportFileError):
        read("f.csv", content)


HEADERS = [text.partition("\n")[0] for text in (LETTERBOXD, IMDB, MOVIELENS, DATA_SET)]
FIELDS = st.sampled_from(["", '"', "4", "4.5", "tt1", "1995", "2020-01-31", "9" * 11]) | st.text()


@given(st.binary(max_size=2000))
def test_any_bytes(content: bytes) -> None:
    with suppress(ImportFileError):
        read("f.csv", content)


@given(st.sampled_from(HEADERS), st.lists(st.lists(FIELDS, max_size=15).map(",".join), max_size=20))
def test_any_rows(header: str, rows: list[str]) -> None:
    text = "\n".join([header, *rows])
    with suppress(ImportFileError):
        parsed = read("f.csv", text.encode("utf-8", "replace"))
        lines = [row.line for row in parsed.rows] + [row.line for row in parsed.unusable]
        assert len(set(lines)) == len(lines) <= len(lines_of(text)) - 1
        assert all(1 < line <= len(lines_of(text)) for line in lines)
        for row in parsed.rows:
            assert row.rating in [None, *(half / 2 for half in range(1, 11))]
            assert not any(unicodedata.category(sign) == "Cc" for sign in row.title)
            assert row.title or row.movielens_id or row.imdb_id or row.tmdb_id
            assert row.rated_at is None or 1900 <= row.rated_at.year <= datetime.now(UTC).year
        assert all(row.reason for row in parsed.unusable)


@given(st.binary(max_size=2000))
def test_any_zip(content: bytes) -> None:
    for data in (zipped({"ratings.csv": content}), b"PK\x03\x04" + content):
        with suppress(ImportFileError):
            read("f.zip", data)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["movie", "title", "year", "ids", "rating"]), inner)
    ),
    max_leaves=20,
)


@given(VALUES)
def test_any_json(value: object) -> None:
    with suppress(ImportFileError):
        for row in read("f.json", json.dumps([value, {"movie": value}]).encode()).rows:
            assert row.title or row.imdb_id or row.tmdb_id


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 1_000_000,
        b'[{"a":' * 100_000,
        b'[{"title": "Heat", "rating": ' + b"9" * 5000 + b"}]",
        b"<a>" * 100_000,
        b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a><f><t>&c;</t><u/></f></a>',
        b"{}",
        b"[]",
        b"<a/>",
    ],
)
def test_hostile_json_and_xml(content: bytes) -> None:
    with pytest.raises(ImportFileError):
        read("f", content)
