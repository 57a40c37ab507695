"""What is known of films beyond their titles, years and genres."""

from typing import NamedTuple

from sqlalchemy import Connection, text


class Details(NamedTuple):
    """A film's original title, and the names of its people, the most important first.

    `is_from_imdb` tells whether any of it is from IMDb's files.
    """

    original_title: str | None = None
    directors: tuple[str, ...] = ()
    writers: tuple[str, ...] = ()
    cast: tuple[str, ...] = ()
    is_from_imdb: bool = False


def of_film(connection: Connection, movie_id: int) -> Details:
    """Return a film's details; empty ones if nothing is known."""
    row = connection.execute(
        text(
            "SELECT original_title, imdb_number IS NOT NULL AS is_from_imdb"
            " FROM movie_details WHERE movie_id = :movie_id"
        ),
        {"movie_id": movie_id},
    ).one_or_none()
    if row is None:
        return Details()
    people = connection.execute(
        text(
            "SELECT role, array_agg(name ORDER BY position) AS names"
            " FROM movie_people JOIN people ON people.id = person_id"
            " WHERE movie_id = :movie_id GROUP BY role"
        ),
        {"movie_id": movie_id},
    )
    names = {role: tuple(found) for role, found in people}
    return Details(
        row.original_title,
        names.get("director", ()),
        names.get("writer", ()),
        names.get("cast", ()),
        row.is_from_imdb,
    )


def are_from_imdb(connection: Connection) -> bool:
    """Return whether details of any film are from IMDb's files."""
    return bool(
        connection.scalar(
            text("SELECT EXISTS (SELECT FROM movie_details WHERE imdb_number IS NOT NULL)")
        )
    )
