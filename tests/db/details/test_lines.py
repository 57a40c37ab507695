"""Lines of IMDb's files: any text comes through as it is, and any bytes are a row or a reason."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.details.files import CREW, ImdbFile, number_of, parse, small
from db.details.staging import read_title
from db.loading.report import Reason, Rejections, SourceError

HEADER = b"tconst\tdirectors\twriters\n"
TEXTS = st.text(st.characters(exclude_characters="\t\n\r\0", codec="utf-8"))


@given(st.lists(TEXTS | st.none(), min_size=1))
def test_fields_come_through(fields: list[str | None]) -> None:
    line = "\t".join(r"\N" if field is None else field for field in fields).encode()
    expected = [None if field == r"\N" else field for field in fields]
    assert parse(line) == expected
    assert parse(line + b"\r") == expected


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        (b'"Heat"\t\'x\t"', ['"Heat"', "'x", '"']),
        (b"\\N\t\\\\N\t\\n\t", [None, r"\\N", r"\n", ""]),
        (b"\xd0\xa1\x02x", ["С\x02x"]),
        (b"a\xff\tb", Reason.UNDECODABLE),
        (b"a\0\tb", Reason.NUL),
    ],
)
def test_quotes_and_escapes(line: bytes, fields: list[str | None] | Reason) -> None:
    assert parse(line) == fields


@given(
    content=st.lists(st.binary(max_size=40) | st.just(b"tt1\ta\tb"), max_size=30).map(b"\n".join)
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_line_is_a_row_or_a_rejection(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "title.crew.tsv"
    path.write_bytes(HEADER + content)
    lines = content.removesuffix(b"\n").split(b"\n") if content else []
    rejections = Rejections()
    read: list[int] = []
    file = ImdbFile(path, CREW, rejections)
    try:
        for row in file.rows(lambda key, line: True, read.append):
            assert parse(lines[row.line - 2]) == row.fields
            assert len(row.fields) == 3
            rejections.add("a row", row.line, Reason.TAG)  # counts rows among the rejections
    except SourceError:
        assert rejections.total - rejections.by_reason[Reason.TAG] > len(lines) / 2
    assert rejections.total == len(lines)
    assert sum(read) == len(HEADER + content)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("tt0113277", 113277),
        ("tt10872600", 10872600),
        ("tt2147483647", 2147483647),
        ("tt2147483648", None),
        ("tt" + "9" * 400, None),
        ("tt0", None),
        ("0113277", None),
        ("nm0113277", None),
        ("tt٣", None),
        ("tt", None),
        ("", None),
        (None, None),
    ],
)
def test_numbers(text: str | None, number: int | None) -> None:
    assert number_of(text, "tt") == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("98", 98), ("0", 0), ("32767", 32767), ("32768", None), ("-1", None), ("9.5", None)],
)
def test_small_numbers(text: str, number: int | None) -> None:
    assert small(text) == number


@pytest.mark.parametrize(("runtime", "minutes"), [(r"98", 98), (None, None), ("0", None)])
def test_lengths(runtime: str | None, minutes: int | None) -> None:
    title = read_title(["tt1", "movie", "Fargo", "Fargo", "0", "1996", None, runtime, None])
    assert not isinstance(title, Reason)
    assert title.minutes == minutes


def test_what_is_no_length() -> None:
    """Some lines of the real file have a genre there."""
    fields = ["tt1", "movie", "Fargo", "Fargo", "0", "1996", None, "Reality-TV", None]
    assert read_title(fields) is Reason.MINUTES
