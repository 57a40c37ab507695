"""What somebody gets, why, and what they would get otherwise."""

import re
from typing import Annotated, Any, Literal

import pandas as pd
from fastapi import APIRouter, HTTPException, Query
from pydantic import AfterValidator

from api.dependencies import App, Asker, Visitor
from api.metrics import LISTS
from api.responses import INVALID, NOT_LOGGED_IN, TOO_LARGE, UNKNOWN_FILM, UNKNOWN_GENRE
from api.routes.films import Limit, MovieId, Year, film_of
from api.schemas.fields import Text
from api.schemas.recommendations import (
    Item,
    LikedPart,
    ReasonOut,
    Recommendations,
    Starter,
    WhatIf,
    Why,
)
from db import movies
from db.movies import Movie
from recsys.filters import Filters
from recsys.picks import Picked
from recsys.results import Recommendation, UnknownMovie
from recsys.served import Served, style_of
from recsys.styles import Style
from startup import Application

FILMS = 5

router = APIRouter(tags=["recommendations"])

Genre = Annotated[Text, Query(max_length=1000, description="In any spelling.", examples=["action"])]
Genres = Annotated[
    list[Annotated[Text, Query(max_length=1000)]] | None,
    Query(alias="genre", max_length=40, description="In any spelling; several are possible."),
]
LeastRatings = Annotated[
    int, Query(ge=0, le=2_147_483_647, description="How often a film must have been rated.")
]
Offset = Annotated[
    int, Query(ge=0, le=99, description="How many of the best to pass over; a list has 100.")
]
ListStyle = Annotated[
    Style | None,
    Query(alias="style", description="How far popularity counts; one's own, or else balanced."),
]

_NUMBERS = re.compile(r"\d{1,10}(,\d{1,10}){0,499}", re.ASCII)


def _numbers_of_films(text: str) -> str:
    if text and not _NUMBERS.fullmatch(text):
        raise ValueError("is written like 1,2: the numbers of 500 films at the most")
    return text


_AS_NUMBERS: dict[str, Any] = {
    "examples": ["1,2"],
    "json_schema_extra": {"pattern": f"^({_NUMBERS.pattern})?$"},
}

Excluded = Annotated[
    str,
    AfterValidator(_numbers_of_films),
    Query(description="Films not to list: their numbers, with commas between them.", **_AS_NUMBERS),
]
Passed = Annotated[
    str,
    AfterValidator(_numbers_of_films),
    Query(
        description="Films that were shown before and got no answer, so that others come: their "
        "numbers, with commas between them.",
        **_AS_NUMBERS,
    ),
]


@router.get("/give-rec", summary="Give Rec", responses=NOT_LOGGED_IN | UNKNOWN_GENRE | INVALID)
def give_rec(
    asker: Asker,
    app: App,
    limit: Limit = FILMS,
    genres: Genres = None,
    match: Literal["any", "all"] = "any",
    year_from: Year = None,
    year_to: Year = None,
    least_ratings: LeastRatings = 0,
    offset: Offset = 0,
    exclude: Excluded = "",
    style: ListStyle = None,
) -> Recommendations:
    """Films for whoever asks: their own with a token, popular ones without."""
    served = app.recommender.give(
        asker(),
        filters=Filters(tuple(genres or ()), match == "all", year_from, year_to, least_ratings),
        limit=limit,
        offset=offset,
        exclude=_numbers(exclude),
        style=style,
    )
    LISTS.labels(served.kind).inc()
    return answer(app, served)


@router.get(
    "/give-rec-genre",
    summary="Give Rec Genre",
    responses=NOT_LOGGED_IN | UNKNOWN_GENRE | INVALID,
)
def give_rec_genre(
    genre: Genre, asker: Asker, app: App, limit: Limit = FILMS, style: ListStyle = None
) -> Recommendations:
    """The same, of one genre; an unknown one is answered with those there are."""
    return give_rec(asker, app, limit, [genre], style=style)


@router.get(
    "/why/{movie_id}", summary="Why this film", responses=NOT_LOGGED_IN | UNKNOWN_FILM | INVALID
)
def why(movie_id: MovieId, user: Visitor, app: App, style: ListStyle = None) -> Why:
    """The parts of a film's score for whoever asks; they add up to it."""
    film_of(app, movie_id)
    style = style or style_of(user)
    try:
        explained = app.recommender.explain(user, movie_id, style=style)
    except UnknownMovie:
        raise HTTPException(404, "The model learns about this film at its next training.") from None
    films = _films(app, [number for number, _ in (*explained.liked, *explained.disliked)])
    liked, disliked = (
        [
            LikedPart(movie_id=number, title=films[number].title, part=part)
            for number, part in parts
            if number in films
        ]
        for parts in (explained.liked, explained.disliked)
    )
    return Why(
        movie_id=movie_id,
        style=style,
        score=explained.score,
        liked=liked,
        disliked=disliked,
        genre=explained.genre,
        period=explained.period,
        popularity=explained.popularity,
    )


@router.post("/what-if", summary="What if", responses=NOT_LOGGED_IN | TOO_LARGE | INVALID)
def what_if(wish: WhatIf, user: Visitor, app: App) -> list[Item]:
    """The films of somebody who has rated otherwise; nothing is kept.

    With `ratings`, the list of whoever has rated just those, the oldest first: the newest likes
    count most, and of two ratings of a film the last. Without, one's own list, as if one hadn't
    rated the films of `without`.
    """
    picks, style = Picked(), wish.style or style_of(user)
    if wish.ratings is not None:
        user = None
        picks = Picked(
            pd.DataFrame(
                {
                    "movie_id": [each.movie_id for each in wish.ratings],
                    "rating": [each.rating for each in wish.ratings],
                    "rated_at": pd.to_datetime(range(len(wish.ratings)), unit="s", utc=True),
                }
            )
        )
    items = app.recommender.give_without(
        user, wish.without, picks=picks, limit=wish.limit, style=style
    )
    return _items(app, items)


@router.get("/starters", summary="Films to start from", responses=NOT_LOGGED_IN | INVALID)
def starters(user: Visitor, app: App, limit: Limit = 12, passed: Passed = "") -> list[Starter]:
    """Well-known films whose ratings would tell most, given what one has told; not one's five."""
    listed = app.recommender.give(user, limit=FILMS).items
    numbers = app.recommender.starters(
        user, limit, listed=[item.movie_id for item in listed], passed=_numbers(passed)
    )
    return [
        Starter(movie_id=film.id, title=film.title, year=film.year, genres=list(film.genres))
        for film in _films(app, numbers).values()
    ]


def answer(app: Application, served: Served) -> Recommendations:
    """A list with its films' titles."""
    return Recommendations(
        kind=served.kind,
        model_version=served.model_version,
        style=served.style,
        cached=served.cached,
        items=_items(app, served.items),
    )


def _numbers(films: str) -> list[int]:
    return [int(number) for number in films.split(",") if number]


def _items(app: Application, recommended: list[Recommendation]) -> list[Item]:
    asked = {item.movie_id for item in recommended}
    asked.update(why.movie_id for item in recommended for why in item.reasons)
    films = app.recommender.titles(asked)
    return [
        Item(
            movie_id=film.id,
            title=film.title,
            year=film.year,
            genres=list(film.genres),
            score=each.score,
            basis=each.basis,
            reasons=[
                ReasonOut(movie_id=why.movie_id, title=films[why.movie_id].title, share=why.share)
                for why in each.reasons
                if why.movie_id in films
            ],
        )
        for each in recommended
        if (film := films.get(each.movie_id)) is not None
    ]


def _films(app: Application, numbers: list[int]) -> dict[int, Movie]:
    with app.engine.connect() as connection:
        return {film.id: film for film in movies.by_ids(connection, numbers)}
