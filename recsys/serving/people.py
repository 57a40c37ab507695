"""What somebody has rated and marked, for accounts and guests alike."""

from sqlalchemy import Engine

from db.connection.engine import for_reading
from db.queries import histories, marks
from db.queries.histories import History
from db.queries.users import User
from recsys.serving.cache import Revision
from recsys.serving.guests import GuestRatings


def history(engine: Engine, user: User | None, guest_ratings: GuestRatings) -> History:
    """Return the ratings and marks of a user, or of a guest if there is no user."""
    if user is None:
        return guest_ratings.as_history
    with for_reading(engine).connect() as connection:
        return histories.get(connection, user.id)


def answered(
    engine: Engine, user: User | None, guest_ratings: GuestRatings, movie_ids: list[int]
) -> tuple[bool, set[int]]:
    """Return whether the person has ratings, and which of these films have a rating or mark.

    The films are those of a cached list, which lacks what was rated and marked when `user` was
    read: only those that got a rating or mark since then are found.
    """
    if user is None:
        return not guest_ratings.history.empty, set()
    with for_reading(engine).connect() as connection:
        return marks.answered(connection, user.id, movie_ids)


def cache_key(user: User | None, guest_ratings: GuestRatings) -> tuple[str, Revision] | None:
    """Return the person's cache key and ratings revision; None for a hypothetical person."""
    if user is not None:
        return str(user.id), user.ratings_revision
    if guest_ratings.is_empty:
        return "stranger", 0
    return None if guest_ratings.guest is None else (guest_ratings.guest, guest_ratings.revision)
