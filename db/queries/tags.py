"""Tags that users have given films."""

from typing import NamedTuple

from sqlalchemy import Connection, text


class Tag(NamedTuple):
    """A tag of a film, and the number of users who gave it."""

    name: str
    people: int


def of_film(connection: Connection, movie_id: int, most: int | None = None) -> list[Tag]:
    """Return a film's tags, at most `most` of them, those given by most users first."""
    rows = connection.execute(
        text(
            "SELECT name, people FROM movie_tags JOIN tags ON tags.id = tag_id "
            "WHERE movie_id = :movie_id ORDER BY people DESC, folded LIMIT :most"
        ),
        {"movie_id": movie_id, "most": most},
    )
    return [Tag(*row) for row in rows]
