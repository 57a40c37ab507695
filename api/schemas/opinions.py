"""What somebody has rated and marked, and what that says."""

from datetime import datetime

from pydantic import BaseModel, Field

from api.schemas.fields import MarkName, Wish


class RatingIn(Wish):
    """Half-stars from 0.5 to 5."""

    rating: float = Field(strict=True, ge=0.5, le=5, multiple_of=0.5, examples=[4.5])


class RatingOut(BaseModel):
    """What somebody gave a film, and when."""

    movie_id: int
    rating: float
    rated_at: datetime


class RatedFilm(RatingOut):
    """A film that somebody has rated."""

    title: str
    year: int | None


class Ratings(BaseModel):
    """One's ratings, oldest first; `total` is how many there are on all pages."""

    total: int
    items: list[RatedFilm]


class MarkIn(Wish):
    """What is said of a film without rating it."""

    mark: MarkName = Field(examples=["later"])


class MarkedFilm(BaseModel):
    """What somebody said of a film, and when."""

    movie_id: int
    title: str
    year: int | None
    mark: MarkName
    marked_at: datetime


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
