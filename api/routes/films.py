"""Endpoints for films: search, details, similar films and rating statistics."""

import math
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.caching import FOR_ALL
from api.dependencies import ServicesDep
from api.film_numbers import film_of
from api.paging import TOTAL, Limit, Offset, Paged, tell_total
from api.parameters import MovieId, Years
from api.responses import UNKNOWN_FILM, UNKNOWN_GENRE
from api.schemas.fields import Text
from api.schemas.films import (
    FilmDetails,
    FilmFigures,
    FilmTag,
    MovieOut,
    MoviePage,
    PersonOut,
    SimilarMovie,
    StarsGiven,
    YearOfRatings,
)
from api.validation import StrictRoute
from db.queries import details, names, tags
from db.queries import film_statistics as statistics
from db.queries.movies import Movie
from db.queries.search import PAGE, search
from recsys.data.genres import match_genre
from recsys.models.results import UnknownMovie
from recsys.serving.cache import LIST_LENGTH

MOST_PEOPLE = 3
"""How many people a search names."""

router = APIRouter(tags=["films"], route_class=StrictRoute, dependencies=[FOR_ALL])


@router.get("/genres", summary="Genres", responses=TOTAL)
def list_genres(services: ServicesDep, page: Paged, response: Response) -> Sequence[str]:
    """List all genres."""
    genres = services.recommender.genres()
    tell_total(response, len(genres))
    return page.of(genres)


@router.get(
    "/movies",
    summary="Search films",
    responses=UNKNOWN_GENRE,
)
def search_films(
    services: ServicesDep,
    years: Years,
    query: Annotated[
        Text, Query(max_length=200, description="A title, a part of one, a person or a tag.")
    ] = "",
    genre: Annotated[Text | None, Query(max_length=1000)] = None,
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    limit: Annotated[int, Query(ge=1, le=100, description="The number of films per page.")] = PAGE,
) -> MoviePage:
    """Search films by title, person or tag, genre and years, page by page.

    The best match comes first; without a query, the film with the most ratings. Case, accents,
    articles and typos in titles don't matter. A year after a title ("alien 1979") is the film's
    year, and a year alone ("1995") finds the films of that year. Films follow with such a title in
    another region, then those with a person of that name, and those tagged with that tag.
    """
    if genre is not None:
        genre = match_genre(genre, services.recommender.genres())
    with services.engine.connect() as connection:
        found, total = search(
            connection,
            query=query,
            genre=genre,
            year_from=years.first,
            year_to=years.last,
            page=page,
            size=limit,
        )
        people = names.people(connection, query, MOST_PEOPLE)
    return MoviePage(
        items=[_movie(film) for film in found],
        page=page,
        pages=math.ceil(total / limit),
        total=total,
        people=[PersonOut(person_id=each.id, name=each.name, films=each.films) for each in people],
    )


@router.get("/movies/{movie_id}", summary="One film", responses=UNKNOWN_FILM)
def get_film(movie_id: MovieId, services: ServicesDep) -> FilmDetails:
    """Return a film with its tags, the most used first, and its directors, writers and cast."""
    film = film_of(services.engine, movie_id)
    with services.engine.connect() as connection:
        found = tags.of_film(connection, movie_id)
        known = details.of_film(connection, movie_id)
    return FilmDetails(
        **_movie(film).model_dump(),
        tags=[FilmTag(tag=each.name, people=each.people) for each in found],
        original_title=known.original_title,
        directors=[each.name for each in known.directors],
        writers=[each.name for each in known.writers],
        cast=[each.name for each in known.cast],
    )


@router.get("/movies/{movie_id}/similar", summary="Similar films", responses=UNKNOWN_FILM | TOTAL)
def list_similar_films(
    movie_id: MovieId,
    services: ServicesDep,
    response: Response,
    limit: Limit = 5,
    offset: Offset = 0,
) -> list[SimilarMovie]:
    """List films that the same people like; none before the first training.

    Those for a film that was loaded after the training have similar genres and years.
    """
    film_of(services.engine, movie_id)
    try:
        similar = services.recommender.similar(movie_id, LIST_LENGTH)
    except UnknownMovie:
        similar = []
    films = services.recommender.films([each.movie_id for each in similar])
    known = [each for each in similar if each.movie_id in films]
    tell_total(response, len(known))
    return [
        SimilarMovie(
            movie_id=each.movie_id,
            title=films[each.movie_id].title,
            year=films[each.movie_id].year,
            similarity=each.score,
        )
        for each in known[offset : offset + limit]
    ]


@router.get("/movies/{movie_id}/figures", summary="Figures", responses=UNKNOWN_FILM)
def get_film_figures(movie_id: MovieId, services: ServicesDep) -> FilmFigures:
    """Return how people rate a film: how often each number of stars was given, and by year."""
    film_of(services.engine, movie_id)
    with services.engine.connect() as connection:
        given = statistics.counted(connection, movie_id)
    distribution, years = statistics.distribution(given), statistics.by_year(given)
    return FilmFigures(
        distribution=[StarsGiven.model_validate(row) for row in distribution.to_dict("records")],
        by_year=[YearOfRatings.model_validate(row) for row in years.to_dict("records")],
    )


def _movie(film: Movie) -> MovieOut:
    return MovieOut(
        movie_id=film.id,
        title=film.title,
        titles=dict(film.titles),
        year=film.year,
        minutes=film.minutes,
        age_rating=film.age_rating,
        genres=list(film.genres),
        ratings=film.ratings,
        likes=film.likes,
        mean=film.mean,
        links={name.lower(): address for name, address in film.links.items()},
    )
