"""Files of three services in their documented formats, and files of no service."""

from datetime import UTC, datetime

import pytest

from accounts.imports import MOST_ROWS, ImportFileError, Row, Service, Unusable, read
from tests.accounts.imports.files import DATA_SET, HEADER, IMDB, LETTERBOXD, MOVIELENS, zipped


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


def test_imdb_without_original_titles() -> None:
    row = _one("Const,Your Rating,Date Rated,Title,URL,Title Type,Year\ntt1,7,,X,,movie,1999\n")
    assert row == Row(2, "X", 1999, 3.5, None, imdb_id=1)


def test_movielens() -> None:
    parsed = read("movielens-ratings.csv", MOVIELENS.encode())
    assert parsed.service is Service.MOVIELENS
    assert parsed.rows == (
        Row(2, "Heat", 1995, 4.5, movielens_id=6, imdb_id=113277, tmdb_id=949),
        Row(3, "The Matrix", 1999, 5.0, movielens_id=2571, imdb_id=133093, tmdb_id=603),
    )


def test_one_user_of_a_data_set() -> None:
    parsed = read("ratings.csv", DATA_SET.encode())
    assert parsed.service is Service.MOVIELENS
    assert parsed.rows == (
        Row(2, "", None, 4.0, datetime(2000, 7, 30, 18, 37, 4, tzinfo=UTC), movielens_id=6),
        Row(3, "", None, 5.0, datetime(2000, 7, 30, 19, 3, 35, tzinfo=UTC), movielens_id=47),
    )


def test_several_users_of_a_data_set() -> None:
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
def test_same_file_in_other_encodings_and_dialects(content: bytes) -> None:
    parsed = read("whatever", content)
    assert parsed.service is Service.LETTERBOXD
    assert parsed.rows == PLAIN_ROWS
    assert parsed.unusable == ()


def test_line_numbers_are_those_of_the_file() -> None:
    text = f'\n{HEADER}\n2023-04-01,"two\nlines",1995,,4\n\n2023-04-02,Ran,1985,,9\n'
    parsed = read("ratings.csv", text.encode())
    assert [(row.line, row.title) for row in parsed.rows] == [(4, "two lines")]
    assert parsed.unusable == (Unusable(7, "Ran", "its rating is “9”, not 0.5 to 5 in halves"),)


def test_windows_encoding() -> None:
    text = f"{HEADER}2023-04-01,Amélie – l’été,2001,,4\n"
    [row] = read("ratings.csv", text.encode("cp1252")).rows
    assert row.title == "Amélie – l’été"


def test_one_bad_byte_does_not_affect_other_accents() -> None:
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
def test_unusable_rows(row: str, title: str, reason: str) -> None:
    parsed = read("ratings.csv", f"{HEADER}{row}\n2023-04-02,Ran,1985,,3\n".encode())
    assert parsed.unusable == (Unusable(2, title, reason),)
    assert [found.title for found in parsed.rows] == ["Ran"]


def test_imdb_ratings_are_whole_numbers() -> None:
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
def test_files_of_no_service(content: bytes, message: str) -> None:
    with pytest.raises(ImportFileError) as caught:
        read("f.csv", content)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_maximum_number_of_rows() -> None:
    row = "2023-04-01,Heat,1995,,4\n"
    assert len(read("f.csv", f"{HEADER}{row * MOST_ROWS}".encode()).rows) == MOST_ROWS
    with pytest.raises(ImportFileError, match="has more than 50,000 rows"):
        read("f.csv", f"{HEADER}{row * (MOST_ROWS + 1)}".encode())
