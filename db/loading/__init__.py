"""Loading data sets: the demo set, or one of the forms of docs/data-sets.md as folder or zip."""

from db.loading.load import AlreadyLoadedError, Progress, holds_films, load
from db.loading.mapped import ColumnMap
from db.loading.report import LoadReport, Reason, Rejection, SourceError
from db.loading.values import Scale

__all__ = [
    "AlreadyLoadedError",
    "ColumnMap",
    "LoadReport",
    "Progress",
    "Reason",
    "Rejection",
    "Scale",
    "SourceError",
    "holds_films",
    "load",
]
