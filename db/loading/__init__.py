"""Loading data sets: the demo set, or any MovieLens release as folder or zip."""

from db.loading.load import AlreadyLoadedError, Progress, holds_films, load
from db.loading.report import LoadReport, Reason, Rejection, SourceError

__all__ = [
    "AlreadyLoadedError",
    "LoadReport",
    "Progress",
    "Reason",
    "Rejection",
    "SourceError",
    "holds_films",
    "load",
]
