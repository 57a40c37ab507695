"""What somebody has rated and marked, for accounts and guests alike."""

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import Engine

from db.connection.engine import for_reading
from db.queries import histories, marks
from db.queries.histories import History
from db.queries.users import User
from recsys.serving.cache import Revision
from recsys.serving.filters import Filters
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


def stored_filters(
    user: User | None, guest_ratings: GuestRatings, available: Collection[str]
) -> Filters:
    """Return the filters that the account or the visitor has stored.

    Parameters
    ----------
    user : User or None
    guest_ratings : GuestRatings
        Ignored for a user.
    available : collection of str
        The genres that exist; others, of films that were loaded before, are ignored.

    Returns
    -------
    Filters
    """
    stored = guest_ratings.filters if user is None else Filters.stored_by(user)
    return replace(stored, not_genres=tuple(sorted({*stored.not_genres} & {*available})))


def cache_key(
    user: User | None, guest_ratings: GuestRatings, filters: Filters, stored: Filters
) -> tuple[str, Revision] | None:
    """Return the person's cache key, and a revision that changes with their list.

    Otherwise anyone could fill Redis with lists, so a person has one list of each style and genre:
    of all other films, or without the genres that they have stored.

    Parameters
    ----------
    user : User or None
    guest_ratings : GuestRatings
        Ignored for a user.
    filters : Filters
        Those of the list.
    stored : Filters
        Those that the person has stored.

    Returns
    -------
    tuple of str and Revision, or None
        None if the list isn't cached.
    """
    left_out = filters.not_genres
    if not filters.is_common or left_out not in ((), stored.not_genres):
        return None
    revision: Revision
    if user is not None:
        person, revision = str(user.id), user.ratings_revision
    elif guest_ratings.is_empty and not left_out:
        return "stranger", 0
    elif guest_ratings.guest is not None:
        person, revision = guest_ratings.guest, guest_ratings.revision
    else:
        return None  # a hypothetical person
    return person, f"{revision} without {','.join(left_out)}" if left_out else revision
