"""Merge of IMDb's details from the temporary tables into the database."""

from sqlalchemy import Connection, text

from db.details.report import Changes, Coverage

MOST_OF_A_ROLE = 10
"""How many directors, writers and members of the cast of a film are stored, the first ones."""

_LOOKED_UP = (
    "ANALYZE wanted_details",
    "ANALYZE incoming_titles",
    "ANALYZE incoming_people",
    "ANALYZE incoming_names",
)

# People and titles of films that were matched with something else before.
_FORGET_OTHERS = """
DELETE FROM {table} USING movie_details AS old LEFT JOIN wanted_details AS new USING (movie_id)
WHERE {table}.movie_id = old.movie_id AND old.imdb_number IS NOT NULL
    AND new.imdb_number IS DISTINCT FROM old.imdb_number
"""

_FORGET_FILMS = """
UPDATE movie_details AS old SET imdb_number = NULL, imdb_minutes = NULL, original_title = NULL
WHERE imdb_number IS NOT NULL
    AND NOT EXISTS (SELECT FROM wanted_details AS new WHERE new.movie_id = old.movie_id)
"""

_STORE_FILMS = """
INSERT INTO movie_details AS old (movie_id, imdb_number, imdb_minutes, original_title)
SELECT movie_id, imdb_number, minutes, original_title FROM wanted_details ORDER BY movie_id
ON CONFLICT (movie_id) DO UPDATE SET imdb_number = excluded.imdb_number,
    imdb_minutes = excluded.imdb_minutes, original_title = excluded.original_title
WHERE (old.imdb_number, old.imdb_minutes, old.original_title)
    IS DISTINCT FROM (excluded.imdb_number, excluded.imdb_minutes, excluded.original_title)
"""

_WANT_ROLES = """
CREATE TEMPORARY TABLE wanted_roles ON COMMIT DROP AS
SELECT movie_id, role, position::smallint AS position, person_id FROM (
    SELECT movie_id, role, person_id,
           row_number() OVER (
               PARTITION BY movie_id, role ORDER BY min(place), person_id) AS position
    FROM incoming_people JOIN wanted_details USING (imdb_number)
    WHERE EXISTS (SELECT FROM incoming_names WHERE incoming_names.id = person_id)
    GROUP BY movie_id, role, person_id
) AS ranked WHERE position <= :most
"""

_STORE_PEOPLE = """
INSERT INTO people AS old (id, name)
SELECT DISTINCT ON (id) id, name FROM incoming_names
WHERE EXISTS (SELECT FROM wanted_roles WHERE person_id = id) ORDER BY id, name
ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE old.name <> excluded.name
"""

_REMOVE_ROLES = """
DELETE FROM movie_people AS old
WHERE role = ANY (:roles) AND NOT EXISTS (
    SELECT FROM wanted_roles AS new
    WHERE (new.movie_id, new.role, new.position, new.person_id)
        = (old.movie_id, old.role, old.position, old.person_id)
)
"""

_ADD_ROLES = """
INSERT INTO movie_people (movie_id, role, position, person_id)
SELECT movie_id, role, position, person_id FROM wanted_roles AS new
WHERE NOT EXISTS (
    SELECT FROM movie_people AS old
    WHERE (old.movie_id, old.role, old.position) = (new.movie_id, new.role, new.position)
)
ORDER BY movie_id, role, position
"""

_REMOVE_PEOPLE = """
DELETE FROM people WHERE NOT EXISTS (SELECT FROM movie_people WHERE person_id = people.id)
"""

# A reader of Russian sees a title of Russia, or one in Russian, or one of the Soviet Union; first
# the one that IMDb displays, then one that has no other use ("festival", "literal title").
_WANT_TITLES = """
CREATE TEMPORARY TABLE wanted_titles ON COMMIT DROP AS
WITH incoming AS (SELECT * FROM incoming_titles JOIN wanted_details USING (imdb_number)),
shown AS (
    SELECT DISTINCT ON (movie_id) movie_id, title FROM incoming
    WHERE title ~ '[А-Яа-яЁё]'
        AND (region IN ('RU', 'SUHH') AND coalesce(language, 'ru') = 'ru' OR language = 'ru')
    ORDER BY movie_id, coalesce(types, '') LIKE '%imdbDisplay%' DESC, attributes IS NULL DESC,
             types IS NULL DESC, region IS DISTINCT FROM 'RU', language IS DISTINCT FROM 'ru',
             place, title
)
SELECT movie_id, title,
       coalesce(array_agg(DISTINCT region ORDER BY region) FILTER (WHERE region IS NOT NULL), '{}')
           AS regions,
       coalesce(
           array_agg(DISTINCT language ORDER BY language) FILTER (WHERE language IS NOT NULL), '{}'
       ) AS languages,
       CASE WHEN EXISTS (SELECT FROM shown
                         WHERE (shown.movie_id, shown.title) = (incoming.movie_id, incoming.title))
            THEN 'ru' END AS shown_in
FROM incoming GROUP BY movie_id, title
"""

_REMOVE_TITLES = """
DELETE FROM movie_titles AS old WHERE NOT EXISTS (
    SELECT FROM wanted_titles AS new
    WHERE (new.movie_id, new.title) = (old.movie_id, old.title)
        AND (new.regions, new.languages, new.shown_in)
            IS NOT DISTINCT FROM (old.regions, old.languages, old.shown_in)
)
"""

_ADD_TITLES = """
INSERT INTO movie_titles (movie_id, title, regions, languages, shown_in)
SELECT movie_id, title, regions, languages, shown_in FROM wanted_titles AS new
WHERE NOT EXISTS (
    SELECT FROM movie_titles AS old WHERE (old.movie_id, old.title) = (new.movie_id, new.title)
)
ORDER BY movie_id, title
"""

_REMOVE_EMPTY = "DELETE FROM movie_details WHERE imdb_number IS NULL AND demo_minutes IS NULL"

_COVERAGE = """
SELECT (SELECT count(minutes) FROM movie_details),
       (SELECT count(DISTINCT movie_id) FROM movie_people WHERE role = 'director'),
       (SELECT count(DISTINCT movie_id) FROM movie_people WHERE role = 'cast'),
       (SELECT count(DISTINCT movie_id) FROM movie_titles),
       (SELECT count(*) FROM movie_titles WHERE shown_in = 'ru')
"""


def merge(connection: Connection, *, roles: list[str], with_titles: bool) -> Changes:
    """Replace the details that the temporary tables have, writing only differences.

    Parameters
    ----------
    connection : Connection
    roles : list of str
        The roles of people whose files were read; others stay.
    with_titles : bool
        Whether the file of titles was read; else titles stay.

    Returns
    -------
    Changes
    """
    for statement in _LOOKED_UP:
        _run(connection, statement)
    role_changes = _run(connection, _FORGET_OTHERS.format(table="movie_people"))
    title_changes = _run(connection, _FORGET_OTHERS.format(table="movie_titles"))
    films = _run(connection, _FORGET_FILMS) + _run(connection, _STORE_FILMS)
    people = 0
    if roles:
        _run(connection, _WANT_ROLES, most=MOST_OF_A_ROLE)
        _run(connection, "ANALYZE wanted_roles")
        people += _run(connection, _STORE_PEOPLE)
        role_changes += _run(connection, _REMOVE_ROLES, roles=roles)
        role_changes += _run(connection, _ADD_ROLES)
    if with_titles:
        _run(connection, _WANT_TITLES)
        _run(connection, "ANALYZE wanted_titles")
        title_changes += _run(connection, _REMOVE_TITLES) + _run(connection, _ADD_TITLES)
    people += _run(connection, _REMOVE_PEOPLE)
    films += _run(connection, _REMOVE_EMPTY)
    _run(connection, "ANALYZE movie_details, people, movie_people, movie_titles")
    return Changes(films, people, role_changes, title_changes)


def coverage(connection: Connection) -> Coverage:
    """Count the films that have each detail."""
    return Coverage(*connection.execute(text(_COVERAGE)).one())


def _run(connection: Connection, statement: str, **values: object) -> int:
    return connection.execute(text(statement), values).rowcount
