"""Data loads: of the demo set, or of a folder or zip in a format of docs/data-sets.md."""

from db.loading.load import AlreadyLoadedError, holds_films, load
from db.loading.mapped import ColumnMap
from db.loading.report import LoadReport, Reason, Rejection, SourceError
from db.loading.values import Scale

__all__ = [
    "AlreadyLoadedError",
    "ColumnMap",
    "LoadReport",
    "Reason",
    "Rejection",
    "Scale",
    "SourceError",
    "holds_films",
    "load",
]
