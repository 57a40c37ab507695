"""Films: recommended, of a genre, searched, one by one; and my ratings of them."""

import math
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query, Response

from api.dependencies import App, Member, Visitor
from api.metrics import LISTS
from api.responses import (
    CHANGED_MEANWHILE,
    INVALID,
    NOT_LOGGED_IN,
    NOT_RATED,
    TOO_LARGE,
    UNKNOWN_FILM,
    UNKNOWN_GENRE,
)
from api.schemas import (
    Item,
    MovieOut,
    MoviePage,
    RatingIn,
    RatingOut,
    Ratings,
    ReasonOut,
    Recommendations,
    SimilarMovie,
    Text,
)
from db import movies, ratings
from db.movies import PAGE, Movie
from db.users import User
from recsys.genres import match_genre
from recsys.results import UnknownMovie
from startup import Application

router = APIRouter(tags=["films"])

Limit = Annotated[int, Query(ge=1, le=100, description="How many films.")]
Genre = Annotated[Text, Query(max_length=1000, description="In any spelling.", examples=["action"])]
MovieId = Annotated[int, Path(ge=1, le=2_147_483_647, examples=[318])]
Year = Annotated[int | None, Query(ge=1800, le=2200)]


@router.get("/give-rec", summary="Give Rec", responses=NOT_LOGGED_IN | INVALID)
def give_rec(user: Visitor, app: App, limit: Limit = 5) -> Recommendations:
    """Films for whoever asks: their own with a token, popular ones without."""
    return _give(app, user, None, limit)


@router.get(
    "/give-rec-genre",
    summary="Give Rec Genre",
    responses=NOT_LOGGED_IN | UNKNOWN_GENRE | INVALID,
)
def give_rec_genre(genre: Genre, user: Visitor, app: App, limit: Limit = 5) -> Recommendations:
    """The same, of one genre; an unknown one is answered with those there are."""
    return _give(app, user, genre, limit)


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
    query: Annotated[Text, Query(max_length=200, description="Part of a title.")] = "",
    genre: Annotated[Text | None, Query(max_length=1000)] = None,
    year_from: Year = None,
    year_to: Year = None,
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> MoviePage:
    """Films by title, genre and years, the most rated first, 20 a page."""
    if genre is not None:
        genre = match_genre(genre, app.recommender.genres())
    with app.engine.connect() as connection:
        found, total = movies.search(
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
    return _movie(_film(app, movie_id))


@router.get("/movies/{movie_id}/similar", summary="Similar films", responses=UNKNOWN_FILM | INVALID)
def similar(movie_id: MovieId, app: App, limit: Limit = 5) -> list[SimilarMovie]:
    """Films that the same people like; none before the first training."""
    _film(app, movie_id)
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


@router.get("/ratings", summary="My ratings", responses=NOT_LOGGED_IN)
def my_ratings(user: Member, app: App) -> Ratings:
    """What I have rated, oldest first."""
    with app.engine.connect() as connection:
        history = ratings.history(connection, user.id)
    return Ratings(
        items=[
            RatingOut(movie_id=row.movie_id, rating=row.rating, rated_at=row.rated_at)
            for row in history.itertuples(index=False)
        ]
    )


@router.put(
    "/ratings/{movie_id}",
    summary="Rate a film",
    responses=NOT_LOGGED_IN | UNKNOWN_FILM | CHANGED_MEANWHILE | TOO_LARGE | INVALID,
)
def rate(movie_id: MovieId, wish: RatingIn, user: Member, app: App) -> RatingOut:
    """Set my rating of a film; the next list knows it. The same again changes nothing."""
    _film(app, movie_id)
    with app.engine.begin() as connection:
        rated_at = ratings.put(connection, user.id, movie_id, wish.rating)
    return RatingOut(movie_id=movie_id, rating=wish.rating, rated_at=rated_at)


@router.delete(
    "/ratings/{movie_id}",
    status_code=204,
    summary="Take a rating back",
    responses=NOT_LOGGED_IN | NOT_RATED | INVALID,
)
def take_back(movie_id: MovieId, user: Member, app: App) -> Response:
    """Delete my rating of a film."""
    with app.engine.begin() as connection:
        if not ratings.delete(connection, user.id, movie_id):
            raise HTTPException(404, "You haven't rated this film.")
    return Response(status_code=204)


def _give(app: Application, user: User | None, genre: str | None, limit: int) -> Recommendations:
    served = app.recommender.give(user, genre=genre, limit=limit)
    LISTS.labels(served.kind).inc()
    asked = [item.movie_id for item in served.items]
    liked = [reason.movie_id for item in served.items for reason in item.reasons]
    with app.engine.connect() as connection:
        films = {film.id: film for film in movies.by_ids(connection, [*asked, *liked])}
    items = [
        Item(
            movie_id=film.id,
            title=film.title,
            year=film.year,
            genres=list(film.genres),
            score=each.score,
            reasons=[
                ReasonOut(movie_id=why.movie_id, title=films[why.movie_id].title, share=why.share)
                for why in each.reasons
                if why.movie_id in films
            ],
        )
        for each in served.items
        if (film := films.get(each.movie_id)) is not None
    ]
    return Recommendations(
        kind=served.kind, model_version=served.model_version, cached=served.cached, items=items
    )


def _film(app: Application, movie_id: int) -> Movie:
    with app.engine.connect() as connection:
        found = movies.by_ids(connection, [movie_id])
    if not found:
        raise HTTPException(404, f"There is no film with the number {movie_id}.")
    return found[0]


def _movie(film: Movie) -> MovieOut:
    links = {"movielens": f"https://movielens.org/movies/{film.id}"}
    if film.imdb_id is not None:
        links["imdb"] = f"https://www.imdb.com/title/tt{film.imdb_id:07d}/"
    if film.tmdb_id is not None:
        links["tmdb"] = f"https://www.themoviedb.org/movie/{film.tmdb_id}"
    return MovieOut(
        movie_id=film.id,
        title=film.title,
        year=film.year,
        genres=list(film.genres),
        ratings=film.ratings,
        likes=film.likes,
        mean=film.mean,
        links=links,
    )
