"""Errors of a file or a row, as users read them."""

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
    """The file is a table, but none of its columns is recognised as films.

    `table` has its columns, for the user to name.
    """

    def __init__(self, message: str, table: UnknownTable) -> None:
        super().__init__(message)
        self.table = table


class RowError(ValueError):
    """A row can't be used; the text says why, to follow "line 7: "."""
