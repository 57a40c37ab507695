"""Files of ratings from elsewhere."""

from datetime import datetime

from pydantic import AwareDatetime, BaseModel, Field

from accounts.imports import Scale
from api.schemas.fields import FILM_ID, MarkName, Wish
from api.schemas.recommendations import Rated


class ImportedRow(BaseModel):
    """A row of a file: a rating, or a film that was seen or is wanted; `section` says where from.

    A film of a list has neither rating nor mark. `mark` and `section` are left out where they are
    null and 0.
    """

    line: int
    title: str
    year: int | None
    rating: float | None
    rated_at: datetime | None
    mark: MarkName | None = None
    section: int = 0


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


class ImportSection(BaseModel):
    """A part of a file: what it says of its films, and how much of it can be used.

    `undated` rows have a date that can't be read. Where `is_date_open`, say with `date_order` which
    number is the month. `has_thumbs` tells that likes and thumbs were turned into stars. `scale` is
    the best rating, where it was taken from the ratings.
    """

    name: str
    says: str
    rows: int
    rewatches: int
    undated: int
    is_date_open: bool
    has_thumbs: bool
    scale: Scale | None


class ImportTable(BaseModel):
    """The columns of a table of no known service, and what each was taken for."""

    columns: list[str]
    sample: list[list[str]]
    roles: dict[str, str]


class ImportPreview(BaseModel):
    """What the import of a file would do; `unread` are files in a zip that weren't recognised."""

    service: str
    sections: list[ImportSection]
    unread: list[str]
    table: ImportTable | None
    found: list[FoundRow]
    unsure: list[UnsureRow]
    not_found: list[ImportedRow]
    superseded: list[ImportedRow]
    unusable: list[UnusableRow]


class ChosenRating(Rated):
    """A rating to be imported, and when it was given; now where the time is missing."""

    rated_at: AwareDatetime | None = None


class ChosenMark(BaseModel):
    """A film that was seen, or is to be watched later."""

    movie_id: FILM_ID
    mark: MarkName


class RatingsImport(Wish):
    """Ratings to be imported; `replace` also those of films that one has rated differently.

    A film that doesn't exist is an error, or with `skip_unknown` left out and counted. A mark is
    for films that one has neither rated nor marked.
    """

    ratings: list[ChosenRating] = Field(max_length=50_000)
    marks: list[ChosenMark] = Field(default_factory=list, max_length=50_000)
    replace: bool = False
    skip_unknown: bool = False


class Imported(BaseModel):
    """What an import did, in films; `unknown` don't exist and were left out (`skip_unknown`).

    `marked` are films that have a mark now; it is left out where it is 0.
    """

    added: int
    changed: int
    unchanged: int
    unknown: int
    marked: int = 0
