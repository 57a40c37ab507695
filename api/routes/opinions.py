"""Endpoints for my ratings and marks: list, set and delete them, download, taste portrait."""

from typing import Annotated, Any

import pandas as pd
from fastapi import APIRouter, HTTPException, Query, Response

from accounts.exporting import Form, write
from api.dependencies import CurrentUser, Rater, ServicesDep
from api.film_numbers import film_of
from api.paging import TOTAL, Paged, tell_total
from api.parameters import MovieId
from api.responses import (
    ALREADY_RATED,
    CHANGED_MEANWHILE,
    NOT_LOGGED_IN,
    NOT_MARKED,
    NOT_RATED,
    TOO_LARGE,
    TOO_OFTEN,
    UNKNOWN_FILM,
)
from api.schemas.opinions import (
    Disagreement,
    GenreTaste,
    MarkedFilm,
    MarkIn,
    Portrait,
    RatedFilm,
    RatingIn,
    RatingOut,
    Ratings,
    StarsShare,
)
from api.validation import StrictRoute
from db.queries import histories, marks, portrait, ratings
from db.queries.marks import AlreadyRatedError
from recsys.serving.recommender import Recommender

router = APIRouter(tags=["my films"], route_class=StrictRoute)


@router.get("/ratings", summary="My ratings", responses=NOT_LOGGED_IN)
def list_ratings(user: CurrentUser, services: ServicesDep, page: Paged) -> Ratings:
    """List my ratings, oldest first."""
    with services.engine.connect() as connection:
        history = histories.frame(connection, user.id)
    rows = _titled(services.recommender, history)
    return Ratings(total=len(rows), items=[RatedFilm.model_validate(row) for row in page.of(rows)])


@router.get(
    "/ratings.csv",
    summary="My ratings as a file",
    response_class=Response,
    responses=NOT_LOGGED_IN
    | {200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "CSV."}},
)
def download_ratings(
    user: CurrentUser,
    services: ServicesDep,
    form: Annotated[
        Form,
        Query(description="The format of the columns; Letterboxd can import its own."),
    ] = "movielens",
) -> Response:
    """Download my ratings in MovieLens' or Letterboxd's columns, ready to be imported again."""
    with services.engine.connect() as connection:
        file = write(connection, histories.frame(connection, user.id), form)
    name = "five-films-ratings.csv"
    return Response(
        file,
        media_type="text/csv",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


@router.get("/portrait", summary="What my ratings say", responses=NOT_LOGGED_IN)
def get_portrait(user: CurrentUser, services: ServicesDep) -> Portrait:
    """Compare my taste with everybody's."""
    with services.engine.connect() as connection:
        films = portrait.films(connection, histories.frame(connection, user.id))
        distribution = portrait.distribution(connection, films)
        genres = portrait.genres(connection, films)
    disagreements = portrait.disagreements(films)
    return Portrait(
        distribution=[StarsShare.model_validate(row) for row in distribution.to_dict("records")],
        genres=[GenreTaste.model_validate(row) for row in genres.to_dict("records")],
        disagreements=[
            Disagreement.model_validate(row)
            for row in disagreements[["movie_id", "title", "rating", "mean", "difference"]].to_dict(
                "records"
            )
        ],
    )


@router.put(
    "/ratings/{movie_id}",
    summary="Rate a film",
    responses=NOT_LOGGED_IN | TOO_OFTEN | UNKNOWN_FILM | CHANGED_MEANWHILE | TOO_LARGE,
)
def rate_film(
    movie_id: MovieId, payload: RatingIn, user: Rater, services: ServicesDep
) -> RatingOut:
    """Set my rating of a film; the next list reflects it. Repeating it changes nothing."""
    film_of(services.engine, movie_id)
    with services.engine.begin() as connection:
        rated_at = ratings.put(connection, user.id, movie_id, payload.rating)
    return RatingOut(movie_id=movie_id, rating=payload.rating, rated_at=rated_at)


@router.delete(
    "/ratings/{movie_id}",
    status_code=204,
    summary="Take a rating back",
    responses=NOT_LOGGED_IN | TOO_OFTEN | NOT_RATED,
)
def delete_rating(movie_id: MovieId, user: Rater, services: ServicesDep) -> Response:
    """Delete my rating of a film."""
    with services.engine.begin() as connection:
        if not ratings.delete(connection, user.id, movie_id):
            raise HTTPException(404, "You haven't rated this film.")
    return Response(status_code=204)


@router.get("/marks", summary="My marks", responses=NOT_LOGGED_IN | TOTAL)
def list_marks(
    user: CurrentUser, services: ServicesDep, page: Paged, response: Response
) -> list[MarkedFilm]:
    """List films I am not interested in, have seen, or want to watch later; newest first."""
    with services.engine.connect() as connection:
        marked = marks.of_user(connection, user.id)
    rows = _titled(services.recommender, marked)
    tell_total(response, len(rows))
    return [MarkedFilm.model_validate(row) for row in page.of(rows)]


@router.put(
    "/marks/{movie_id}",
    status_code=204,
    summary="Mark a film",
    responses=NOT_LOGGED_IN | TOO_OFTEN | UNKNOWN_FILM | ALREADY_RATED | TOO_LARGE,
)
def mark_film(movie_id: MovieId, payload: MarkIn, user: Rater, services: ServicesDep) -> Response:
    """Mark a film as not interesting, seen, or to watch later: it is no longer recommended."""
    film_of(services.engine, movie_id)
    try:
        with services.engine.begin() as connection:
            marks.put(connection, user.id, movie_id, payload.mark)
    except AlreadyRatedError as error:
        raise HTTPException(409, str(error)) from None
    return Response(status_code=204)


@router.delete(
    "/marks/{movie_id}",
    status_code=204,
    summary="Take a mark back",
    responses=NOT_LOGGED_IN | TOO_OFTEN | NOT_MARKED,
)
def delete_mark(movie_id: MovieId, user: Rater, services: ServicesDep) -> Response:
    """Delete my mark on a film."""
    with services.engine.begin() as connection:
        if not marks.delete(connection, user.id, movie_id):
            raise HTTPException(404, "You haven't marked this film.")
    return Response(status_code=204)


def _titled(recommender: Recommender, opinions: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows with their films' titles and years; rows have a movie_id."""
    films = recommender.films(opinions["movie_id"].tolist())
    rows: list[dict[Any, Any]] = opinions.to_dict("records")
    return [
        {**row, "title": film.title, "year": film.year}
        for row in rows
        if (film := films.get(row["movie_id"])) is not None
    ]
