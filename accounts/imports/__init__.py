"""Bringing one's own ratings along from Letterboxd, IMDb or MovieLens: read, match, apply."""

from accounts.imports.applying import Applied, apply
from accounts.imports.errors import ACCEPTED, MOST_BYTES, MOST_ROWS, ImportFileError
from accounts.imports.matching import match, present_ratings
from accounts.imports.preview import (
    By,
    Choice,
    Matched,
    Preview,
    Status,
    Superseded,
    Unsure,
    Why,
    choice,
    status,
)
from accounts.imports.reading import read
from accounts.imports.rows import Parsed, Row, Service, Unusable

__all__ = [
    "ACCEPTED",
    "MOST_BYTES",
    "MOST_ROWS",
    "Applied",
    "By",
    "Choice",
    "ImportFileError",
    "Matched",
    "Parsed",
    "Preview",
    "Row",
    "Service",
    "Status",
    "Superseded",
    "Unsure",
    "Unusable",
    "Why",
    "apply",
    "choice",
    "match",
    "present_ratings",
    "read",
    "status",
]
