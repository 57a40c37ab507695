"""What handles take and answer."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from db.marks import Mark

FILM_ID = Annotated[int, Field(ge=1, le=2_147_483_647, examples=[318])]


def _storable(text: str) -> str:
    """PostgreSQL stores neither NUL nor half a surrogate pair."""
    if "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise ValueError("has a sign in it that can't be stored")
    return text


Text = Annotated[str, AfterValidator(_storable)]


class Problem(BaseModel):
    """Every error says what is wrong, and what to do."""

    detail: str = Field(examples=["That email and password don't go together."])


class InvalidFields(Problem):
    """Fields that won't do, each with what is wrong with it."""

    fields: dict[str, str] = Field(examples=[{"limit": "must be 1 or more"}])


class UnknownGenreProblem(Problem):
    """No film has the genre; these there are."""

    available_genres: list[str] = Field(examples=[["Action", "Comedy", "Western"]])
    did_you_mean: str | None = Field(examples=["Western"])


class Registration(BaseModel):
    """A new account."""

    email: Text = Field(max_length=1000, examples=["jane@example.org"])
    password: Text = Field(max_length=1000, examples=["a fine long sentence"])
    name: Text = Field("", max_length=1000, examples=["Jane Doe"])


class Token(BaseModel):
    """What proves a log-in, until it ends."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105


class Person(BaseModel):
    """Who somebody is; known is who has rated something."""

    email: str | None = Field(examples=["test195@mail.com"])
    name: str
    kind: Literal["known", "cold"]
    ratings: int


class PasswordChange(BaseModel):
    """The password now, and the new one."""

    old: Text = Field(max_length=1000)
    new: Text = Field(max_length=1000)


class Leaving(BaseModel):
    """The account's email, typed to confirm."""

    confirm: Text = Field(max_length=1000, examples=["jane@example.org"])


class OpenSession(BaseModel):
    """A log-in that is open."""

    created_at: datetime
    expires_at: datetime
    is_current: bool


class Ended(BaseModel):
    """How many sessions ended."""

    ended: int


class ReasonOut(BaseModel):
    """A liked film and its share of what speaks for the recommended one, in (0, 1]."""

    movie_id: int
    title: str
    share: float


class Item(BaseModel):
    """A recommended film."""

    movie_id: int
    title: str
    year: int | None
    genres: list[str]
    score: float
    reasons: list[ReasonOut]


class Recommendations(BaseModel):
    """A list, best film first; `model_version` is null while films are sorted by popularity."""

    kind: Literal["known", "cold"]
    model_version: str | None
    cached: bool
    items: list[Item]


class MovieOut(BaseModel):
    """A film; `mean` is in stars, 0.5 to 5."""

    movie_id: int
    title: str
    year: int | None
    genres: list[str]
    ratings: int
    likes: int
    mean: float | None
    links: dict[str, str] = Field(examples=[{"movielens": "https://movielens.org/movies/318"}])


class MoviePage(BaseModel):
    """A page of films, 20 on each."""

    items: list[MovieOut]
    page: int
    pages: int
    total: int


class SimilarMovie(BaseModel):
    """A film, and how alike it is: cosine, -1 to 1."""

    movie_id: int
    title: str
    year: int | None
    similarity: float


class RatingIn(BaseModel):
    """Half-stars from 0.5 to 5."""

    rating: float = Field(strict=True, ge=0.5, le=5, multiple_of=0.5, examples=[4.5])


class RatingOut(BaseModel):
    """What somebody gave a film, and when."""

    movie_id: int
    rating: float
    rated_at: datetime


class Ratings(BaseModel):
    """All of one's ratings, oldest first."""

    items: list[RatingOut]


class MarkIn(BaseModel):
    """What is said of a film without rating it."""

    mark: Mark = Field(examples=["later"])


class MarkOut(BaseModel):
    """What somebody said of a film, and when."""

    movie_id: int
    mark: Mark
    marked_at: datetime


class Rated(BaseModel):
    """A film and its stars, in a history that somebody makes up."""

    movie_id: FILM_ID
    rating: float = Field(strict=True, ge=0.5, le=5, multiple_of=0.5, examples=[4.5])


class WhatIf(BaseModel):
    """A history that isn't: `ratings` instead of one's own, `without` some films."""

    ratings: list[Rated] | None = Field(None, max_length=500)
    without: list[FILM_ID] = Field(default_factory=list, max_length=500)
    limit: int = Field(5, ge=1, le=100)


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


class LikedPart(BaseModel):
    """What a film that one likes adds to a score."""

    movie_id: int
    title: str
    part: float


class Why(BaseModel):
    """A score and its parts, which add up to it."""

    movie_id: int
    score: float
    liked: list[LikedPart]
    genre: float
    period: float
    popularity: float


class Starter(BaseModel):
    """A well-known film."""

    movie_id: int
    title: str
    year: int | None
    genres: list[str]


class StarsGiven(BaseModel):
    """How often a number of stars was given."""

    rating: float
    ratings: int


class YearOfRatings(BaseModel):
    """A year's ratings of a film."""

    year: int
    ratings: int
    mean: float


class FilmFigures(BaseModel):
    """What people think of a film."""

    distribution: list[StarsGiven]
    by_year: list[YearOfRatings]


class StarsShare(BaseModel):
    """The share of one's own and of all ratings that has so many stars, 0 to 1."""

    rating: float
    mine: float
    everybody: float


class GenreTaste(BaseModel):
    """A genre's mean rating: one's own, everybody's, and the difference."""

    genre: str
    films: int
    mine: float
    everybody: float
    difference: float


class Disagreement(BaseModel):
    """A film on which one differs from the mean."""

    movie_id: int
    title: str
    rating: float
    mean: float
    difference: float


class Portrait(BaseModel):
    """One's taste beside everybody's."""

    distribution: list[StarsShare]
    genres: list[GenreTaste]
    disagreements: list[Disagreement]


class Part(BaseModel):
    """Whether a part works."""

    ok: bool
    detail: str


class Health(BaseModel):
    """Whether this app can serve, part by part; without the cache it can, more slowly."""

    ready: bool
    database: Part
    model: Part
    cache: Part
