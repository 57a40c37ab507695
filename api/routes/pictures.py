"""Posters and backdrops of films from TMDb, through this server: no browser asks another host."""

from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Path, Query, Response

from api import responses
from api.dependencies import ServicesDep
from api.parameters import MovieId
from api.validation import StrictRoute
from db.queries import tmdb
from i18n.language import Language

router = APIRouter(tags=["films"], route_class=StrictRoute)

CACHE_CONTROL = "public, max-age=604800"
"""A week: a film's picture hardly changes."""

_WIDTHS: dict[tuple[str, str], Literal["w342", "w500", "w780"]] = {
    ("poster", "card"): "w342",
    ("poster", "page"): "w500",
    ("backdrop", "card"): "w780",
    ("backdrop", "page"): "w780",
}
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
    "/movies/{movie_id}/pictures/{picture}",
    summary="Poster or backdrop",
    response_class=Response,
    responses=_PICTURE | responses.NO_PICTURE,
)
def get_picture(
    movie_id: MovieId,
    picture: Annotated[tmdb.Picture, Path()],
    services: ServicesDep,
    size: Annotated[
        Literal["card", "page"], Query(description="For a card, or for a film's page.")
    ] = "card",
    language: Annotated[Language, Query(description="The language of a poster.")] = "en",
) -> Response:
    """Return a film's picture from TMDb, if the operator has a key of it and TMDb has a picture.

    Only for show: TMDb's terms apply, which forbid other uses.
    """
    if services.tmdb is None:
        raise HTTPException(404, "This site shows no pictures from TMDb.")
    with services.engine.connect() as connection:
        path = tmdb.path(connection, movie_id, picture, language)
    if path is None:
        raise HTTPException(404, f"There is no {picture} of the film {movie_id}.")
    from tmdb.errors import TmdbError  # loaded with the key

    try:
        image = services.tmdb.images.get(path, _WIDTHS[picture, size])
    except TmdbError:
        raise HTTPException(
            503, "TMDb can't be reached at the moment.", {"Retry-After": "60"}
        ) from None
    if image is None:
        raise HTTPException(404, f"There is no {picture} of the film {movie_id}.")
    return Response(
        image.content, media_type=image.media_type, headers={"Cache-Control": CACHE_CONTROL}
    )
