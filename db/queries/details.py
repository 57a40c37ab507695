"""What is known of films beyond their titles, years and genres."""

from typing import Literal, NamedTuple, TypeAlias, get_args

from sqlalchemy import Connection, text

Role: TypeAlias = Literal["director", "writer", "cast"]
"""What a person has to do with a film."""


class Person(NamedTuple):
    """Somebody who took part in a film; `id` is IMDb's number."""

    id: int
    name: str

    @property
    def links(self) -> dict[str, str]:
        """The person's pages on other sites, by the site's name."""
        return {"IMDb": f"https://www.imdb.com/name/nm{self.id:07d}/"}


class Details(NamedTuple):
    """A film's original title, and its people, the most important first."""

    original_title: str | None = None
    directors: tuple[Person, ...] = ()
    writers: tuple[Person, ...] = ()
    cast: tuple[Person, ...] = ()


def of_film(connection: Connection, movie_id: int) -> Details:
    """Return a film's details; empty ones if nothing is known."""
    values = {"movie_id": movie_id}
    original = connection.scalar(
        text("SELECT original_title FROM movie_details WHERE movie_id = :movie_id"), values
    )
    found = connection.execute(
        text(
            "SELECT role, id, name FROM movie_people JOIN people ON people.id = person_id"
            " WHERE movie_id = :movie_id ORDER BY position"
        ),
        values,
    )
    people: dict[Role, list[Person]] = {"director": [], "writer": [], "cast": []}
    for role, person_id, name in found:
        people[role].append(Person(person_id, name))
    return Details(
        original,
        tuple(people["director"]),
        tuple(people["writer"]),
        tuple(people["cast"]),
    )


def person(connection: Connection, person_id: int) -> Person | None:
    """Return the person with this id, if one took part in a film of the data set."""
    row = connection.execute(
        text(
            "SELECT id, name FROM people WHERE id = :person_id"
            " AND EXISTS (SELECT FROM movie_people WHERE person_id = people.id)"
        ),
        {"person_id": person_id},
    ).one_or_none()
    return None if row is None else Person(*row)


def films_of(connection: Connection, person_id: int) -> dict[int, list[Role]]:
    """Return the ids of a person's films, each with what the person did in it."""
    rows = connection.execute(
        text(
            "SELECT movie_id, array_agg(role) FROM movie_people"
            " WHERE person_id = :person_id GROUP BY movie_id ORDER BY movie_id"
        ),
        {"person_id": person_id},
    )
    return {
        movie_id: [each for each in get_args(Role) if each in roles] for movie_id, roles in rows
    }


def are_from_imdb(connection: Connection) -> bool:
    """Return whether details of any film are from IMDb's files."""
    return bool(
        connection.scalar(
            text("SELECT EXISTS (SELECT FROM movie_details WHERE imdb_number IS NOT NULL)")
        )
    )
