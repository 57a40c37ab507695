"""A line of any bytes gives a displayable tag, or the reason why not."""

import csv
import io
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from db.loading.headers import Header, expect_header
from db.loading.report import Reason
from db.loading.tags import COLUMNS, DAT, MOST_TAG_LETTERS, GivenTag, clean, read_line

CSV = expect_header("tags.csv", b"userId,movieId,tag,timestamp", COLUMNS)
headers = st.sampled_from([CSV, DAT])


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("Time  Travel ", "Time Travel"),
        ("caf\u0065\u0301", "café"),
        ("\u00a0space\u2003opera", "space opera"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        (":)", ":)"),
        ("שלום", "שלום"),
        ("a" * 100, "a" * 100),
        ("a" * 101, Reason.TAG),
        ("", Reason.NO_TAG),
        ("\u200d", Reason.NO_TAG),
        ("a\x1bb", Reason.TAG_SIGN),
        ("a\nb", Reason.TAG_SIGN),
        ("a\u2028b", Reason.TAG_SIGN),
        ("a\u2066b", Reason.TAG_SIGN),
        ("a\u200eb", Reason.TAG_SIGN),
        ("a\ufeff", Reason.TAG_SIGN),
    ],
)
def test_examples(tag: str, expected: str | Reason) -> None:
    assert clean(tag) == expected


@given(st.binary(max_size=60).map(lambda some: some.replace(b"\n", b"")), headers)
@example(b'1,2,"a\rb",3', CSV)
@example(b"1::2::a::b::3", DAT)
def test_any_bytes(line: bytes, header: Header) -> None:
    assert isinstance(read_line(line, header), GivenTag | Reason)


@given(st.text(), headers)
def test_any_tag(tag: str, header: Header) -> None:
    """Reading cleans a tag, and cleaning it again changes nothing."""
    tag = tag.translate({ord("\n"): " ", ord("\0"): " "}).encode("utf-8", "replace").decode()
    file = io.StringIO()
    csv.writer(file, lineterminator="").writerow([7, 1, tag, 9])
    line = file.getvalue() if header is CSV else f"7::1::{tag}::9"
    read, cleaned = read_line(line.encode(), header), clean(tag)
    if isinstance(cleaned, Reason):
        assert read == cleaned
        return
    assert read == GivenTag(1, 7, cleaned, cleaned.casefold())
    assert clean(cleaned) == cleaned
    assert 0 < len(cleaned) <= MOST_TAG_LETTERS
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not {"Cc", "Cs", "Zl", "Zp"} & {unicodedata.category(sign) for sign in cleaned}
