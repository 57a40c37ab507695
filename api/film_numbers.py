"""Look-up of films by the numbers in a request."""

from collections.abc import Collection, Mapping

from fastapi import HTTPException
from sqlalchemy import Engine

from api.validation import InvalidFieldsError
from db.queries import movies
from db.queries.movies import Movie

_MOST_SHOWN = 10


def film_of(engine: Engine, movie_id: int) -> Movie:
    """Return the film with this number; 404 if there is none."""
    with engine.connect() as connection:
        found = movies.by_ids(connection, [movie_id])
    if not found:
        raise HTTPException(404, f"There is no film with the number {movie_id}.")
    return found[0]


def check(engine: Engine, fields: Mapping[str, int | Collection[int]]) -> None:
    """Raise if a field contains a number that no film has.

    Parameters
    ----------
    engine : Engine
    fields : mapping of str to int or collection of int
        The number or numbers in each field, by field name.

    Raises
    ------
    InvalidFieldsError
        With the fields that contain unknown numbers.
    """
    numbers = {
        name: {given} if isinstance(given, int) else {*given} for name, given in fields.items()
    }
    everything = set().union(*numbers.values())
    if not everything:
        return
    with engine.connect() as connection:
        unknown = movies.unknown(connection, everything)
    if unknown:
        raise InvalidFieldsError(
            {name: _words(sorted(own & unknown)) for name, own in numbers.items() if own & unknown}
        )


def _words(unknown: list[int]) -> str:
    if len(unknown) == 1:
        return f"there is no film with the number {unknown[0]}"
    shown = ", ".join(map(str, unknown[:_MOST_SHOWN]))
    more = ", …" if len(unknown) > _MOST_SHOWN else ""
    return f"there are no films with the numbers {shown}{more}"
