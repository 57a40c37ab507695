"""Films by their titles in other regions, and by the names of their people.

Every word of the query has to be a word of the title or name in its plain form, and the last one at
least the beginning of one. Unlike trigrams, this works in all scripts, whatever the database's
locale.
"""

from sqlalchemy import Connection, text

MOST_FILMS = 2000
"""How many films a query finds in this way, so that one of few letters isn't slow."""

_MOST_PEOPLE = 200

_LEAST_OF_A_TITLE = 3
_LEAST_OF_A_NAME = 4
"""The letters from which on a word may be the beginning of a longer one."""

_SELECT = """
WITH titled AS MATERIALIZED (
    SELECT movie_id, bool_or(plain_title = :plain) AS is_exact FROM movie_titles
    WHERE plain_words(plain_title) @@ CAST(:of_title AS tsquery) GROUP BY movie_id LIMIT :most
), known AS MATERIALIZED (
    SELECT id FROM people WHERE plain_words(plain_name) @@ CAST(:of_name AS tsquery)
    LIMIT :most_people
), of_people AS MATERIALIZED (
    SELECT DISTINCT movie_id FROM movie_people WHERE person_id IN (SELECT id FROM known)
    LIMIT :most
)
SELECT movie_id
FROM (
    SELECT movie_id, 1 + is_exact::int AS place FROM titled
    UNION ALL SELECT movie_id, 0 FROM of_people
) AS found JOIN movies ON movies.id = movie_id LEFT JOIN movie_stats USING (movie_id)
WHERE CAST(:year AS int) IS NULL OR year = :year
GROUP BY movie_id ORDER BY max(place) DESC, max(coalesce(ratings, 0)) DESC, movie_id
"""


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
        At most `MOST_FILMS` of each kind; exact titles first, then the best known.
    """
    words = plain.split()
    if not words:
        return []
    values = {
        "plain": plain,
        "of_title": _query(words, _LEAST_OF_A_TITLE),
        "of_name": _query(words, _LEAST_OF_A_NAME),
        "most": MOST_FILMS,
        "most_people": _MOST_PEOPLE,
        "year": year,
    }
    return list(connection.scalars(text(_SELECT), values))


def _query(words: list[str], least: int) -> str:
    is_beginning = ":*" if len(words[-1]) >= least else ""
    return " & ".join(f"'{word}'" for word in words) + is_beginning
