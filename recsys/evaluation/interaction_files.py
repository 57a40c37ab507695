"""Files of interactions, in the two forms that public splits come in.

- Lists: a line for each person, `user item item …`, separated by spaces; whole numbers, as LightGCN
  (https://github.com/gusye1234/LightGCN-PyTorch) and its successors have them.
- Tables: user and item, perhaps a rating and a time, separated by tabs, commas, semicolons or
  vertical bars. A first line may name the columns, in any order and among others; without it, the
  order is user, item, rating, time, and rating or time may be missing.
"""

import csv
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import IO

from db.loading.headers import MARK, Columns, split_record
from db.loading.values import LEAST_MILLISECONDS, MOST_SECONDS, decimal, moment
from db.scale import HIGHEST, LOWEST

MOST_LINE_BYTES = 2**24
MOST_ID_LETTERS = 100

# Tabs and bars are rarer in ids and names than commas are.
_SEPARATORS = ("\t", "|", ";", ",")
_COLUMNS = Columns(
    {
        "user": ("user", "user_id", "uid", "person", "reviewer_id"),
        "item": (
            *("item", "item_id", "iid", "sid", "movie", "movie_id", "film", "film_id"),
            *("parent_asin", "asin", "business_id", "artist_id", "book_id", "track_id"),
        ),
    },
    {
        "rating": ("rating", "score", "stars", "overall"),
        "time": ("timestamp", "time", "date", "rated_at", "unix_review_time"),
    },
)
_IN_ORDER = ("user", "item", "rating", "time")
_MOST_RATING = 100.0  # a larger number in the third column is a time


class SplitFileError(ValueError):
    """The files aren't a split; the message names the file, the line and what is wrong."""


@dataclass
class Interactions:
    """The interactions of a file, in its order.

    Attributes
    ----------
    users, items : array of int
        Places of ids in the lists that were passed for all files of a split.
    ratings : array of float or None
        None if the file has none.
    seconds : array of int or None
        Since 1970; None if the file has no times.
    """

    users: "array[int]" = field(default_factory=lambda: array("q"))
    items: "array[int]" = field(default_factory=lambda: array("q"))
    ratings: "array[float] | None" = None
    seconds: "array[int] | None" = None


Ids = dict[str, int]
"""The place of each id, in the order in which the ids occur."""


def read_interactions(path: Path, users: Ids, items: Ids) -> Interactions:
    """Read a file of interactions.

    Parameters
    ----------
    path : Path
    users : dict of str to int
        The ids of files that were read before; new ones are added.
    items : dict of str to int
        The same.

    Returns
    -------
    Interactions
        At least one.

    Raises
    ------
    SplitFileError
        If the file can't be read, a line is wrong, or there are no interactions.
    """
    try:
        with path.open("rb") as file:
            lines = _lines(file, path.name)
            first = next(((n, text) for n, text in lines if text.strip()), None)
            if first is None:
                raise SplitFileError(f"{path.name} is empty.")
            separator = next((each for each in _SEPARATORS if each in first[1]), None)
            if separator is None:
                found = _of_lists(first, lines, path.name, users, items)
            else:
                found = _of_table(first, lines, separator, path.name, users, items)
    except OSError as error:
        raise SplitFileError(f"{path} can't be read: {error.strerror}.") from error
    if not found.users:
        raise SplitFileError(f"{path.name} has no interactions.")
    return found


Line = tuple[int, str]


def _wrong(file: str, line: int, what: str) -> SplitFileError:
    return SplitFileError(f"{file}, line {line}: {what}.")


def _lines(file: IO[bytes], name: str) -> Iterator[Line]:
    """Yield the number and the text of each line, without its end."""
    number = 0
    while raw := file.readline(MOST_LINE_BYTES):
        number += 1
        if len(raw) == MOST_LINE_BYTES:
            raise _wrong(name, number, f"more than {MOST_LINE_BYTES // 2**20} MB without an end")
        if b"\0" in raw:
            raise _wrong(name, number, "a NUL byte, which texts don't have")
        try:
            text = raw.removeprefix(MARK if number == 1 else b"").decode()
        except UnicodeDecodeError:
            raise _wrong(name, number, "bytes that are not UTF-8") from None
        yield number, text.rstrip("\r\n")


def _of_lists(
    first: Line, others: Iterator[Line], file: str, users: Ids, items: Ids
) -> Interactions:
    found = Interactions()
    line_of: dict[str, int] = {}
    for number, text in chain([first], others):
        ids = text.split()
        for each in ids:
            if not (each.isascii() and each.isdigit() and len(each) <= MOST_ID_LETTERS):
                raise _wrong(
                    file,
                    number,
                    f"{each[:40]!r} is not a whole number, and a line without tabs and commas is "
                    "read as `user item item …`",
                )
        if len(ids) < 2:  # empty, or a person without items
            continue
        user, *own = ids
        if user in line_of and len(own) > 1:
            raise _wrong(
                file,
                number,
                f"user {user[:40]} has line {line_of[user]} already, and in the form "
                "`user item item …` everybody has one; a table of user, item, rating and time "
                "needs tabs or commas",
            )
        line_of.setdefault(user, number)
        place = users.setdefault(user, len(users))
        found.users.extend([place] * len(own))
        found.items.extend([items.setdefault(item, len(items)) for item in own])
    return found


def _of_table(
    first: Line, others: Iterator[Line], separator: str, file: str, users: Ids, items: Ids
) -> Interactions:
    names = split_record(first[1], separator)
    if names is None:
        raise _wrong(file, first[0], "a quote that does not close, or closes in the wrong place")
    places = _places(names, first[0], file)
    is_header = places is not None
    if places is None:
        places = _places_by_order(names, first[0], file)
    found = Interactions(
        ratings=array("d") if "rating" in places else None,
        seconds=array("q") if "time" in places else None,
    )
    for number, fields in _records(first, others, separator, file):
        if is_header and number == first[0]:
            continue
        if len(fields) != len(names):
            raise _wrong(
                file, number, f"{len(fields)} fields, where line {first[0]} has {len(names)}"
            )
        user, item = (_id(fields[places[name]], name, number, file) for name in ("user", "item"))
        found.users.append(users.setdefault(user, len(users)))
        found.items.append(items.setdefault(item, len(items)))
        if found.ratings is not None:
            found.ratings.append(_rating(fields[places["rating"]], number, file))
        if found.seconds is not None:
            found.seconds.append(_second(fields[places["time"]], number, file))
    return found


def _records(
    first: Line, others: Iterator[Line], separator: str, file: str
) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of the first line of each record that isn't blank, and its fields."""
    texts = (f"{text}\n" for _, text in chain([first], others))
    records = csv.reader(texts, delimiter=separator, strict=True)
    begin = first[0]
    try:
        for fields in records:
            if len(fields) > 1 or any(each.strip() for each in fields):
                yield begin, fields
            begin = first[0] + records.line_num
    except csv.Error as error:
        raise _wrong(file, begin, f"it can't be split into fields: {error}") from None


def _places(names: Sequence[str], line: int, file: str) -> dict[str, int] | None:
    """Return the columns that a first line names; None if it doesn't name any."""
    plain = [name.partition(":")[0] for name in names]  # RecBole's `user_id:token`
    places = _COLUMNS.places(plain)
    if places is None and not any(each.isdigit() for name in names for each in name):
        raise _wrong(
            file,
            line,
            f"no column for user and item in {','.join(names)[:80]!r}: name them user and item, "
            "and rating and timestamp if there are any",
        )
    return places


def _places_by_order(fields: Sequence[str], line: int, file: str) -> dict[str, int]:
    """Return the columns of a file whose first line is an interaction."""
    if not 2 <= len(fields) <= len(_IN_ORDER):
        raise _wrong(
            file,
            line,
            f"{len(fields)} fields; without a line that names the columns there may be user, item, "
            "rating and time",
        )
    names = list(_IN_ORDER[: len(fields)])
    if len(fields) == 3 and not decimal(fields[2]) <= _MOST_RATING and moment(fields[2]) >= 0:
        names[2] = "time"
    return {name: place for place, name in enumerate(names)}


def _id(text: str, name: str, line: int, file: str) -> str:
    text = text.strip()
    if not text:
        raise _wrong(file, line, f"no {name} id")
    if len(text) > MOST_ID_LETTERS:
        raise _wrong(file, line, f"{name} id has more than {MOST_ID_LETTERS} characters")
    return text


def _rating(text: str, line: int, file: str) -> float:
    rating = decimal(text)
    if not LOWEST <= rating <= HIGHEST:
        raise _wrong(
            file, line, f"rating {text[:40]!r} is not a number from {LOWEST:g} to {HIGHEST:g}"
        )
    return rating


def _second(text: str, line: int, file: str) -> int:
    time = moment(text)
    if time >= LEAST_MILLISECONDS:
        time /= 1000
    if not 0 <= time <= MOST_SECONDS:
        raise _wrong(
            file,
            line,
            f"time {text[:40]!r} is not in seconds or milliseconds, or a date, from 1970 to the "
            "end of 2200",
        )
    return int(time)
