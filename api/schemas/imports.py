"""Imports of ratings from other services."""

from datetime import datetime

from pydantic import AwareDatetime, BaseModel, Field

from accounts.imports import Scale
from api.schemas.fields import FILM_ID, MarkName, Wish
from api.schemas.recommendations import Rated


class ImportedRow(BaseModel):
    """A row of a file: a rating, or a film to mark as seen or to watch later.

    `section` is the index of the part of the file that it comes from. A film from a list has
    neither rating nor mark. `mark` is left out if it is null, and `section` if it is 0.
    """

    line: int
    title: str
    year: int | None
    rating: float | None
    rated_at: datetime | None
    mark: MarkName | None = None
    section: int = 0


class FoundRow(ImportedRow):
    """A row whose film was found; `present` is the user's current rating of it."""

    movie_id: int
    film: str
    by: str
    present: float | None


class Candidate(BaseModel):
    """A film that a row may refer to."""

    movie_id: int
    film: str


class UnsureRow(ImportedRow):
    """A row that may refer to one of several films, the likeliest first."""

    candidates: list[Candidate]
    why: str


class UnusableRow(BaseModel):
    """A row that can't be imported."""

    line: int
    title: str
    reason: str


class ImportSection(BaseModel):
    """A part of a file: what it says about its films, and how much of it can be used.

    `undated` rows have a date that can't be read. If `is_date_open`, day and month are ambiguous:
    set `date_order`. With `has_thumbs`, likes and thumbs were converted to stars. `scale` is the
    highest possible rating, if it was inferred from the ratings.
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
    """The columns of a table from an unknown service, and the role assumed for each."""

    columns: list[str]
    sample: list[list[str]]
    roles: dict[str, str]


class ImportPreview(BaseModel):
    """What importing a file would do; `unread` are files in a zip that weren't recognised."""

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
    """A rating to import, and when it was given; now if the time is missing."""

    rated_at: AwareDatetime | None = None


class ChosenMark(BaseModel):
    """A film to mark as seen or to watch later."""

    movie_id: FILM_ID
    mark: MarkName


class RatingsImport(Wish):
    """Ratings to import; with `replace` also for films that the user has rated differently.

    A film that doesn't exist is an error; with `skip_unknown` it is left out and counted. Marks
    only apply to films that the user has neither rated nor marked.
    """

    ratings: list[ChosenRating] = Field(max_length=50_000)
    marks: list[ChosenMark] = Field(default_factory=list, max_length=50_000)
    replace: bool = False
    skip_unknown: bool = False


class Imported(BaseModel):
    """The result of an import, in numbers of films.

    `unknown` films don't exist and were left out (`skip_unknown`). `marked` films now have a mark;
    the field is left out if it is 0.
    """

    added: int
    changed: int
    unchanged: int
    unknown: int
    marked: int = 0
