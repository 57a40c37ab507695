"""Texts that a spreadsheet would run as formulas are defused."""

import csv
import io
import unicodedata

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.spreadsheets import defused, defused_line

SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫"
hostile = st.text(st.sampled_from([*SIGNS, *",;\t\r\n| '\"a1"]), max_size=12)


def _one(text: str) -> str:
    return str(defused(pd.DataFrame({"title": [text]}))["title"].iloc[0])


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-2+3", "'-2+3"),
        ("+1", "'+1"),
        ("＝1+1", "'＝1+1"),
        ("＠x", "'＠x"),
        (" =1+1", "' =1+1"),
        ("\t=1+1", "'\t'=1+1"),
        ("\rx", "'\rx"),
        ("Fargo;=1+1", "Fargo;'=1+1"),
        ("Fargo; ＝1+1", "Fargo; '＝1+1"),
        ('Fargo;"=1+1"', 'Fargo;"\'=1+1"'),
        ("Fargo\t@x", "Fargo\t'@x"),
        ("Fargo\n=1", "Fargo\n'=1"),
        ("Fargo|=1", "Fargo|'=1"),
    ],
)
def test_formulas_are_defused(title: str, written: str) -> None:
    assert _one(title) == written


@pytest.mark.parametrize(
    "title", ["Fargo", "", "E=mc²", "Face/Off", "X-Men; the film", "50 - 50", "What?; Yes", "10"]
)
def test_other_texts_are_unchanged(title: str) -> None:
    assert _one(title) == title


def test_numbers_are_unchanged() -> None:
    table = pd.DataFrame({"difference": [-0.5, 1.0], "film": [None, "Fargo"]})
    pd.testing.assert_frame_equal(defused(table), table)


@given(st.lists(hostile, min_size=1, max_size=3), st.sampled_from(",;\t|"))
def test_no_cell_begins_with_a_formula_for_any_separator(titles: list[str], separator: str) -> None:
    table = defused(pd.DataFrame({"number": 1, "title": titles}))
    written = table.to_csv(index=False, lineterminator="\r\n")
    for line in csv.reader(io.StringIO(written, newline=""), delimiter=separator):
        for cell in line:
            assert unicodedata.normalize("NFKC", cell.lstrip()[:1]) not in tuple("=+-@"), written


@given(hostile)
def test_no_cell_of_a_line_begins_with_a_formula(words: str) -> None:
    for separator in ",;\t|":
        _first, *cells = defused_line(words).split(separator)
        assert not [each for each in cells if each.lstrip()[:1] in tuple(SIGNS)]
