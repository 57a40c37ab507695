"""A file from another service: whose it is, and what its rows say."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from accounts.imports import building, fields, services
from accounts.imports.building import Built
from accounts.imports.errors import (
    ACCEPTED,
    MOST_ROWS,
    ImportFileError,
    UnknownColumnsError,
)
from accounts.imports.layouts import Layout, Role, by_hand, guess
from accounts.imports.records import DELIMITERS, lines_of, text_of
from accounts.imports.rows import (
    DateOrder,
    Parsed,
    Row,
    Says,
    Scale,
    Section,
    UnknownTable,
    Unusable,
)
from accounts.imports.tables import Table, folded, tables, too_many
from accounts.imports.unpacking import File, files
from i18n.language import Text

_MOST_NAME = 80
_MOST_SHOWN = 60
_SAMPLE = 5
_IN_ORDER = tuple(Says)


@dataclass(frozen=True, slots=True)
class Hints:
    """What somebody has said of a file that its own content leaves open.

    Attributes
    ----------
    columns : dict of str to str
        The role ("title", "year", "rating", "date", "imdb_id", "tmdb_id", "movielens_id", "type")
        and the column's name as written, for a table of no known service.
    scale : {5, 10, 100} or None
        The best rating of such a table.
    date_order : {"dmy", "mdy"} or None
        The order of day and month.
    person : str or None
        Whose rows to read, of a file that has those of several.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    scale: Scale | None = None
    date_order: DateOrder | None = None
    person: str | None = None


NO_HINTS = Hints()


def read(name: str, data: bytes, hints: Hints = NO_HINTS) -> Parsed:
    """Recognise a file by its columns, and read it.

    Parameters
    ----------
    name : str
        What the file is called. It tells a list of wanted films from one of seen ones where both
        have the same columns; everything else is decided by the content.
    data : bytes
        The file: CSV, JSON or XML of one of the services, a zip with such files, or any table;
        `MOST_BYTES` at the most, and `MOST_ROWS` rows.
    hints : Hints

    Returns
    -------
    Parsed
        The rows that can be used, and with a reason each those that can't.

    Raises
    ------
    UnknownColumnsError
        When it is a table and no column has the films.
    ImportFileError
        When the file isn't one of those; nothing else, whatever the bytes.

    References
    ----------
    See `accounts.imports.services`.
    """
    shown = _shown_name(name)
    found = files(shown, data)
    built: list[tuple[Layout, Built]] = []
    unread: list[str] = []
    problems: list[ImportFileError] = []
    for file in found:
        label = (
            shown if file.name is None else Text("{wanted} in {name}", wanted=file.name, name=shown)
        )
        try:
            layout = _layout(file, file.name or name, label, hints, is_alone=len(found) == 1)
            built += [(layout, each) for each in _built(layout, label, hints)]
        except ImportFileError as problem:
            problems.append(problem)
            unread.append(file.name or name)
    if not built:
        raise problems[0]
    return _parsed(shown, built, unread)


def _parsed(shown: str, built: Sequence[tuple[Layout, Built]], unread: Sequence[str]) -> Parsed:
    built = sorted(built, key=lambda pair: _IN_ORDER.index(pair[1].section.says))
    rows: list[Row] = []
    unusable: list[Unusable] = []
    sections: list[Section] = []
    for number, (_, each) in enumerate(built):
        sections.append(each.section)
        rows += [replace(row, section=number) for row in each.rows]
        unusable += [replace(row, section=number) for row in each.unusable]
    if len(rows) + len(unusable) > MOST_ROWS:
        raise too_many(shown)
    layout = built[0][0]
    return Parsed(
        service=layout.service,
        rows=tuple(rows),
        unusable=tuple(unusable),
        sections=tuple(sections),
        unread=tuple(unread),
        table=_described(layout.table, layout.roles) if layout.is_guess else None,
    )


def _layout(file: File, name: str, label: str, hints: Hints, *, is_alone: bool) -> Layout:
    found = list(tables(name, label, file.content))
    if is_alone and hints.columns and found:
        return _named(found, label, hints)
    for table in found:
        if (layout := services.recognise(table)) is not None:
            return layout
    if any("movieid" in table.columns for table in found):
        raise ImportFileError(
            Text(
                "{name} looks like a file from MovieLens, but the column rating is missing: on "
                "MovieLens, open Settings → Import/export and choose Export ratings.",
                name=label,
            )
        )
    if is_alone:
        for table in found:
            if (layout := guess(table)) is not None:
                return layout
    raise _unknown(label, file.content, found)


def _named(found: Sequence[Table], label: str, hints: Hints) -> Layout:
    """The layout whose columns somebody has named."""
    for table in found:
        if set(hints.columns.values()) <= set(table.headers):
            roles = {Role(role): folded(column) for role, column in hints.columns.items()}
            return by_hand(table, roles)
    raise UnknownColumnsError(
        Text(
            "{name} has no column {column}; it has {columns}.",
            name=label,
            column=", ".join(sorted(set(hints.columns.values()) - set(found[0].headers))),
            columns=", ".join(found[0].headers),
        ),
        _described(found[0], {}),
    )


def _built(layout: Layout, label: str, hints: Hints) -> list[Built]:
    layout = _of_one_person(layout, label, hints)
    built = building.build(layout, scale=hints.scale, order=hints.date_order)
    if not built:
        raise ImportFileError(
            Text(
                "{name} has the right columns but no ratings; {accepted}.",
                name=label,
                accepted=ACCEPTED,
            )
        )
    return built


def _of_one_person(layout: Layout, label: str, hints: Hints) -> Layout:
    people = building.people(layout)
    if len(people) < 2:
        return layout
    column = layout.roles[Role.PERSON]
    if hints.person in people:
        whose = layout.table.texts(column)
        records = [
            record
            for record, person in zip(layout.table.records, whose, strict=True)
            if record[1] is None or person.strip() == hints.person
        ]
        return replace(layout, table=replace(layout.table, reading=lambda: records))
    raise ImportFileError(
        Text(
            "{name} has ratings of more than one person ({column}): keep the lines of one; "
            "{accepted}.",
            name=label,
            column=layout.table.headers[layout.table.columns.index(column)],
            accepted=ACCEPTED,
        )
    )


def _described(table: Table, roles: Mapping[Role, str]) -> UnknownTable:
    headers = dict(zip(table.columns, table.headers, strict=True))
    return UnknownTable(
        columns=tuple(fields.visible(header) for header in table.headers),
        sample=tuple(
            tuple(fields.visible(text[:_MOST_SHOWN]) for text in record)
            for _, record in table.records[:_SAMPLE]
            if record is not None
        ),
        roles={role.value: headers[name] for role, name in roles.items()},
    )


def _unknown(label: str, content: bytes, found: Collection[Table]) -> ImportFileError:
    first = next((line for line in lines_of(text_of(content)) if line.strip()), "")
    if "\0" in first or not found or not any(delimiter in first for delimiter in DELIMITERS):
        return ImportFileError(
            Text("{name} is not a CSV file; {accepted}.", name=label, accepted=ACCEPTED)
        )
    shown = fields.visible(first[:_MOST_SHOWN]).strip()
    return UnknownColumnsError(
        Text(
            "{name} doesn't have the columns of a ratings file (it begins with “{shown}”); "
            "{accepted}.",
            name=label,
            shown=shown,
            accepted=ACCEPTED,
        ),
        _described(next(iter(found)), {}),
    )


def _shown_name(name: str) -> str:
    text = " ".join(fields.visible(name[:_MOST_NAME]).split())
    return f"“{text}”" if text else Text("The file")
