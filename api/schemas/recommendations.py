"""Lists of recommendations, explanations and what-if requests."""

from typing import Literal

from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from api.schemas.fields import FILM_ID, STARS, StyleName, Wish
from db.queries.movies import AgeRating
from recsys.serving.lists import FilterName


# Lists are dicts: their contents are known to be valid, and validating each field takes longer than
# computing them.
class ReasonOut(TypedDict):
    """A liked film and its share of the support for the recommended one, in (0, 1]."""

    movie_id: int
    title: str
    share: float


class Item(TypedDict):
    """A recommended film, and what its score is based on.

    `basis` is "liked" if the first two reasons support it, "many" if liked films do so together,
    "popular", or the name of one of the film's genres.

    `is_new` tells whether the film was loaded after the training of the model, and is listed for
    its genres and its year. `minutes` is its length, if known.
    """

    movie_id: int
    title: str
    year: int | None
    minutes: int | None
    genres: list[str]
    score: float
    basis: str
    is_new: bool
    reasons: list[ReasonOut]


class RelaxationOut(TypedDict):
    """A filter, and how many films the whole list would have without it."""

    filter: FilterName
    films: int


class Recommendations(TypedDict):
    """A list, best film first; `model_version` is null while films are sorted by popularity.

    `total` is the number of films in the whole list; the items are a part of it. `not_genres`,
    `max_minutes` and `max_age_rating` are the filters that were requested, or else stored for the
    account.

    If filters leave fewer than five films, `relaxations` says what each costs, the costliest first.
    """

    kind: Literal["known", "cold"]
    model_version: str | None
    style: StyleName
    cached: bool
    total: int
    not_genres: list[str]
    max_minutes: int | None
    max_age_rating: AgeRating | None
    relaxations: list[RelaxationOut]
    items: list[Item]


class Rated(Wish):
    """A film and its stars, in a hypothetical history."""

    movie_id: FILM_ID
    rating: STARS


class WhatIf(Wish):
    """A hypothetical history: `ratings` instead of the user's own, or `without` some films."""

    ratings: list[Rated] | None = Field(None, max_length=500)
    without: list[FILM_ID] = Field(default_factory=list, max_length=500)
    limit: int = Field(5, ge=1, le=100)
    offset: int = Field(0, ge=0, le=99, description="How many of the best films to skip.")
    style: StyleName | None = Field(
        None, description="By default the account's style, or balanced."
    )


class LikedPart(BaseModel):
    """The contribution of a liked or disliked film to a score."""

    movie_id: int
    title: str
    part: float


class Why(BaseModel):
    """A score and its contributions, which add up to it.

    Disliked films contribute negatively to the scores of similar films.
    """

    movie_id: int
    style: StyleName
    score: float
    liked: list[LikedPart]
    disliked: list[LikedPart]
    genre: float
    period: float
    popularity: float


class Starter(BaseModel):
    """A well-known film to rate first."""

    movie_id: int
    title: str
    year: int | None
    genres: list[str]
