"""A person's ratings and marks, and the taste that they show."""

from datetime import datetime

from pydantic import BaseModel, Field

from api.schemas.fields import STARS, MarkName, Wish


class RatingIn(Wish):
    """A rating: stars from 0.5 to 5 in steps of a half."""

    rating: STARS


class RatingOut(BaseModel):
    """A person's rating of a film, and when it was given."""

    movie_id: int
    rating: float
    rated_at: datetime


class RatedFilm(RatingOut):
    """A rated film."""

    title: str
    year: int | None


class Ratings(BaseModel):
    """The user's ratings, oldest first; `total` is the number on all pages."""

    total: int
    items: list[RatedFilm]


class MarkIn(Wish):
    """A mark on a film, without a rating."""

    mark: MarkName = Field(examples=["later"])


class MarkedFilm(BaseModel):
    """A marked film, and when it was marked."""

    movie_id: int
    title: str
    year: int | None
    mark: MarkName
    marked_at: datetime


class StarsShare(BaseModel):
    """The share of the user's and of all ratings with this number of stars, 0 to 1."""

    rating: float
    mine: float
    everybody: float


class GenreTaste(BaseModel):
    """A genre's mean rating: the user's, everybody's, and the difference."""

    genre: str
    films: int
    mine: float
    everybody: float
    difference: float


class Disagreement(BaseModel):
    """A film that the user rates differently from the mean."""

    movie_id: int
    title: str
    rating: float
    mean: float
    difference: float


class Portrait(BaseModel):
    """The user's taste compared with everybody's."""

    distribution: list[StarsShare]
    genres: list[GenreTaste]
    disagreements: list[Disagreement]
