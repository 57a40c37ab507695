"""Imports of a user's own ratings from other services: read, match, apply."""

from accounts.imports.applying import Applied, apply
from accounts.imports.errors import (
    ACCEPTED,
    MOST_BYTES,
    MOST_ROWS,
    ImportFileError,
    UnknownColumnsError,
)
from accounts.imports.layouts import Role
from accounts.imports.matching import match, present_ratings
from accounts.imports.preview import (
    By,
    Choice,
    Chosen,
    Matched,
    Preview,
    Status,
    Superseded,
    Unsure,
    Why,
    chosen,
    status,
)
from accounts.imports.reading import NO_HINTS, Hints, read
from accounts.imports.rows import (
    DateOrder,
    Parsed,
    Row,
    Says,
    Scale,
    Section,
    Service,
    UnknownTable,
    Unusable,
)

__all__ = [
    "ACCEPTED",
    "MOST_BYTES",
    "MOST_ROWS",
    "NO_HINTS",
    "Applied",
    "By",
    "Choice",
    "Chosen",
    "DateOrder",
    "Hints",
    "ImportFileError",
    "Matched",
    "Parsed",
    "Preview",
    "Role",
    "Row",
    "Says",
    "Scale",
    "Section",
    "Service",
    "Status",
    "Superseded",
    "UnknownColumnsError",
    "UnknownTable",
    "Unsure",
    "Unusable",
    "Why",
    "apply",
    "chosen",
    "match",
    "present_ratings",
    "read",
    "status",
]
