"""Files of ratings from elsewhere."""

from datetime import datetime

from pydantic import AwareDatetime, BaseModel, Field

from api.schemas.recommendations import Rated


class ImportedRow(BaseModel):
    """A row of a file."""

    line: int
    title: str
    year: int | None
    rating: float
    rated_at: datetime | None


class FoundRow(ImportedRow):
    """A row whose film is certain; `present` is one's own rating of it now."""

    movie_id: int
    film: str
    by: str
    present: float | None


class Candidate(BaseModel):
    """A film that a row may be."""

    movie_id: int
    film: str


class UnsureRow(ImportedRow):
    """A row that may be one of several films, the likeliest first."""

    candidates: list[Candidate]
    why: str


class UnusableRow(BaseModel):
    """A row that can't be imported."""

    line: int
    title: str
    reason: str


class ImportPreview(BaseModel):
    """What the import of a file would do."""

    service: str
    found: list[FoundRow]
    unsure: list[UnsureRow]
    not_found: list[ImportedRow]
    superseded: list[ImportedRow]
    unusable: list[UnusableRow]


class ChosenRating(Rated):
    """A rating to be imported, and when it was given; now where the time is missing."""

    rated_at: AwareDatetime | None = None


class Import(BaseModel):
    """Ratings to be imported; `replace` also those of films that one has rated differently."""

    ratings: list[ChosenRating] = Field(max_length=50_000)
    replace: bool = False


class Imported(BaseModel):
    """What an import did, in films; `unknown` don't exist and were left out."""

    added: int
    changed: int
    unchanged: int
    unknown: int
