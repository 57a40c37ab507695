"""Details of films from IMDb's files: lengths, people, and titles in other languages."""

from db.details.imdb import load_imdb
from db.details.report import DetailsReport

__all__ = ["DetailsReport", "load_imdb"]
