"""The grammar for whole blocks and the reader of single lines agree, and both are right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.loading.ratings import read_block, read_line
from db.loading.report import Reason


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"1,2,3.5,964982703", (1, 2, 3.5, 964982703)),
        (b"999999999,2147483647,.5,0", (999999999, 2147483647, 0.5, 0)),
        (b"1,2,5,7289654399\r", (1, 2, 5.0, 7289654399)),
        (b" 01,2 ,4.50,1", (1, 2, 4.5, 1)),
        (b"", Reason.FIELDS),
        (b"1,2,3.5", Reason.FIELDS),
        (b"1,2,3.5,1,", Reason.FIELDS),
        (b"0,2,3.5,1", Reason.USER),
        (b"-1,2,3.5,1", Reason.USER),
        (b"1.0,2,3.5,1", Reason.USER),
        (b"1_0,2,3.5,1", Reason.USER),
        (b"1000000000,2,3.5,1", Reason.USER),
        ("٣,2,3.5,1".encode(), Reason.USER),
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
        (b"1,2,3.5,1.5", Reason.TIME),
        (b"1,2,3.5,", Reason.TIME),
        (b"1,2,3.5,7289654400", Reason.TIME),
        (b"1,2,3.5,964982703000", Reason.TIME),
        (b"1,2,3.5,1\r1,3,3.5,1", Reason.FIELDS),
    ],
)  # fmt: skip
def test_examples(line: bytes, expected: tuple[int, int, float, int] | Reason) -> None:
    assert read_line(line, b",") == expected


_FIELDS = st.one_of(
    st.sampled_from([b"1", b"2", b"5", b"0.5", b"4.0", b"3.7", b"0", b"007", b"", b" 3", b"-1"]),
    st.sampled_from([b"999999999", b"1000000000", b"2147483647", b"2147483648"]),
    st.sampled_from([b"7289654399", b"7289654400", b"\xff", b'"1"']),
    st.integers(0, 10**11).map(lambda number: str(number).encode()),
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
    st.sampled_from([b",", b"::", b"\t"]),
    st.integers(1, 10**6),
)
def test_a_block_is_its_lines(
    lines: list[tuple[list[bytes], bytes]], separator: bytes, first: int
) -> None:
    texts = [separator.join(fields) + ending for fields, ending in lines]
    block = read_block("ratings", b"".join(texts), first, separator)

    expected = {first + index: read_line(text[:-1], separator) for index, text in enumerate(texts)}
    arrays = (block.lines, block.users, block.films, block.ratings, block.seconds)
    read: dict[int, tuple[int, int, float, int] | Reason] = {
        line: fields
        for line, *fields_list in zip(*(array.tolist() for array in arrays), strict=True)
        for fields in [tuple(fields_list)]
    }
    rejected = [(line, reason) for reason, found in block.rejected.items() for line in found]
    assert len(block.lines) + len(rejected) == len(texts)
    read.update({int(line): reason for line, reason in rejected})
    assert read == expected
