"""The figures of a view as a file that says by itself what it holds."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

import pandas as pd

from accounts.spreadsheets import defused
from db.statistics import Load
from pages.parts.wording import _

LICENCE = (
    "MovieLens data: no commercial use without permission, no endorsement by the University of "
    "Minnesota or the GroupLens group. F. Maxwell Harper and Joseph A. Konstan. 2015. The "
    "MovieLens Datasets: History and Context. ACM Transactions on Interactive Intelligent "
    "Systems 5, 4: 19:1-19:19. https://doi.org/10.1145/2827872"
)

# What a spreadsheet would run as a formula: it cuts a comment into cells at these separators.
_CELL = re.compile(r"([,;]\s*)(?=[=+\-@])")


def as_csv(
    table: pd.DataFrame,
    *,
    title: str,
    says: str,
    filters: str,
    rows: str,
    load: Load | None,
    computed_at: datetime,
) -> str:
    """A table as CSV, after lines that begin with `# ` and state what it is.

    Parameters
    ----------
    table : DataFrame
    title, says : str
        Of the figure.
    filters : str
        Those in force, in words; empty for none.
    rows : str
        Which of its rows these are.
    load : Load or None
        The data set.
    computed_at : datetime
        When the figures were computed.
    """
    comments = (
        f"Five Films: {title}",
        says,
        _("Filters: {filters}").format(filters=filters or _("none")),
        _("Rows: {rows}").format(rows=rows),
        _("Data: {source}; figures of {computed} UTC; written on {written}").format(
            source=source(load),
            computed=f"{computed_at:%Y-%m-%d %H:%M}",
            written=f"{datetime.now(UTC):%Y-%m-%d}",
        ),
        _("Licence and citation: {licence}").format(licence=LICENCE),
    )
    return with_comments(table, comments)


def source(load: Load | None) -> str:
    """Where the data comes from, in words."""
    if load is None:
        return _("people's own ratings")
    return _("{source}, loaded on {loaded}").format(
        source=load.source, loaded=f"{load.loaded_at:%Y-%m-%d}"
    )


def with_comments(table: pd.DataFrame, comments: Iterable[str]) -> str:
    """A table as CSV, after these lines."""
    head = "".join(f"# {_comment(line)}\r\n" for line in comments)
    return head + defused(table).to_csv(index=False, lineterminator="\r\n")


def _comment(line: str) -> str:
    return _CELL.sub(r"\1'", " ".join(line.split()))
