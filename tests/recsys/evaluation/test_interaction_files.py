"""Files of interactions, in every form that public splits come in."""

import csv
import io
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.evaluation.interaction_files import SplitFileError, read_interactions

Row = tuple[str, ...]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "train.txt"


def _rows(path: Path) -> list[tuple[object, ...]]:
    """Return user, item, and rating and seconds if there are any, line by line."""
    users: dict[str, int] = {}
    items: dict[str, int] = {}
    found = read_interactions(path, users, items)
    columns: list[Sequence[object]] = [
        [list(users)[place] for place in found.users],
        [list(items)[place] for place in found.items],
    ]
    columns += [each for each in (found.ratings, found.seconds) if each is not None]
    return list(zip(*columns, strict=True))


def test_lists_of_items(file: Path) -> None:
    file.write_text("0 10 11\n1 11 \n2\n\n3 10\r\n")
    assert _rows(file) == [("0", "10"), ("0", "11"), ("1", "11"), ("3", "10")]


def test_pairs_without_a_separator_are_lists_of_one(file: Path) -> None:
    file.write_text("7 1\n7 2\n8 1\n")
    assert _rows(file) == [("7", "1"), ("7", "2"), ("8", "1")]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("1,9\n2,8\n", [("1", "9"), ("2", "8")]),
        ("1\t9\t4.5\t964982703\n", [("1", "9", 4.5, 964982703)]),
        ("1,9,964982703\n", [("1", "9", 964982703)]),
        ("1,9,2000-01-01\n", [("1", "9", 946684800)]),
        ("1,9,5\n", [("1", "9", 5.0)]),
        ("userId,movieId,rating,timestamp\n1,9,4,964982703\n", [("1", "9", 4.0, 964982703)]),
        ("timestamp;x;Item;User\n1500000000000;a;9;1\n", [("1", "9", 1500000000)]),
        (
            "user_id:token\titem_id:token\trating:float\nu1\ti1\t3\n",
            [("u1", "i1", 3.0)],
        ),
        (",uid,sid\n0,1,9\n", [("1", "9")]),
        ('user,item\n"Ann, the 1st","a\n""b"""\n', [("Ann, the 1st", 'a\n"b"')]),
        ("\ufeffuser,item\n\n1, 9\n", [("1", "9")]),
    ],
)
def test_tables(file: Path, text: str, rows: list[Row]) -> None:
    file.write_text(text, encoding="utf-8")
    assert _rows(file) == rows


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "train.txt is empty."),
        (b"\n \n", "train.txt is empty."),
        (b"3\n4 \n", "train.txt has no interactions."),
        (b"user,item\n", "train.txt has no interactions."),
        (b"1 2 3\n2 x\n", "line 2: 'x' is not a whole number, and a line without tabs and commas"),
        (b"1 2 5 9\n1 3 4 9\n", "line 2: user 1 has line 1 already"),
        (b"1::2::5::9\n", "line 1: '1::2::5::9' is not a whole number"),
        (b"1,2\n1\n", "line 2: 1 fields, where line 1 has 2."),
        (b"1,2\n1,3,4\n", "line 2: 3 fields, where line 1 has 2."),
        (b"1,2\n1,\n", "line 2: no item id."),
        (b"1,2\n ,2\n", "line 2: no user id."),
        (b"1,2\n1," + b"x" * 101 + b"\n", "line 2: item id has more than 100 characters."),
        (b"1,2,3,4,5\n", "line 1: 5 fields; without a line that names the columns"),
        (b"who,what\n1,2\n", "line 1: no column for user and item in 'who,what': name them"),
        (b"1,2,4\n1,3,5.5\n", "line 2: rating '5.5' is not a number from 0.5 to 5."),
        (b"1,2,4\n1,3,good\n", "line 2: rating 'good' is not a number from 0.5 to 5."),
        (b"1,2,10\n", "line 1: rating '10' is not a number from 0.5 to 5."),
        (b"user,item,time\n1,2,never\n", "line 2: time 'never' is not in seconds"),
        (b"user,item,time\n1,2,9e99\n", "line 2: time '9e99' is not in seconds"),
        (b'1,2\n1,"3\n1,4\n', "line 2: it can't be split into fields: unexpected end of data."),
        (b'1,2\n1,"3"x\n', "line 2: it can't be split into fields: "),
        (b'"1,2\n', "line 1: a quote that does not close"),
        (b"1,2\r1,3\r", "line 1: "),
        (b"1,2\n1,\xff\n", "line 2: bytes that are not UTF-8."),
        (b"1,2\n\x00\n", "line 2: a NUL byte, which texts don't have."),
    ],
)
def test_wrong_lines_have_a_number_and_a_reason(file: Path, content: bytes, says: str) -> None:
    file.write_bytes(content)
    with pytest.raises(SplitFileError) as raised:
        _rows(file)
    assert says in str(raised.value)
    assert str(raised.value).startswith("train.txt")


def test_missing_file_and_folder(tmp_path: Path) -> None:
    for path, says in ((tmp_path / "none", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(SplitFileError, match=f"can't be read: {says}"):
            _rows(path)


NUMBERS = st.integers(0, 10**12).map(str)
TEXTS = st.text(
    st.characters(exclude_categories=["C", "Z"], include_characters=" ,;|\"'"),
    min_size=1,
    max_size=20,
).filter(lambda text: bool(text.strip()))


@given(st.dictionaries(NUMBERS, st.lists(NUMBERS, min_size=1), min_size=1))
def test_lists_are_read_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, histories: dict[str, list[str]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "lists"
    path.write_text("".join(f"{' '.join([user, *own])}\n" for user, own in histories.items()))
    assert _rows(path) == [(user, item) for user, own in histories.items() for item in own]


@given(
    st.lists(
        st.tuples(
            TEXTS,
            TEXTS,
            st.integers(1, 10).map(lambda half: half / 2),
            st.integers(0, 7_000_000_000),
        ),
        min_size=1,
    ),
    st.permutations(["user", "item", "rating", "timestamp"]),
    st.sampled_from(",\t;|"),
    st.sampled_from(["\n", "\r\n"]),
)
def test_tables_are_read_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, str, float, int]],
    header: list[str],
    separator: str,
    end: str,
) -> None:
    written = io.StringIO()
    writer = csv.DictWriter(written, header, delimiter=separator, lineterminator=end)
    writer.writeheader()
    for row in rows:
        writer.writerow(dict(zip(["user", "item", "rating", "timestamp"], row, strict=True)))
    path = tmp_path_factory.getbasetemp() / "table"
    path.write_bytes(written.getvalue().encode())
    assert _rows(path) == [(user.strip(), item.strip(), *more) for user, item, *more in rows]


@given(
    st.one_of(
        st.binary(max_size=200),
        st.text("0123456789.,;\t| \n\r\"'-eux:", max_size=200).map(str.encode),
        st.text("0123456789,\n", max_size=200).map(lambda text: f"user,item,time\n{text}".encode()),
    )
)
def test_bytes_of_any_kind_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "anything"
    path.write_bytes(content)
    with suppress(SplitFileError):
        assert _rows(path)
