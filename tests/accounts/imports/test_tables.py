"""Any table of films: its columns, scale and order of dates are found or asked for."""

from datetime import UTC, datetime

import pytest

from accounts.imports import Hints, Row, Service, UnknownColumnsError, read


@pytest.mark.parametrize(
    ("text", "roles", "scale", "rows"),
    [
        (
            "sep=;\nFilm;Jahr;Note;Gesehen\nHeat;1995;8,5;01.04.2023\nRan;1985;10;\n",
            {"title": "Film", "year": "Jahr", "rating": "Note", "date": "Gesehen"},
            10,
            [Row(3, "Heat", 1995, 4.5, datetime(2023, 4, 1, tzinfo=UTC)), Row(4, "Ran", 1985, 5.0)],
        ),
        (
            "a,b,c,d\nHeat,1995,85,tt0113277\nRan,1985,40,tt0089881\n",
            {"title": "a", "year": "b", "rating": "c", "imdb_id": "d"},
            100,
            [
                Row(2, "Heat", 1995, 4.5, imdb_id=113277),
                Row(3, "Ran", 1985, 2.0, imdb_id=89881),
            ],
        ),
        (
            "Movie,Opinion\nHeat (1995),liked\nRan (1985),disliked\n",
            {"title": "Movie", "rating": "Opinion"},
            5,
            [Row(2, "Heat", 1995, 4.0), Row(3, "Ran", 1985, 1.5)],
        ),
        (
            "Movie,Year\nHeat,1995\n",
            {"title": "Movie", "year": "Year"},
            None,
            [Row(2, "Heat", 1995, None)],
        ),
    ],
)
def test_any_table(text: str, roles: dict[str, str], scale: int | None, rows: list[Row]) -> None:
    parsed = read("mine.csv", text.encode())
    assert parsed.service is Service.TABLE
    assert parsed.table is not None
    assert parsed.table.roles == roles
    assert parsed.sections[0].scale == scale
    assert parsed.sections[0].has_thumbs == ("liked" in text)
    assert list(parsed.rows) == rows


def test_columns_named_by_the_user() -> None:
    text = b"one,two,three\n8,Heat,1995\n"
    with pytest.raises(UnknownColumnsError) as caught:
        read("mine.csv", b"1,2\n3,4\n")
    assert (caught.value.table.columns, caught.value.table.sample) == (("1", "2"), (("3", "4"),))
    hints = Hints({"title": "two", "year": "three", "rating": "one"}, scale=10)
    assert read("mine.csv", text, hints).rows == (Row(2, "Heat", 1995, 4.0),)
    with pytest.raises(UnknownColumnsError, match="has no column four; it has one, two, three"):
        read("mine.csv", text, Hints({"title": "four"}))


def test_order_of_dates_is_asked_if_it_is_ambiguous() -> None:
    text = b"Title,Year,Rating,Date\nHeat,1995,8,4/3/2021\nRan,1985,9,yesterday\n"
    parsed = read("mine.csv", text)
    assert (parsed.sections[0].is_date_open, parsed.sections[0].undated) == (True, 2)
    parsed = read("mine.csv", text, Hints(date_order="dmy"))
    assert [row.rated_at for row in parsed.rows] == [datetime(2021, 3, 4, tzinfo=UTC), None]
    assert (parsed.sections[0].is_date_open, parsed.sections[0].undated) == (False, 1)
