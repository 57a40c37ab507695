"""Films by their titles in other regions and by the names of their people; and these people.

Every word of the query has to be a word of the title or name in its plain form, and the last one at
least the beginning of one. Unlike trigrams, this works in all scripts, whatever the database's
locale.
"""

from typing import NamedTuple

from sqlalchemy import Connection, text

MOST_FILMS = 200
"""How many films a query finds in this way, so that one of few letters isn't slow."""

_MOST_COMPARED = 1000  # of which the best known are found
_MOST_PEOPLE = 200

_LEAST_OF_A_TITLE = 3
_LEAST_OF_A_NAME = 4
"""The letters from which on a word may be the beginning of a longer one."""

_MOST_OF_A_WORD = 100  # as in the SQL function `plain_words`

_SELECT = """
WITH titled AS MATERIALIZED (
    SELECT movie_id, bool_or(plain_title = :plain) AS is_exact FROM movie_titles
    WHERE plain_words(plain_title) @@ CAST(:of_title AS tsquery)
    GROUP BY movie_id LIMIT :most_compared
), known AS MATERIALIZED (
    SELECT id FROM people WHERE plain_words(plain_name) @@ CAST(:of_name AS tsquery)
    LIMIT :most_people
), of_people AS MATERIALIZED (
    SELECT DISTINCT movie_id FROM movie_people WHERE person_id IN (SELECT id FROM known)
    LIMIT :most_compared
)
SELECT movie_id
FROM (
    SELECT movie_id, max(place) AS place
    FROM (
        SELECT movie_id, 1 + is_exact::int AS place FROM titled
        UNION ALL SELECT movie_id, 0 FROM of_people
    ) AS each GROUP BY movie_id
) AS found
WHERE CAST(:year AS int) IS NULL
    OR EXISTS (SELECT FROM movies WHERE movies.id = found.movie_id AND year = :year)
ORDER BY place DESC,
    (SELECT ratings FROM movie_stats WHERE movie_stats.movie_id = found.movie_id) DESC NULLS LAST,
    movie_id
LIMIT :most
"""

_PEOPLE = """
WITH known AS MATERIALIZED (
    SELECT id, name, plain_name FROM people
    WHERE plain_words(plain_name) @@ CAST(:of_name AS tsquery)
    LIMIT :most_people
)
SELECT known.id, known.name, count(DISTINCT movie_id) AS films
FROM known JOIN movie_people ON person_id = known.id LEFT JOIN movie_stats USING (movie_id)
GROUP BY known.id, known.name, known.plain_name
ORDER BY known.plain_name = :plain DESC, sum(ratings) DESC NULLS LAST, known.id
LIMIT :most
"""


class Named(NamedTuple):
    """A person who was found by name, and how many films here they took part in."""

    id: int
    name: str
    films: int


def people(connection: Connection, query: str, most: int) -> list[Named]:
    """Return at most so many people of this name, exact names first, then the best known."""
    plain = connection.scalar(text("SELECT plain_title(:query)"), {"query": query})
    if not plain:
        return []
    values = {
        "plain": plain,
        "of_name": words_query(plain, _LEAST_OF_A_NAME),
        "most_people": _MOST_PEOPLE,
        "most": most,
    }
    return [Named(*row) for row in connection.execute(text(_PEOPLE), values)]


def films(connection: Connection, plain: str, year: int | None = None) -> list[int]:
    """Return the ids of films with such a title in another region, then of such people.

    Parameters
    ----------
    connection : Connection
    plain : str
        A query in the form that the SQL function `plain_title` returns.
    year : int, optional
        Of the films.

    Returns
    -------
    list of int
        At most `MOST_FILMS`; exact titles first, then the best known.
    """
    if not plain:
        return []
    values = {
        "plain": plain,
        "of_title": words_query(plain, _LEAST_OF_A_TITLE),
        "of_name": words_query(plain, _LEAST_OF_A_NAME),
        "most": MOST_FILMS,
        "most_compared": _MOST_COMPARED,
        "most_people": _MOST_PEOPLE,
        "year": year,
    }
    return list(connection.scalars(text(_SELECT), values))


def words_query(plain: str, least: int = 1) -> str:
    """Return a `tsquery` for these words; the last may be the beginning of a longer one.

    Parameters
    ----------
    plain : str
        A query in the form that the SQL function `plain_title` returns; not empty.
    least : int
        The letters from which on it may be.

    Returns
    -------
    str
    """
    words = [word[:_MOST_OF_A_WORD] for word in plain.split()]
    is_beginning = ":*" if len(words[-1]) >= least else ""
    return " & ".join(f"'{word}'" for word in words) + is_beginning
