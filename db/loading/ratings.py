"""Tables of ratings, as text or Parquet, read into checked blocks."""

from collections.abc import Iterator

from db.loading.blocks import Block, Raw, checked
from db.loading.headers import MARK, Columns, Header, expect_header
from db.loading.lines import Layout, read_block
from db.loading.parquet import is_parquet, parquet_ratings
from db.loading.sources import Member, no_good_line, whole_lines
from db.loading.values import Scale
from monitoring.progress import OnRead

"""Called with the number of bytes read since its last call."""


def read_ratings(
    member: Member, columns: Columns, scale: Scale | None, advance: OnRead
) -> Iterator[Block]:
    """Read all blocks of a table with a header (CSV) or a Parquet file, with numeric ids.

    Parameters
    ----------
    member : Member
    columns : Columns
    scale : Scale or None
    advance : callable
        Called with the number of bytes read since its last call.

    Returns
    -------
    iterator of Block

    Raises
    ------
    SourceError
        If a column is missing or the file can't be read.
    """
    return numbered(member, read_table(member, columns, advance), scale)


def read_plain(
    member: Member, layout: Layout, scale: Scale | None, advance: OnRead
) -> Iterator[Block]:
    """Read all blocks of a text file without a header.

    Parameters
    ----------
    member : Member
    layout : Layout
    scale : Scale or None
    advance : callable
        Called with the number of bytes read since its last call.

    Returns
    -------
    iterator of Block

    Raises
    ------
    SourceError
        If the file is empty or can't be read.
    """
    return numbered(member, _of_lines(member, layout, advance), scale)


def numbered(member: Member, parts: Iterator[Raw], scale: Scale | None) -> Iterator[Block]:
    """Check ratings with numeric ids."""
    for raw in parts:
        yield checked(member.name, raw, raw.users, raw.films, scale)


def read_table(
    member: Member,
    columns: Columns,
    advance: OnRead,
    texts: frozenset[str] = frozenset(),
) -> Iterator[Raw]:
    """Read all ratings of a table, unchecked.

    Parameters
    ----------
    member : Member
    columns : Columns
        Named user, film, rating and optionally time.
    advance : callable
        Called with the number of bytes read since its last call.
    texts : frozenset of str
        Contains "user" or "film" if these ids are texts.

    Yields
    ------
    Raw

    Raises
    ------
    SourceError
        If a column is missing or the file can't be read.
    """
    if is_parquet(member.name):
        yield from parquet_ratings(member, columns, advance, texts)
        return
    first = member.first_line()
    if not first.strip():
        raise no_good_line(member.name)
    layout = layout_of(expect_header(member.name, first, columns), texts)
    yield from _of_lines(member, layout, advance, has_header=True)


def layout_of(header: Header, texts: frozenset[str] = frozenset()) -> Layout:
    """Return the layout of the lines below a header."""
    places = header.places
    return Layout(
        header.separator.encode(),
        len(header.names),
        places["user"],
        places["film"],
        places["rating"],
        places.get("time"),
        is_quoted=True,
        texts=texts,
    )


def _of_lines(
    member: Member, layout: Layout, advance: OnRead, *, has_header: bool = False
) -> Iterator[Raw]:
    line, rest = 1, b""
    for piece in whole_lines(member):
        block = rest + piece
        if line == 1:
            block = block.removeprefix(MARK)
            if has_header:
                _, _, block = block.partition(b"\n")
                line = 2
        raw = read_block(block, line, layout, is_last=False)
        yield raw
        line += block.count(b"\n") - raw.unread.count(b"\n")
        rest = raw.unread
        advance(len(piece))
    if rest:
        yield read_block(rest, line, layout)
    if line == 1:
        raise no_good_line(member.name)
