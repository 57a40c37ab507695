"""What is wrong with a file or a row of it, in words for people."""

from language import Text

MOST_BYTES = 10 * 2**20
MOST_ROWS = 50_000
ACCEPTED = Text(
    "accepted are ratings.csv of Letterboxd or its whole export zip, ratings.csv of IMDb, "
    "and ratings.csv of MovieLens"
)


class ImportFileError(ValueError):
    """The file can't be imported; the text says what is wrong and what would be accepted."""


class RowError(ValueError):
    """A row can't be used; the text says why, fit to stand after "line 7: "."""
