"""What is wrong with a file or a row of it, in words for people."""

from accounts.imports.rows import UnknownTable
from i18n.language import Text

MOST_BYTES = 10 * 2**20
MOST_BYTES_UNPACKED = 30 * 2**20
MOST_ROWS = 50_000
ACCEPTED = Text(
    "supported files are the exports of Letterboxd (the whole zip or a file of it), IMDb, "
    "MovieLens, Trakt, TMDB, Simkl, Kinopoisk, Kinorium, Criticker and Netflix, and any table "
    "with a column of titles"
)


class ImportFileError(ValueError):
    """The file can't be imported; the text says what is wrong and what would be accepted."""


class UnknownColumnsError(ImportFileError):
    """The file is a table, but nobody can tell which column has the films.

    Attributes
    ----------
    table : UnknownTable
        Its columns, to be named by hand.
    """

    def __init__(self, message: str, table: UnknownTable) -> None:
        super().__init__(message)
        self.table = table


class RowError(ValueError):
    """A row can't be used; the text says why, fit to stand after "line 7: "."""
