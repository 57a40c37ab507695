"""A file of ratings from another service: whose it is, and what its rows say."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from accounts.imports import fields
from accounts.imports.errors import ACCEPTED, MOST_ROWS, ImportFileError, RowError
from accounts.imports.formats import FORMATS, Format
from accounts.imports.records import (
    DELIMITERS,
    MOST_RECORD_LINES,
    lines_of,
    records,
    text_of,
)
from accounts.imports.rows import Parsed, Row, Unusable
from accounts.imports.unpacking import csv_bytes
from language import Text

_MOST_NAME = 80
_MOST_SHOWN = 60
_MOST_COLUMNS = 100
_MOST_COLUMN_NAME = 40


def read(name: str, data: bytes) -> Parsed:
    """Recognise a file of ratings by its columns, and read it.

    Parameters
    ----------
    name : str
        What the file is called: for messages alone, the content decides.
    data : bytes
        The file: CSV of Letterboxd, IMDb or MovieLens, or a zip with ratings.csv at its root or
        in one folder; `MOST_BYTES` at the most, packed and unpacked, and `MOST_ROWS` rows.

    Returns
    -------
    Parsed
        The rows that can be used, and with a reason each those that can't.

    Raises
    ------
    ImportFileError
        When the file isn't one of those; nothing else, whatever the bytes.

    References
    ----------
    https://letterboxd.com/about/importing-data/
    https://help.imdb.com/article/imdb/track-movies-tv/ratings-faq/G67Y87TFYYP6TWAV
    https://files.grouplens.org/datasets/movielens/ml-latest-small-README.html
    """
    shown = _shown_name(name)
    content = csv_bytes(shown, data)
    if max(content.count(b"\n"), content.count(b"\r")) > MOST_ROWS * MOST_RECORD_LINES:
        raise _too_many(shown)
    lines = lines_of(text_of(content))
    headers = {delimiter: _columns(lines, delimiter) for delimiter in DELIMITERS}
    for delimiter, columns in headers.items():
        for kind in FORMATS:
            if kind.needs.keys() <= set(columns):
                return _rows(shown, lines, delimiter, columns, kind)
    raise _unknown(shown, lines, set().union(*headers.values()))


def _rows(
    name: str, lines: Sequence[str], delimiter: str, columns: Sequence[str], kind: Format
) -> Parsed:
    rows: list[Row] = []
    unusable: list[Unusable] = []
    people: set[str] = set()
    found = records(lines, delimiter)
    next(found)
    for line, record in found:
        if len(rows) + len(unusable) == MOST_ROWS:
            raise _too_many(name)
        texts: Mapping[str, str] = {}
        try:
            texts = _texts(columns, record)
            if kind.person in texts:
                people.add(texts[kind.person].strip())
                _check_one_person(name, people)
            rows.append(kind.row(line, texts))
        except RowError as error:
            unusable.append(Unusable(line, _title(texts), error.args[0]))
    if not rows and not unusable:
        raise ImportFileError(
            Text("{name} has its columns but no ratings; {accepted}.", name=name, accepted=ACCEPTED)
        )
    return Parsed(kind.service, tuple(rows), tuple(unusable))


def _columns(lines: Sequence[str], delimiter: str) -> list[str]:
    """The names of the columns in small letters without signs; of two alike the first counts."""
    for _, record in records(lines, delimiter):
        cut = [text[:_MOST_COLUMN_NAME].casefold() for text in (record or [])[:_MOST_COLUMNS]]
        names = ["".join(sign for sign in text if sign.isalnum()) for text in cut]
        return ["" if name in names[:place] else name for place, name in enumerate(names)]
    return []


def _texts(columns: Sequence[str], record: Sequence[str] | None) -> dict[str, str]:
    if record is None:
        raise RowError(Text("a quote does not close, or closes in the wrong place"))
    extra = [text for text in record[len(columns) :] if text.strip()]
    if len(record) < len(columns) or extra:
        raise RowError(
            Text(
                "it has {record} fields where the header has {columns}",
                record=len(record),
                columns=len(columns),
            )
        )
    return dict(zip(columns, record, strict=False))


def _check_one_person(name: str, people: set[str]) -> None:
    if len(people) > 1:
        raise ImportFileError(
            Text(
                "{name} has the ratings of several people (userId): keep the lines of "
                "one; {accepted}.",
                name=name,
                accepted=ACCEPTED,
            )
        )


def _title(texts: Mapping[str, str]) -> str:
    with suppress(RowError):
        return fields.title(texts.get("name") or texts.get("title") or "")
    return ""


def _too_many(name: str) -> ImportFileError:
    return ImportFileError(
        Text(
            "{name} has more than {most_rows:,} rows, which no person's ratings have; {accepted}.",
            name=name,
            most_rows=MOST_ROWS,
            accepted=ACCEPTED,
        )
    )


def _unknown(name: str, lines: Sequence[str], columns: set[str]) -> ImportFileError:
    for kind in FORMATS:
        if kind.marks in columns:
            lacking = ", ".join(text for key, text in kind.needs.items() if key not in columns)
            return ImportFileError(
                Text(
                    "{name} is a list of {service}, but it lacks the column {lacking}: {hint}.",
                    name=name,
                    service=kind.service,
                    lacking=lacking,
                    hint=kind.hint,
                )
            )
    first = next((line for line in lines if line.strip()), "")
    if "\0" in first or not any(delimiter in first for delimiter in DELIMITERS):
        return ImportFileError(
            Text("{name} is not a CSV file; {accepted}.", name=name, accepted=ACCEPTED)
        )
    shown = fields.visible(first[:_MOST_SHOWN]).strip()
    return ImportFileError(
        Text(
            "{name} has other columns than a list of ratings (it begins with "
            "“{shown}”); {accepted}.",
            name=name,
            shown=shown,
            accepted=ACCEPTED,
        )
    )


def _shown_name(name: str) -> str:
    text = " ".join(fields.visible(name[:_MOST_NAME]).split())
    return f"“{text}”" if text else Text("The file")
