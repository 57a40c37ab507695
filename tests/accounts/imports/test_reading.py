"""Files of the three services as they document them, and files that are none of theirs."""

import json
import unicodedata
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.imports import MOST_ROWS, ImportFileError, Row, Service, Unusable, read
from accounts.imports.records import lines_of
from tests.accounts.imports.files import DATA_SET, IMDB, LETTERBOXD, MOVIELENS, zipped

HEADER = "Date,Name,Year,Letterboxd URI,Rating\n"


def _one(text: str) -> Row:
    parsed = read("ratings.csv", text.encode())
    assert parsed.unusable == ()
    [row] = parsed.rows
    return row


def test_letterboxd() -> None:
    parsed = read("ratings.csv", LETTERBOXD.encode())
    assert parsed.service is Service.LETTERBOXD
    assert parsed.unusable == ()
    assert parsed.rows == (
        Row(2, "Heat", 1995, 4.5, datetime(2023, 4, 1, tzinfo=UTC)),
        Row(3, "Crouching Tiger, Hidden Dragon", 2000, 0.5, datetime(2023, 4, 2, tzinfo=UTC)),
    )


def test_imdb() -> None:
    parsed = read("anything.txt", IMDB.encode())
    assert parsed.service is Service.IMDB
    assert parsed.unusable == ()
    assert parsed.rows == (
        Row(
            2,
            "Heat",
            1995,
            4.5,
            datetime(2020, 1, 31, tzinfo=UTC),
            imdb_id=113277,
            original_title="Heat",
        ),
        Row(
            3,
            "Amélie",
            2001,
            5.0,
            datetime(2020, 2, 1, tzinfo=UTC),
            imdb_id=211915,
            original_title="Le fabuleux destin d'Amélie Poulain",
        ),
        Row(
            4,
            "Breaking Bad",
            2008,
            0.5,
            datetime(2020, 2, 2, tzinfo=UTC),
            imdb_id=903747,
            original_title="Breaking Bad",
            is_film=False,
        ),
    )


def test_imdb_before_it_had_original_titles() -> None:
    row = _one("Const,Your Rating,Date Rated,Title,URL,Title Type,Year\ntt1,7,,X,,movie,1999\n")
    assert row == Row(2, "X", 1999, 3.5, None, imdb_id=1)


def test_movielens() -> None:
    parsed = read("movielens-ratings.csv", MOVIELENS.encode())
    assert parsed.service is Service.MOVIELENS
    assert parsed.rows == (
        Row(2, "Heat", 1995, 4.5, movielens_id=6, imdb_id=113277, tmdb_id=949),
        Row(3, "The Matrix", 1999, 5.0, movielens_id=2571, imdb_id=133093, tmdb_id=603),
    )


def test_one_person_of_a_data_set() -> None:
    parsed = read("ratings.csv", DATA_SET.encode())
    assert parsed.service is Service.MOVIELENS
    assert parsed.rows == (
        Row(2, "", None, 4.0, datetime(2000, 7, 30, 18, 37, 4, tzinfo=UTC), movielens_id=6),
        Row(3, "", None, 5.0, datetime(2000, 7, 30, 19, 3, 35, tzinfo=UTC), movielens_id=47),
    )


def test_several_people_of_a_data_set() -> None:
    with pytest.raises(ImportFileError, match="ratings of more than one person"):
        read("ratings.csv", f"{DATA_SET}2,6,4.0,964982224\n".encode())


PLAIN = f"{HEADER}2023-04-01,Heat,1995,https://boxd.it/2a1m,4.5\n2023-04-02,Ran,1985,,0.5\n"
PLAIN_ROWS = (
    Row(2, "Heat", 1995, 4.5, datetime(2023, 4, 1, tzinfo=UTC)),
    Row(3, "Ran", 1985, 0.5, datetime(2023, 4, 2, tzinfo=UTC)),
)


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.replace(",", ";").replace("4.5", "4,5").encode(),
        PLAIN.replace(",", "\t").encode(),
        PLAIN.replace("Name", '"Name"').replace("Heat", '"Heat"').encode(),
        PLAIN.replace("Date,Name", "date, NAME ").encode(),
        PLAIN.removesuffix("\n").encode(),
        zipped({"profile.csv": "x", "ratings.csv": PLAIN, "deleted/ratings.csv": HEADER}),
        zipped({"letterboxd-jane/ratings.csv": PLAIN, "letterboxd-jane/watched.csv": "x"}),
    ],
    ids=[
        "byte order mark",
        "utf-16",
        "crlf",
        "cr",
        "semicolons",
        "tabs",
        "quotes",
        "other case",
        "no end",
        "zip",
        "folder in a zip",
    ],
)
def test_the_same_file_in_another_guise(content: bytes) -> None:
    parsed = read("whatever", content)
    assert parsed.service is Service.LETTERBOXD
    assert parsed.rows == PLAIN_ROWS
    assert parsed.unusable == ()


def test_lines_are_those_of_the_file() -> None:
    text = f'\n{HEADER}\n2023-04-01,"two\nlines",1995,,4\n\n2023-04-02,Ran,1985,,9\n'
    parsed = read("ratings.csv", text.encode())
    assert [(row.line, row.title) for row in parsed.rows] == [(4, "two lines")]
    assert parsed.unusable == (Unusable(7, "Ran", "its rating is “9”, not 0.5 to 5 in halves"),)


def test_accents_of_windows() -> None:
    text = f"{HEADER}2023-04-01,Amélie – l’été,2001,,4\n"
    [row] = read("ratings.csv", text.encode("cp1252")).rows
    assert row.title == "Amélie – l’été"


def test_one_bad_byte_leaves_the_other_accents_alone() -> None:
    text = f"{HEADER}2023-04-01,Amélie,2001,,4\n2023-04-01,Été,2001,,4\n".encode()
    rows = read("ratings.csv", text + b"2023-04-01,caf\xe9,2001,,4\n").rows
    assert [row.title for row in rows] == ["Amélie", "Été", "caf\N{REPLACEMENT CHARACTER}"]


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("=cmd|'/c calc'!A1", "=cmd|'/c calc'!A1"),
        ("nul\0byte", "nul byte"),
        ("\u202eevil\u202c \u200fשלום", "evil שלום"),
        ("👩‍🚀 🎬", "👩‍🚀 🎬"),
        ("5'10\" tall", "5'10\" tall"),
        ('"Weird Al ""Yankovic"", him"', 'Weird Al "Yankovic", him'),
        ("x" * 500, "x" * 500),
    ],
)
def test_hostile_titles(written: str, title: str) -> None:
    assert _one(f"{HEADER}2023-04-01,{written},2001,,4\n").title == title


@pytest.mark.parametrize(
    ("row", "title", "reason"),
    [
        ("2023-04-01,Heat,1995,,", "Heat", "it has no rating"),
        ("2023-04-01,Heat,1995,,0", "Heat", "its rating is “0”, not 0.5 to 5 in halves"),
        ("2023-04-01,Heat,1995,,3.7", "Heat", "its rating is “3.7”, not 0.5 to 5 in halves"),
        ("2023-04-01,Heat,1995,,nan", "Heat", "its rating, “nan”, is not a number of stars"),
        ("2023-04-01,Heat,1995,,٤", "Heat", "its rating, “٤”, is not a number of stars"),
        (
            f"2023-04-01,Heat,1995,,{'9' * 10_000}",
            "Heat",
            f"its rating, “{'9' * 19}…”, is not a number of stars",
        ),
        ("2023-04-01,,1995,,4", "", "it has no title"),
        (f"2023-04-01,{'x' * 10_000},1995,,4", "", "its title has more than 500 characters"),
        ("2023-04-01,Heat,1995,4", "", "it has 4 fields where the header has 5"),
        ("2023-04-01,Heat,1995,,4,5", "", "it has 6 fields where the header has 5"),
        ('2023-04-01,"Heat,1995,,4', "", "a quotation mark is missing or misplaced"),
    ],
)
def test_rows_that_cannot_be_used(row: str, title: str, reason: str) -> None:
    parsed = read("ratings.csv", f"{HEADER}{row}\n2023-04-02,Ran,1985,,3\n".encode())
    assert parsed.unusable == (Unusable(2, title, reason),)
    assert [found.title for found in parsed.rows] == ["Ran"]


def test_a_rating_of_imdb_is_whole() -> None:
    parsed = read("ratings.csv", b"Const,Your Rating,Title\ntt1,7.5,X\ntt1,,X\n,5,\n")
    assert [(row.line, row.reason) for row in parsed.unusable] == [
        (2, "its rating is “7.5”, not a whole number from 1 to 10"),
        (3, "it has no rating"),
        (4, "it has neither a title nor an IMDb number"),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "“f.csv” is empty; supported files are the exports of"),
        (b"\xef\xbb\xbf \n", "“f.csv” is not a CSV file; supported files are"),
        (b"hello", "“f.csv” is not a CSV file; supported files are"),
        (b"\x00\x01,\x02", "“f.csv” is not a CSV file; supported files are"),
        (b"\x89PNG\r\n\x1a\n", "“f.csv” is a picture, not a list of ratings; supported files are"),
        (b"<!DOCTYPE html>", "“f.csv” is a web page, not a list of ratings; supported files are"),
        (
            b"a,<b>\x07,c\n1,2,3",
            "“f.csv” doesn't have the columns of a ratings file (it begins with “a,<b> ,c”); sup",
        ),
        (
            b"Date,Name,Year,Letterboxd URI\n",
            "“f.csv” has the right columns but no ratings; supported files are",
        ),
        (
            b"Position,Const,Created,Title\n",
            "“f.csv” has the right columns but no ratings; supported files are",
        ),
        (
            b"movieId,title,genres\n",
            "“f.csv” looks like a file from MovieLens, but the column rating is missing: on",
        ),
        (HEADER.encode(), "“f.csv” has the right columns but no ratings; supported files are"),
    ],
)
def test_files_that_are_none_of_theirs(content: bytes, message: str) -> None:
    with pytest.raises(ImportFileError) as caught:
        read("f.csv", content)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_a_hostile_name() -> None:
    with pytest.raises(ImportFileError) as caught:
        read("\u202e\0" + "x" * 10_000, b"")
    assert str(caught.value).startswith(f"“{'x' * 78}” is empty")


def test_as_many_rows_as_may_be() -> None:
    row = "2023-04-01,Heat,1995,,4\n"
    assert len(read("f.csv", f"{HEADER}{row * MOST_ROWS}".encode()).rows) == MOST_ROWS
    with pytest.raises(ImportFileError, match="has more than 50,000 rows"):
        read("f.csv", f"{HEADER}{row * (MOST_ROWS + 1)}".encode())


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
