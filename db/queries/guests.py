"""Ratings and marks of guests, by the hash of the secret in their browser's cookie."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, text

from db.queries.marks import Mark
from db.queries.movies import AgeRating

DAYS = 30
"""How long a guest's ratings are stored after the last of them."""

_OLD = "touched_at < now() - make_interval(days => :days)"
_BATCH = 100


class GuestRating(NamedTuple):
    """A guest's rating of a film, in half-stars from 0.5 to 5, or their mark on it."""

    movie_id: int
    opinion: float | Mark
    rated_at: datetime


class Guest(NamedTuple):
    """A guest's ratings and marks, oldest first, the style and the filters of their lists.

    `country` is where they watch films.
    """

    ratings: list[GuestRating]
    style: str | None
    not_genres: tuple[str, ...] = ()
    max_minutes: int | None = None
    max_age_rating: AgeRating | None = None
    country: str | None = None


NOBODY = Guest([], None)
"""What `get` returns for a visitor who has rated nothing."""


def touch(connection: Connection, visitor_hash: bytes) -> None:
    """Create a visitor's guest record, or keep it for another `DAYS`.

    Other transactions that touch the same guest wait until this one ends. Expired guests are
    deleted too.
    """
    connection.execute(
        text(
            "DELETE FROM guests WHERE visitor_hash IN ("
            f"SELECT visitor_hash FROM guests WHERE {_OLD} "
            f"ORDER BY visitor_hash <> :who, touched_at LIMIT {_BATCH} "
            "FOR UPDATE SKIP LOCKED)"
        ),
        {"who": visitor_hash, "days": DAYS},
    )
    connection.execute(
        text(
            "INSERT INTO guests (visitor_hash) VALUES (:who) "
            "ON CONFLICT (visitor_hash) DO UPDATE SET touched_at = now()"
        ),
        {"who": visitor_hash},
    )


def get(connection: Connection, visitor_hash: bytes) -> Guest:
    """Return what a guest has stored; `NOBODY` if there is none or it has expired."""
    rows = connection.execute(
        text(
            "SELECT style, not_genres, max_minutes, max_age_rating, country, "
            "movie_id, rating::float8, mark, rated_at "
            "FROM guests LEFT JOIN guest_ratings USING (visitor_hash) "
            f"WHERE visitor_hash = :who AND NOT {_OLD} ORDER BY rated_at, movie_id"
        ),
        {"who": visitor_hash, "days": DAYS},
    ).all()
    ratings = [
        GuestRating(row.movie_id, row.rating if row.mark is None else row.mark, row.rated_at)
        for row in rows
        if row.movie_id is not None  # a guest who has only chosen a style or filters
    ]
    if not rows:
        return NOBODY
    first = rows[0]
    filters = tuple(first.not_genres), first.max_minutes, first.max_age_rating
    return Guest(ratings, first.style, *filters, first.country)


def opinion_on(connection: Connection, visitor_hash: bytes, movie_id: int) -> float | Mark | None:
    """Return a guest's rating of a film or mark on it; None if there is neither."""
    row = connection.execute(
        text(
            "SELECT rating::float8, mark FROM guest_ratings "
            "WHERE visitor_hash = :who AND movie_id = :movie_id"
        ),
        {"who": visitor_hash, "movie_id": movie_id},
    ).one_or_none()
    if row is None:
        return None
    opinion: float | Mark = row.rating if row.mark is None else row.mark
    return opinion


def count(connection: Connection, visitor_hash: bytes) -> int:
    """Count the films that a guest has rated or marked."""
    return int(
        connection.scalar(
            text("SELECT count(*) FROM guest_ratings WHERE visitor_hash = :who"),
            {"who": visitor_hash},
        )
        or 0
    )


def put(connection: Connection, visitor_hash: bytes, movie_id: int, opinion: float | Mark) -> None:
    """Set a guest's rating or mark, after `touch`.

    It becomes the guest's newest, even if the clock has been set back.
    """
    rating, mark = (None, opinion) if isinstance(opinion, str) else (opinion, None)
    connection.execute(
        text(
            "INSERT INTO guest_ratings (visitor_hash, movie_id, rating, mark, rated_at) "
            "SELECT :who, :movie_id, :rating, :mark, "
            "greatest(clock_timestamp(), max(rated_at) + interval '1 us') "
            "FROM guest_ratings WHERE visitor_hash = :who "
            "ON CONFLICT (visitor_hash, movie_id) DO UPDATE SET rating = excluded.rating, "
            "mark = excluded.mark, rated_at = excluded.rated_at"
        ),
        {"who": visitor_hash, "movie_id": movie_id, "rating": rating, "mark": mark},
    )


def put_many(
    connection: Connection, visitor_hash: bytes, rated: Mapping[int, tuple[float, datetime]]
) -> None:
    """Set ratings by film, each with its time, after `touch`.

    Films that are not in the database are skipped.
    """
    connection.execute(
        text(
            "INSERT INTO guest_ratings (visitor_hash, movie_id, rating, rated_at) "
            "SELECT :who, movie_id, new.rating, new.rated_at "
            "FROM unnest(CAST(:movies AS int[]), CAST(:ratings AS real[]), "
            "CAST(:times AS timestamptz[])) AS new (movie_id, rating, rated_at) "
            "JOIN movies ON movies.id = new.movie_id "
            "ON CONFLICT (visitor_hash, movie_id) DO UPDATE SET rating = excluded.rating, "
            "mark = NULL, rated_at = excluded.rated_at"
        ),
        {
            "who": visitor_hash,
            "movies": list(rated),
            "ratings": [rating for rating, _ in rated.values()],
            "times": [when for _, when in rated.values()],
        },
    )


def mark_missing(connection: Connection, visitor_hash: bytes, marked: Mapping[int, Mark]) -> int:
    """Mark films that are neither rated nor marked, after `touch`, and return how many.

    Films that are not in the database are skipped.
    """
    return connection.execute(
        text(
            "INSERT INTO guest_ratings (visitor_hash, movie_id, mark, rated_at) "
            "SELECT :who, new.movie_id, new.mark, clock_timestamp() "
            "FROM unnest(CAST(:movies AS int[]), CAST(:marks AS text[])) AS new (movie_id, mark) "
            "JOIN movies ON movies.id = new.movie_id ON CONFLICT DO NOTHING"
        ),
        {"who": visitor_hash, "movies": list(marked), "marks": list(marked.values())},
    ).rowcount


def delete(connection: Connection, visitor_hash: bytes, movie_id: int) -> None:
    """Remove a rating or a mark."""
    connection.execute(
        text("DELETE FROM guest_ratings WHERE visitor_hash = :who AND movie_id = :movie_id"),
        {"who": visitor_hash, "movie_id": movie_id},
    )


def set_style(connection: Connection, visitor_hash: bytes, style: str) -> None:
    """Set the style of a guest's lists, after `touch`."""
    connection.execute(
        text("UPDATE guests SET style = :style WHERE visitor_hash = :who"),
        {"who": visitor_hash, "style": style},
    )


def set_filters(
    connection: Connection,
    visitor_hash: bytes,
    not_genres: Sequence[str],
    max_minutes: int | None,
    max_age_rating: AgeRating | None,
) -> None:
    """Store filters of a guest's lists, after `touch`."""
    connection.execute(
        text(
            "UPDATE guests SET not_genres = :genres, max_minutes = :minutes, "
            "max_age_rating = :age_rating WHERE visitor_hash = :who"
        ),
        {
            "who": visitor_hash,
            "genres": list(not_genres),
            "minutes": max_minutes,
            "age_rating": max_age_rating,
        },
    )


def set_country(connection: Connection, visitor_hash: bytes, country: str) -> None:
    """Store the country in which a guest watches films, after `touch`."""
    connection.execute(
        text("UPDATE guests SET country = :country WHERE visitor_hash = :who"),
        {"who": visitor_hash, "country": country},
    )


def forget(connection: Connection, visitor_hash: bytes) -> None:
    """Delete a guest with their ratings and marks."""
    connection.execute(text("DELETE FROM guests WHERE visitor_hash = :who"), {"who": visitor_hash})
