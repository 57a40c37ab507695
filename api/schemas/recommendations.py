"""Lists, why a film is on them, and what they would be otherwise."""

from typing import Literal

from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from api.schemas.fields import FILM_ID, StyleName, Wish


# Lists are dicts: they are made of what is known to be right, and to look at each field again
# takes longer than to make them.
class ReasonOut(TypedDict):
    """A liked film and its share of what speaks for the recommended one, in (0, 1]."""

    movie_id: int
    title: str
    share: float


class Item(TypedDict):
    """A recommended film, and what carries its score.

    `basis` is "liked" where the first two reasons do, "many" where liked films do together,
    "popular", or the name of one of the film's genres.
    """

    movie_id: int
    title: str
    year: int | None
    genres: list[str]
    score: float
    basis: str
    reasons: list[ReasonOut]


class Recommendations(TypedDict):
    """A list, best film first; `model_version` is null while films are sorted by popularity.

    `total` is how many films the whole list has, of which the items are a part.
    """

    kind: Literal["known", "cold"]
    model_version: str | None
    style: StyleName
    cached: bool
    total: int
    items: list[Item]


class Rated(Wish):
    """A film and its stars, in a history that somebody makes up."""

    movie_id: FILM_ID
    rating: float = Field(strict=True, ge=0.5, le=5, multiple_of=0.5, examples=[4.5])


class WhatIf(Wish):
    """A history that isn't: `ratings` instead of one's own, `without` some films."""

    ratings: list[Rated] | None = Field(None, max_length=500)
    without: list[FILM_ID] = Field(default_factory=list, max_length=500)
    limit: int = Field(5, ge=1, le=100)
    offset: int = Field(0, ge=0, le=99, description="How many of the best to pass over.")
    style: StyleName | None = Field(None, description="Without it, one's own, or else balanced.")


class LikedPart(BaseModel):
    """What a film that one likes, or dislikes, adds to a score."""

    movie_id: int
    title: str
    part: float


class Why(BaseModel):
    """A score and its parts, which add up to it; disliked films speak against what is like them."""

    movie_id: int
    style: StyleName
    score: float
    liked: list[LikedPart]
    disliked: list[LikedPart]
    genre: float
    period: float
    popularity: float


class Starter(BaseModel):
    """A well-known film."""

    movie_id: int
    title: str
    year: int | None
    genres: list[str]
