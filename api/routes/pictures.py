"""Posters and backdrops of films from TMDb, through this server: no browser asks another host."""

from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Query, Response

from api import responses
from api.dependencies import ServicesDep
from api.parameters import MovieId
from api.validation import StrictRoute
from db.queries import tmdb
from db.queries.tmdb import Picture
from i18n.language import Language
from startup import Services
from tmdb.errors import TmdbError
from tmdb.film import Size

router = APIRouter(tags=["films"], route_class=StrictRoute)

CACHE_CONTROL = "public, max-age=604800"
"""A week: a film's picture hardly changes."""

_OF_POSTERS: dict[str, Size] = {"card": "w342", "page": "w500"}
_OF_BACKDROPS: Size = "w780"
_PICTURE: responses.Responses = {
    200: {
        "description": "The picture.",
        "content": {
            media_type: {"schema": {"type": "string", "format": "binary"}}
            for media_type in ("image/jpeg", "image/png")
        },
    }
}


@router.get(
    "/movies/{movie_id}/poster",
    summary="Poster",
    response_class=Response,
    responses=_PICTURE | responses.NO_PICTURE,
)
def get_poster(
    movie_id: MovieId,
    services: ServicesDep,
    size: Annotated[
        Literal["card", "page"], Query(description="For a card, or for a film's page.")
    ] = "card",
    language: Annotated[Language, Query(description="The language of the poster.")] = "en",
) -> Response:
    """Return a film's poster from TMDb, if the operator has a key of it; only for show."""
    return _answer(services, movie_id, "poster", _OF_POSTERS[size], language)


@router.get(
    "/movies/{movie_id}/backdrop",
    summary="Backdrop",
    response_class=Response,
    responses=_PICTURE | responses.NO_PICTURE,
)
def get_backdrop(movie_id: MovieId, services: ServicesDep) -> Response:
    """Return a film's backdrop from TMDb, if the operator has a key of it; only for show."""
    return _answer(services, movie_id, "backdrop", _OF_BACKDROPS)


def _answer(
    services: Services, movie_id: int, picture: Picture, size: Size, language: Language = "en"
) -> Response:
    if services.tmdb is None:
        raise HTTPException(404, "This site shows no pictures from TMDb.")
    with services.engine.connect() as connection:
        path = tmdb.path(connection, movie_id, picture, language)
    try:
        image = None if path is None else services.tmdb.images.get(path, size)
    except TmdbError:
        raise HTTPException(
            503, "TMDb can't be reached at the moment.", {"Retry-After": "60"}
        ) from None
    if image is None:
        raise HTTPException(404, f"There is no {picture} of the film {movie_id}.")
    return Response(
        image.content, media_type=image.media_type, headers={"Cache-Control": CACHE_CONTROL}
    )
