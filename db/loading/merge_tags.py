"""Merge of tags from the temporary table `incoming_tags` into the database."""

from sqlalchemy import Connection, text

MOST_TAGS = 200
"""How many tags of a film are stored: those that most users gave it."""

# A user may give a film the same tag in two spellings. `place` is the rank among the film's tags.
_PREPARE = (
    """
    CREATE TEMPORARY TABLE counted_tags ON COMMIT DROP AS
    SELECT movie_id, folded, count(DISTINCT user_id)::integer AS people,
           row_number() OVER (
               PARTITION BY movie_id ORDER BY count(DISTINCT user_id) DESC, folded) AS place
    FROM incoming_tags GROUP BY movie_id, folded
    """,
    """
    CREATE TEMPORARY TABLE wanted_tags ON COMMIT DROP AS
    SELECT movie_id, folded, people FROM counted_tags WHERE place <= :most
    """,
    """
    CREATE TEMPORARY TABLE wanted_names ON COMMIT DROP AS
    SELECT DISTINCT ON (folded) folded, tag AS name
    FROM (SELECT folded, tag, count(*) AS times FROM incoming_tags GROUP BY folded, tag) AS spelt
    WHERE folded IN (SELECT folded FROM wanted_tags)
    ORDER BY folded, times DESC, tag
    """,
    "ANALYZE wanted_tags",
    "ANALYZE wanted_names",
)

# As with genres, ON CONFLICT would use up ids.
_NAMES = (
    """
    INSERT INTO tags (folded, name) SELECT folded, name FROM wanted_names AS new
    WHERE NOT EXISTS (SELECT FROM tags WHERE tags.folded = new.folded) ORDER BY folded
    """,
    """
    UPDATE tags SET name = new.name FROM wanted_names AS new
    WHERE tags.folded = new.folded AND tags.name <> new.name
    """,
)

_REMOVE = """
DELETE FROM movie_tags AS old USING tags
WHERE tags.id = old.tag_id AND NOT EXISTS (
    SELECT FROM wanted_tags AS new
    WHERE new.movie_id = old.movie_id AND new.folded = tags.folded
)
"""

_CHANGE = """
UPDATE movie_tags AS old SET people = new.people
FROM wanted_tags AS new JOIN tags USING (folded)
WHERE old.movie_id = new.movie_id AND old.tag_id = tags.id AND old.people <> new.people
"""

_ADD = """
INSERT INTO movie_tags (movie_id, tag_id, people)
SELECT movie_id, tags.id, people FROM wanted_tags AS new JOIN tags USING (folded)
WHERE NOT EXISTS (
    SELECT FROM movie_tags AS old WHERE old.movie_id = new.movie_id AND old.tag_id = tags.id
)
ORDER BY movie_id, tags.id
"""

_REMOVE_NAMES = """
DELETE FROM tags WHERE NOT EXISTS (SELECT FROM movie_tags WHERE movie_tags.tag_id = tags.id)
"""


def prepare(connection: Connection) -> tuple[int, int]:
    """Count the users who gave each film each tag, and choose each tag's most common spelling.

    Return how many pairs of film and tag are to be stored, and how many exceed `MOST_TAGS`.
    """
    for statement in _PREPARE:
        connection.execute(text(statement), {"most": MOST_TAGS} if ":most" in statement else {})
    row = connection.execute(
        text("SELECT (SELECT count(*) FROM wanted_tags), (SELECT count(*) FROM counted_tags)")
    ).one()
    return int(row[0]), int(row[1] - row[0])


def merge(connection: Connection) -> tuple[int, int, int]:
    """Synchronise the tags, once the films are stored, writing only differences.

    Return how many pairs of film and tag were added, changed and removed.
    """
    for statement in _NAMES:
        connection.execute(text(statement))
    removed = connection.execute(text(_REMOVE)).rowcount
    changed = connection.execute(text(_CHANGE)).rowcount
    added = connection.execute(text(_ADD)).rowcount
    connection.execute(text(_REMOVE_NAMES))
    return added, changed, removed
