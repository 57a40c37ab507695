"""My ratings and marks: read, set, taken back; what they say about me; as a file."""

from fastapi import APIRouter, HTTPException, Response

from accounts.exporting import as_csv
from api.dependencies import App, Member
from api.responses import (
    ALREADY_RATED,
    CHANGED_MEANWHILE,
    INVALID,
    NOT_LOGGED_IN,
    NOT_MARKED,
    NOT_RATED,
    TOO_LARGE,
    UNKNOWN_FILM,
)
from api.routes.films import MovieId, film_of
from api.schemas.opinions import (
    Disagreement,
    GenreTaste,
    MarkIn,
    MarkOut,
    Portrait,
    RatingIn,
    RatingOut,
    Ratings,
    StarsShare,
)
from db import marks, portrait, ratings
from db.marks import AlreadyRatedError

router = APIRouter(tags=["my films"])


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


@router.get(
    "/ratings.csv",
    summary="My ratings as a file",
    response_class=Response,
    responses=NOT_LOGGED_IN
    | {200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "CSV."}},
)
def my_ratings_as_csv(user: Member, app: App) -> Response:
    """What I have rated, in MovieLens' columns, fit to be imported again."""
    with app.engine.connect() as connection:
        films = portrait.films(connection, ratings.history(connection, user.id))
    name = "five-films-ratings.csv"
    return Response(
        as_csv(films),
        media_type="text/csv",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


@router.get("/portrait", summary="What my ratings say", responses=NOT_LOGGED_IN)
def my_portrait(user: Member, app: App) -> Portrait:
    """My taste beside everybody's."""
    with app.engine.connect() as connection:
        films = portrait.films(connection, ratings.history(connection, user.id))
        distribution = portrait.distribution(connection, films)
        genres = portrait.genres(connection, films)
    apart = portrait.disagreements(films)
    return Portrait(
        distribution=[StarsShare.model_validate(row) for row in distribution.to_dict("records")],
        genres=[GenreTaste.model_validate(row) for row in genres.to_dict("records")],
        disagreements=[
            Disagreement.model_validate(row)
            for row in apart[["movie_id", "title", "rating", "mean", "difference"]].to_dict(
                "records"
            )
        ],
    )


@router.put(
    "/ratings/{movie_id}",
    summary="Rate a film",
    responses=NOT_LOGGED_IN | UNKNOWN_FILM | CHANGED_MEANWHILE | TOO_LARGE | INVALID,
)
def rate(movie_id: MovieId, wish: RatingIn, user: Member, app: App) -> RatingOut:
    """Set my rating of a film; the next list knows it. The same again changes nothing."""
    film_of(app, movie_id)
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


@router.get("/marks", summary="My marks", responses=NOT_LOGGED_IN)
def my_marks(user: Member, app: App) -> list[MarkOut]:
    """Films I am not interested in, have seen, or want to watch later; the newest first."""
    with app.engine.connect() as connection:
        marked = marks.of_user(connection, user.id)
    return [MarkOut.model_validate(row) for row in marked.to_dict("records")]


@router.put(
    "/marks/{movie_id}",
    status_code=204,
    summary="Mark a film",
    responses=NOT_LOGGED_IN | UNKNOWN_FILM | ALREADY_RATED | TOO_LARGE | INVALID,
)
def mark(movie_id: MovieId, wish: MarkIn, user: Member, app: App) -> Response:
    """Say that a film is not for me, seen, or for later: it isn't recommended any more."""
    film_of(app, movie_id)
    try:
        with app.engine.begin() as connection:
            marks.put(connection, user.id, movie_id, wish.mark)
    except AlreadyRatedError as error:
        raise HTTPException(409, str(error)) from None
    return Response(status_code=204)


@router.delete(
    "/marks/{movie_id}",
    status_code=204,
    summary="Take a mark back",
    responses=NOT_LOGGED_IN | NOT_MARKED | INVALID,
)
def unmark(movie_id: MovieId, user: Member, app: App) -> Response:
    """Delete my mark on a film."""
    with app.engine.begin() as connection:
        if not marks.delete(connection, user.id, movie_id):
            raise HTTPException(404, "You haven't marked this film.")
    return Response(status_code=204)
