"""Bringing one's own ratings along from Letterboxd, IMDb or MovieLens: read, match, apply."""

from accounts.imports.errors import MOST_BYTES, MOST_ROWS, ImportFileError
from accounts.imports.reading import read
from accounts.imports.rows import Parsed, Row, Service, Unusable

__all__ = [
    "MOST_BYTES",
    "MOST_ROWS",
    "ImportFileError",
    "Parsed",
    "Row",
    "Service",
    "Unusable",
    "read",
]
