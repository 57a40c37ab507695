"""Loading data sets: the demo set, or any MovieLens release as folder or zip."""

from db.loading.load import Progress, load
from db.loading.report import LoadReport, Reason, Rejection, SourceError

__all__ = ["LoadReport", "Progress", "Reason", "Rejection", "SourceError", "load"]
