"""The fields of a row."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.imports import fields
from accounts.imports.errors import RowError


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("1995", 1995),
        (" 1995 ", 1995),
        ("1995.0", 1995),
        ("2008-2013", 2008),
        ("2008–", 2008),
        ("1869", None),
        ("2101", None),
        ("", None),
        ("95", None),
        ("١٩٩٥", None),
    ],
)
def test_years(text: str, year: int | None) -> None:
    assert fields.year(text) == year


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("tt0113277", 113277),
        ("0113277", 113277),
        ("949.0", 949),
        ("https://www.imdb.com/title/tt0113277/", 113277),
        ("https://www.themoviedb.org/movie/949-heat", 949),
        ("2147483647", 2147483647),
        ("2147483648", None),
        ("0", None),
        ("", None),
        ("nm0000001", None),
    ],
)
def test_numbers(text: str, number: int | None) -> None:
    assert fields.number(text) == number


@given(st.text(max_size=600))
def test_any_text(text: str) -> None:
    fields.year(text)
    fields.number(text)
    with suppress(RowError):
        fields.title(text)


@pytest.mark.parametrize(("text", "title"), [("'=1+1", "=1+1"), ("'71", "'71"), ("'-Z'", "-Z'")])
def test_apostrophe_of_an_export_is_not_part_of_a_title(text: str, title: str) -> None:
    assert fields.title(text) == title
