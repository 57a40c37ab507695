"""The grammar for whole blocks and the parser of single lines agree, and both are correct."""

from datetime import UTC, datetime, timedelta, timezone

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.loading.blocks import Block, checked
from db.loading.lines import Layout, read_block
from db.loading.report import Reason
from db.loading.values import Scale

CSV = Layout(b",", 4, 0, 1, 2, 3, is_quoted=True)
DAT = Layout(b"::", 4, 0, 1, 2, 3)
TAB = Layout(b"\t", 4, 0, 1, 2, 3)
MIXED = Layout(b";", 6, user=3, film=1, rating=5, time=0, is_quoted=True)

Line = tuple[int, int, float, int]


def _block(content: bytes, layout: Layout, first: int = 1, scale: Scale | None = None) -> Block:
    raw = read_block(content, first, layout)
    return checked("ratings", raw, raw.users, raw.films, scale)


def _read(content: bytes, layout: Layout, first: int = 1) -> dict[int, Line | Reason]:
    """Return the result of each line."""
    block = _block(content, layout, first)
    arrays = (block.lines, block.users, block.films, block.ratings, block.seconds)
    good: dict[int, Line | Reason] = {
        line: (user, film, stars, seconds)
        for line, user, film, stars, seconds in zip(
            *(array.tolist() for array in arrays), strict=True
        )
    }
    broken = {int(line): reason for reason, found in block.rejected.items() for line in found}
    assert not good.keys() & broken.keys()
    return good | broken


LATE = 7289654399

EXAMPLES: list[tuple[bytes, Line | Reason]] = [
    (b"1,2,3.5,964982703", (1, 2, 3.5, 964982703)),
    (b"999999999,2147483647,.5,0", (999999999, 2147483647, 0.5, 0)),
    (b"1,2,5,7289654399\r", (1, 2, 5.0, LATE)),
    (b" 01,2 ,4.50,1", (1, 2, 4.5, 1)),
    (b'"1","2","3.5","964982703"', (1, 2, 3.5, 964982703)),
    (b'1,"2",3.5,"964982703"\r', (1, 2, 3.5, 964982703)),
    (b"1,2,3.5,964982703.0", (1, 2, 3.5, 964982703)),
    (b"1,2,3.5,964982703.9", (1, 2, 3.5, 964982703)),
    (b"1,2,3.5,9.64982703e+08", (1, 2, 3.5, 964982703)),
    (b"1,2,3.5,964982703123", (1, 2, 3.5, 964982703)),
    (b"1,2,3.5,964982703999.0", (1, 2, 3.5, 964982703)),
    (b'1,2,3.5,"2000-07-30 18:45:03"', (1, 2, 3.5, 964982703)),
    (b"1,2,3.5,2000-07-30T18:45:03Z", (1, 2, 3.5, 964982703)),
    (b"1,2,3.5,2000-07-30T18:45:03.250Z", (1, 2, 3.5, 964982703)),
    (b"1,2,3.5,2000-07-30T20:45:03+02:00", (1, 2, 3.5, 964982703)),
    (b"1,2,3.5,2000-07-30 20:45:03 +0200", (1, 2, 3.5, 964982703)),
    (b"1,2,3.5,2000-07-30 18:45:03 UTC", (1, 2, 3.5, 964982703)),
    (b"1,2,3.5,2000-07-30 18:45", (1, 2, 3.5, 964982700)),
    (b"1,2,3.5,2000-07-30", (1, 2, 3.5, 964915200)),
    (b"1,2,3.5,2200-12-31 23:59:59", (1, 2, 3.5, LATE)),
    (b"", Reason.FIELDS),
    (b"1,2,3.5", Reason.FIELDS),
    (b"1,2,3.5,1,", Reason.FIELDS),
    (b'1,2,"3,5",1,5', Reason.FIELDS),
    (b'1,2,"3.5,1', Reason.QUOTES),
    (b'"1"2,2,3.5,1', Reason.QUOTES),
    (b"0,2,3.5,1", Reason.USER),
    (b"-1,2,3.5,1", Reason.USER),
    (b"1.0,2,3.5,1", Reason.USER),
    (b"1_0,2,3.5,1", Reason.USER),
    (b"1000000000,2,3.5,1", Reason.USER),
    (b'"1000000000","2","3.5","1"', Reason.USER),
    (b"99999999999999999999999,2,3.5,1", Reason.USER),
    ("٣,2,3.5,1".encode(), Reason.USER),
    (b",2,x,y", Reason.USER),
    (b"1,0,3.5,1", Reason.FILM),
    (b"1,2147483648,3.5,1", Reason.FILM),
    (b"1,\x00,3.5,1", Reason.FILM),
    (b"1,2,0,1", Reason.RATING),
    (b"1,2,3.7,1", Reason.RATING),
    (b"1,2,5.5,1", Reason.RATING),
    (b"1,2,-3,1", Reason.RATING),
    (b"1,2,nan,1", Reason.RATING),
    (b"1,2,inf,1", Reason.RATING),
    (b"1,2,3e0,1", Reason.RATING),
    (b"1,2,3.5,-1", Reason.TIME),
    (b"1,2,3.5,", Reason.TIME),
    (b"1,2,3.5,7289654400", Reason.TIME),
    (b"1,2,3.5,99999999999", Reason.TIME),
    (b"1,2,3.5,9e99", Reason.TIME),
    (b"1,2,3.5,2000-02-30", Reason.TIME),
    (b"1,2,3.5,2000-02-30 10:00:00", Reason.TIME),
    (b"1,2,3.5,2000-13-01 10:00", Reason.TIME),
    (b"1,2,3.5,1969-12-31 23:59:59", Reason.TIME),
    (b"1,2,3.5,2201-01-01", Reason.TIME),
    (b"1,2,3.5,9999-12-31 23:59:59", Reason.TIME),
    (b"1,2,3.5,30/07/2000", Reason.TIME),
    (b"1,2,3.5,yesterday", Reason.TIME),
    (b"1,2,3.5,1\r1,3,3.5,1", Reason.FIELDS),
]


@pytest.mark.parametrize(("line", "expected"), EXAMPLES)
def test_examples(line: bytes, expected: Line | Reason) -> None:
    assert _read(line + b"\n", CSV) == {1: expected}


def test_mixed_examples() -> None:
    """The format of times changes from line to line."""
    lines = [(line, expected) for line, expected in EXAMPLES if expected is not Reason.QUOTES]
    content = b"".join(line + b"\n" for line, _ in lines)
    assert _read(content, CSV, 7) == {
        number: expected for number, (_, expected) in enumerate(lines, 7)
    }


def test_columns_in_any_order_and_ignored_columns() -> None:
    content = (
        b"964982703;2;;1;what;3.5\n"
        b'"2000-07-30 18:45:03";"2";"a;b ""c""";"1";"";"3.5"\n'
        b'964982703;2;"over\ntwo\n\nlines; 1;2";1;"";4\n'
        b"964982703;2;it's 7\" long;1;;4.5\n"
        b"964982703;2;;1;5\n"
    )
    assert _read(content, MIXED) == {
        1: (1, 2, 3.5, 964982703),
        2: (1, 2, 3.5, 964982703),
        3: (1, 2, 4.0, 964982703),
        7: (1, 2, 4.5, 964982703),
        8: Reason.FIELDS,
    }


def test_unclosed_quote_costs_only_its_line() -> None:
    content = b'5;2;"a;1;;3\n5;3;;1;;3\n' * 2 + b"5;4;;1;;3\n"
    assert _read(content, MIXED) == {
        1: Reason.QUOTES,
        2: (1, 3, 3.0, 5),
        3: Reason.QUOTES,
        4: (1, 3, 3.0, 5),
        5: (1, 4, 3.0, 5),
    }


def test_without_times() -> None:
    assert _read(b"1,2,3\nx\n", Layout(b",", 3, 0, 1, 2, None)) == {
        1: (1, 2, 3.0, 0),
        2: Reason.FIELDS,
    }


def test_text_ids() -> None:
    layout = Layout(b",", 3, 0, 1, 2, None, is_quoted=True, texts=frozenset({"user", "film"}))
    long = b"x" * 101
    raw = read_block(b'a,tt1,3\n"b ""c""","d,\xff",3\n' + long + b",5,3\n", 1, layout)
    users, films = (pa.array(ids, pa.binary()).to_pylist() for ids in (raw.users, raw.films))
    found = sorted(zip(raw.lines.tolist(), users, films, strict=True))
    assert found == [(1, b"a", b"tt1"), (2, b'b "c"', b"d,\xff"), (3, b"", b"5")]


@pytest.mark.parametrize(
    ("scale", "given", "expected"),
    [
        (Scale.FIVE, "0.1 3.7 5", [0.5, 3.5, 5]),
        (Scale.TEN, "1 2 7 7.5 10 0.1", [0.5, 1, 3.5, 4, 5, 0.5]),
        (Scale.HUNDRED, "0 1 10 45 50 87 100", [0.5, 0.5, 0.5, 2.5, 2.5, 4.5, 5]),
    ],
)
def test_other_scales(scale: Scale, given: str, expected: list[float]) -> None:
    lines = "".join(f"1,2,{rating},5\n" for rating in given.split())
    block = _block(lines.encode(), CSV, scale=scale)
    assert block.ratings.tolist() == expected
    assert block.highest == float(max(given.split(), key=float))


@pytest.mark.parametrize(
    ("scale", "left_out", "reason", "above"),
    [
        (None, "0 5.5 3.7", Reason.RATING, 1),
        (Scale.FIVE, "0 5.5", Reason.RATING_OF_5, 1),
        (Scale.TEN, "0 10.5 100", Reason.RATING_OF_10, 2),
        (Scale.HUNDRED, "101 -1", Reason.RATING_OF_100, 1),
    ],
)
def test_invalid_ratings(scale: Scale | None, left_out: str, reason: Reason, above: int) -> None:
    lines = "".join(f"1,2,{rating},5\n" for rating in left_out.split())
    block = _block(lines.encode(), CSV, scale=scale)
    assert block.rejected[reason].tolist() == [*range(1, len(left_out.split()) + 1)]
    assert (len(block.lines), block.above) == (0, above)


_FIELDS = st.one_of(
    st.sampled_from([b"1", b"2", b"5", b"0.5", b"4.0", b"3.7", b"0", b"007", b"", b" 3", b"-1"]),
    st.sampled_from([b"999999999", b"1000000000", b"2147483647", b"2147483648"]),
    st.sampled_from([b"7289654399", b"7289654400", b"\xff", b'"1"', b'"', b'""', b"964982703.5"]),
    st.sampled_from([b"2000-07-30 18:45:03", b"2000-02-30", b'"2000-07-30T18:45:03Z"']),
    st.integers(0, 10**13).map(lambda number: str(number).encode()),
    st.binary(max_size=4).map(lambda some: some.replace(b"\n", b"")),
)
_LINES = st.one_of(
    st.tuples(
        st.integers(1, 10**9), st.integers(1, 2**31), st.sampled_from([0.5, 1, 4.0, 5, 5.5, 0]),
        st.integers(0, 8 * 10**9),
    ).map(lambda fields: [str(field).encode() for field in fields]),
    st.lists(_FIELDS, min_size=4, max_size=4),
    st.lists(_FIELDS, max_size=6),
)  # fmt: skip


@given(
    st.lists(st.tuples(_LINES, st.sampled_from([b"\n", b"\r\n"])), max_size=12),
    st.sampled_from([CSV, DAT, TAB]),
    st.integers(1, 10**6),
)
def test_block_equals_its_lines(
    lines: list[tuple[list[bytes], bytes]], layout: Layout, first: int
) -> None:
    """Unless a quote is open at the end of a line, which includes the next ones."""
    texts = [layout.separator.join(fields) + ending for fields, ending in lines]
    if layout.is_quoted:
        texts = [text for text in texts if text.count(b'"') % 2 == 0]
    expected: dict[int, Line | Reason] = {}
    for number, text in enumerate(texts, first):
        expected |= _read(text, layout, number)
    assert _read(b"".join(texts), layout, first) == expected


@given(
    st.integers(86_400_000_000, 7_289_500_000_000_000),
    st.integers(-14 * 60, 14 * 60),
    st.sampled_from([" ", "T"]),
    st.booleans(),
)
def test_every_time_is_parsed(
    microseconds: int, offset: int, between: str, is_quoted: bool
) -> None:
    zone = timezone(timedelta(minutes=offset))
    exact = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
    quote = '"' if is_quoted else ""
    lines = [
        f"1,2,3,{quote}{written}{quote}\n"
        for written in (
            exact.replace(tzinfo=None).isoformat(between),
            exact.isoformat(between),
            exact.astimezone(zone).isoformat(between),
            str(exact.timestamp() // 1),
            str(int(exact.timestamp() // 1)),
        )
    ]
    seconds = int(exact.timestamp() // 1)
    assert _read("".join(lines).encode(), CSV) == dict.fromkeys(range(1, 6), (1, 2, 3.0, seconds))


@given(st.binary(max_size=300).map(lambda some: some + b"\n"), st.sampled_from([CSV, MIXED, TAB]))
def test_every_line_is_read_or_rejected(content: bytes, layout: Layout) -> None:
    found = _read(content, layout)
    assert found.keys() <= {*range(1, content.count(b"\n") + 1)}
    assert min(found) == 1
