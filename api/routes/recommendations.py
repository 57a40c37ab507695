"""Endpoints for recommendations: lists, explanations, what-if lists, onboarding films."""

from dataclasses import replace

import pandas as pd
from fastapi import APIRouter, HTTPException, Response

from api.caching import FOR_WHO_ASKS
from api.dependencies import Asker, OptionalUser, ServicesDep
from api.film_numbers import check, film_of
from api.metrics import LISTS
from api.paging import TOTAL, Limit, Offset, tell_total
from api.parameters import (
    Excluded,
    Genre,
    Genres,
    LeastRatings,
    ListStyle,
    Match,
    MovieId,
    Passed,
    RequestedFilters,
    Years,
    numbers,
)
from api.responses import NOT_LOGGED_IN, TOO_LARGE, UNKNOWN_FILM, UNKNOWN_GENRE
from api.schemas.recommendations import (
    Item,
    LikedPart,
    ReasonOut,
    Recommendations,
    RelaxationOut,
    Starter,
    WhatIf,
    Why,
)
from api.validation import StrictRoute
from db.queries.users import User
from recsys.models.results import Recommendation, UnknownMovie
from recsys.models.styles import Style
from recsys.serving.cache import LIST_LENGTH
from recsys.serving.filters import Filters
from recsys.serving.guests import GuestRatings
from recsys.serving.lists import Served, style_of
from recsys.serving.recommender import Recommender
from startup import Services

FILMS = 5

router = APIRouter(tags=["recommendations"], route_class=StrictRoute)


@router.get(
    "/give-rec",
    summary="Give Rec",
    responses=NOT_LOGGED_IN | UNKNOWN_GENRE,
    dependencies=[FOR_WHO_ASKS],
)
def give_rec(
    asker: Asker,
    services: ServicesDep,
    years: Years,
    requested: RequestedFilters,
    limit: Limit = FILMS,
    offset: Offset = 0,
    exclude: Excluded = "",
    genres: Genres = None,
    match: Match = "any",
    least_ratings: LeastRatings = 0,
    style: ListStyle = None,
) -> Recommendations:
    """Recommend films: personal ones with a token, popular ones without."""
    user = asker()
    filters = Filters(tuple(genres or ()), match == "all", *years, least_ratings)
    filters = _with_stored(services, user, filters, requested)
    return _recommend(services, user, filters, limit, offset, exclude, style)


@router.get(
    "/give-rec-genre",
    summary="Give Rec Genre",
    responses=NOT_LOGGED_IN | UNKNOWN_GENRE,
    dependencies=[FOR_WHO_ASKS],
)
def give_rec_genre(
    genre: Genre,
    asker: Asker,
    services: ServicesDep,
    years: Years,
    requested: RequestedFilters,
    limit: Limit = FILMS,
    offset: Offset = 0,
    exclude: Excluded = "",
    least_ratings: LeastRatings = 0,
    style: ListStyle = None,
) -> Recommendations:
    """Recommend films of one genre; an unknown genre is answered with the available ones."""
    user = asker()
    filters = Filters((genre,), False, *years, least_ratings)
    filters = _with_stored(services, user, filters, requested)
    return _recommend(services, user, filters, limit, offset, exclude, style)


@router.get(
    "/why/{movie_id}",
    summary="Why this film",
    responses=NOT_LOGGED_IN | UNKNOWN_FILM,
    dependencies=[FOR_WHO_ASKS],
)
def explain_film(
    movie_id: MovieId, user: OptionalUser, services: ServicesDep, style: ListStyle = None
) -> Why:
    """Split a film's score for the user into contributions, which add up to it."""
    film_of(services.engine, movie_id)
    style = style or style_of(user)
    try:
        explained = services.recommender.explain(user, movie_id, style=style)
    except UnknownMovie:
        raise HTTPException(
            404, "The model doesn't know this film yet; it will after the next training."
        ) from None
    films = services.recommender.films(
        [number for number, _ in (*explained.liked, *explained.disliked)]
    )
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


@router.post("/what-if", summary="What if", responses=NOT_LOGGED_IN | TOO_LARGE | TOTAL)
def what_if(
    payload: WhatIf, user: OptionalUser, services: ServicesDep, response: Response
) -> list[Item]:
    """Recommend films for a hypothetical history; nothing is stored.

    With `ratings`, return the list for a person with exactly these ratings, oldest first: the
    newest likes count most, and the last rating of a film is the one that counts. Otherwise return
    the user's own list as if they hadn't rated the films in `without`.
    """
    check(
        services.engine,
        {f"ratings.{at}.movie_id": each.movie_id for at, each in enumerate(payload.ratings or ())}
        | {f"without.{at}": movie_id for at, movie_id in enumerate(payload.without)},
    )
    guest_ratings, style = GuestRatings(), payload.style or style_of(user)
    if payload.ratings is not None:
        user = None
        guest_ratings = GuestRatings(
            pd.DataFrame(
                {
                    "movie_id": [each.movie_id for each in payload.ratings],
                    "rating": [each.rating for each in payload.ratings],
                    "rated_at": pd.to_datetime(range(len(payload.ratings)), unit="s", utc=True),
                }
            )
        )
    end = min(payload.offset + payload.limit, LIST_LENGTH)
    items = services.recommender.recommend_without(
        user,
        payload.without,
        guest_ratings=guest_ratings,
        limit=LIST_LENGTH,
        explained=end,
        style=style,
    )
    tell_total(response, len(items))
    return _items(services.recommender, items[payload.offset : end])


@router.get(
    "/starters",
    summary="Films to start from",
    responses=NOT_LOGGED_IN,
    dependencies=[FOR_WHO_ASKS],
)
def list_starters(
    user: OptionalUser, services: ServicesDep, limit: Limit = 12, passed: Passed = ""
) -> list[Starter]:
    """List well-known films whose ratings would reveal most about the user's taste.

    They depend on what the user has rated and marked. These films and the user's five
    recommendations are left out.
    """
    check(services.engine, {"passed": numbers(passed)})
    listed = services.recommender.recommend(user, limit=FILMS).items
    found = services.recommender.onboarding_films(
        user, limit, listed=[item.movie_id for item in listed], passed=numbers(passed)
    )
    return [
        Starter(movie_id=film.id, title=film.title, year=film.year, genres=list(film.genres))
        for film in services.recommender.films(found).values()
    ]


def _with_stored(
    services: Services, user: User | None, filters: Filters, requested: RequestedFilters
) -> Filters:
    """Add what is requested, or else what the account has stored."""
    stored = services.recommender.stored_filters(user).stored
    return replace(filters, **stored | requested)


def _recommend(
    services: Services,
    user: User | None,
    filters: Filters,
    limit: int,
    offset: int,
    exclude: str,
    style: Style | None,
) -> Recommendations:
    excluded = numbers(exclude)
    check(services.engine, {"exclude": excluded})
    served = services.recommender.recommend(
        user, filters=filters, limit=limit, offset=offset, exclude=excluded, style=style
    )
    LISTS.labels(served.kind).inc()
    return answer(services.recommender, served)


def answer(recommender: Recommender, served: Served) -> Recommendations:
    """Return the list with its films' titles."""
    return Recommendations(
        kind=served.kind,
        model_version=served.model_version,
        style=served.style,
        cached=served.cached,
        total=served.total,
        not_genres=list(served.filters.not_genres),
        max_minutes=served.filters.max_minutes,
        max_age_rating=served.filters.max_age_rating,
        relaxations=[
            RelaxationOut(filter=each.filter, films=each.films) for each in served.relaxations
        ],
        items=_items(recommender, served.items),
    )


def _items(recommender: Recommender, recommended: list[Recommendation]) -> list[Item]:
    asked = {item.movie_id for item in recommended}
    asked.update(why.movie_id for item in recommended for why in item.reasons)
    films = recommender.films(asked)
    return [
        Item(
            movie_id=film.id,
            title=film.title,
            year=film.year,
            minutes=film.minutes,
            genres=list(film.genres),
            score=each.score,
            basis=each.basis,
            is_new=each.is_new,
            reasons=[
                ReasonOut(movie_id=why.movie_id, title=films[why.movie_id].title, share=why.share)
                for why in each.reasons
                if why.movie_id in films
            ],
        )
        for each in recommended
        if (film := films.get(each.movie_id)) is not None
    ]
