"""Films: searched, one by one, what is like them and what people think of them."""

import math
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query

from api.dependencies import App
from api.responses import INVALID, UNKNOWN_FILM, UNKNOWN_GENRE
from api.schemas.fields import Text
from api.schemas.films import (
    FilmFigures,
    MovieOut,
    MoviePage,
    SimilarMovie,
    StarsGiven,
    YearOfRatings,
)
from db import film as figures
from db import movies
from db.movies import Movie
from db.search import PAGE
from db.search import search as search_films
from recsys.genres import match_genre
from recsys.results import UnknownMovie
from startup import Application

router = APIRouter(tags=["films"])

Limit = Annotated[int, Query(ge=1, le=100, description="How many films.")]
MovieId = Annotated[int, Path(ge=1, le=2_147_483_647, examples=[318])]
Year = Annotated[int | None, Query(ge=1800, le=2200)]


@router.get("/genres", summary="Genres")
def genres(app: App) -> list[str]:
    """The genres that can be asked for."""
    return app.recommender.genres()


@router.get(
    "/movies",
    summary="Search films",
    responses=UNKNOWN_GENRE | INVALID,
)
def search(
    app: App,
    query: Annotated[Text, Query(max_length=200, description="A title, or part of one.")] = "",
    genre: Annotated[Text | None, Query(max_length=1000)] = None,
    year_from: Year = None,
    year_to: Year = None,
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> MoviePage:
    """Films by title, genre and years, 20 a page: the likeliest, or else the most rated first.

    Titles are found whatever their case, accents and articles, and in spite of typing errors.
    """
    if genre is not None:
        genre = match_genre(genre, app.recommender.genres())
    with app.engine.connect() as connection:
        found, total = search_films(
            connection, query=query, genre=genre, year_from=year_from, year_to=year_to, page=page
        )
    return MoviePage(
        items=[_movie(film) for film in found],
        page=page,
        pages=math.ceil(total / PAGE),
        total=total,
    )


@router.get("/movies/{movie_id}", summary="One film", responses=UNKNOWN_FILM | INVALID)
def movie(movie_id: MovieId, app: App) -> MovieOut:
    """A film's facts."""
    return _movie(film_of(app, movie_id))


@router.get("/movies/{movie_id}/similar", summary="Similar films", responses=UNKNOWN_FILM | INVALID)
def similar(movie_id: MovieId, app: App, limit: Limit = 5) -> list[SimilarMovie]:
    """Films that the same people like; none before the first training."""
    film_of(app, movie_id)
    try:
        alike = app.recommender.similar(movie_id, limit)
    except UnknownMovie:
        return []
    with app.engine.connect() as connection:
        films = {film.id: film for film in movies.by_ids(connection, [i.movie_id for i in alike])}
    return [
        SimilarMovie(movie_id=film.id, title=film.title, year=film.year, similarity=each.score)
        for each in alike
        if (film := films.get(each.movie_id)) is not None
    ]


@router.get("/movies/{movie_id}/figures", summary="Figures", responses=UNKNOWN_FILM | INVALID)
def figures_of(movie_id: MovieId, app: App) -> FilmFigures:
    """How people rate a film: how often each number of stars was given, and by year."""
    film_of(app, movie_id)
    with app.engine.connect() as connection:
        given = figures.counted(connection, movie_id)
    distribution, years = figures.distribution(given), figures.by_year(given)
    return FilmFigures(
        distribution=[StarsGiven.model_validate(row) for row in distribution.to_dict("records")],
        by_year=[YearOfRatings.model_validate(row) for row in years.to_dict("records")],
    )


def film_of(app: Application, movie_id: int) -> Movie:
    """The film with this number; 404 where there is none."""
    with app.engine.connect() as connection:
        found = movies.by_ids(connection, [movie_id])
    if not found:
        raise HTTPException(404, f"There is no film with the number {movie_id}.")
    return found[0]


def _movie(film: Movie) -> MovieOut:
    return MovieOut(
        movie_id=film.id,
        title=film.title,
        year=film.year,
        genres=list(film.genres),
        ratings=film.ratings,
        likes=film.likes,
        mean=film.mean,
        links={name.lower(): address for name, address in film.links.items()},
    )
