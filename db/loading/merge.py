"""Merge of a data set from the temporary tables into the database."""

import time
from contextlib import nullcontext
from dataclasses import dataclass

from psycopg import errors
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from db.loading import merge_tags
from db.loading.keys import keys_off
from db.loading.values import MOST_USER

# New raters start at a revision above any that a rater with the same id had in an earlier load,
# because lists are cached by user and revision.
REVISIONS_A_LOAD = 1_000_000

_PATIENCE_SECONDS = 60.0

_LOCKED = "users, movies, ratings, marks, genres, movie_genres, tags, movie_tags"

_SORT = """
CREATE TEMPORARY TABLE wanted_ratings ON COMMIT DROP AS
SELECT DISTINCT ON (user_id, movie_id) user_id, movie_id, rated_at, rating, line
FROM incoming_ratings ORDER BY user_id, movie_id, rated_at DESC, line DESC
"""

_PREPARE = (
    """
    CREATE TEMPORARY TABLE wanted_raters ON COMMIT DROP AS
    SELECT user_id FROM wanted_ratings GROUP BY user_id ORDER BY user_id
    """,
    """
    CREATE TEMPORARY TABLE wanted_genres ON COMMIT DROP AS
    SELECT id AS movie_id, unnest(genres) AS name FROM incoming_movies
    """,
    "CREATE TEMPORARY TABLE touched_raters (user_id integer) ON COMMIT DROP",
    "ANALYZE wanted_ratings",
    "ANALYZE wanted_raters",
    "ANALYZE wanted_genres",
    "ANALYZE incoming_movies",
)

# In another data set the same id may be another film.
_FORGET_OTHER_FILMS = """
DELETE FROM {details} AS known USING movies AS old JOIN incoming_movies AS new USING (id)
WHERE known.movie_id = id AND CASE
    WHEN old.imdb_id IS NULL OR new.imdb_id IS NULL
        THEN (old.title, old.year) IS DISTINCT FROM (new.title, new.year)
    ELSE old.imdb_id <> new.imdb_id END
"""

_CHANGE_MOVIES = """
UPDATE movies SET title = new.title, year = new.year, imdb_id = new.imdb_id, tmdb_id = new.tmdb_id
FROM incoming_movies AS new
WHERE movies.id = new.id AND (movies.title, movies.year, movies.imdb_id, movies.tmdb_id)
    IS DISTINCT FROM (new.title, new.year, new.imdb_id, new.tmdb_id)
"""

_ADD_MOVIES = """
INSERT INTO movies (id, title, year, imdb_id, tmdb_id)
SELECT id, title, year, imdb_id, tmdb_id FROM incoming_movies AS new
WHERE NOT EXISTS (SELECT FROM movies WHERE movies.id = new.id) ORDER BY id
"""

# Films that the data set lacks stay if a user has rated or marked them here.
_REMOVE_MOVIES = """
DELETE FROM movies
WHERE NOT EXISTS (SELECT FROM incoming_movies WHERE incoming_movies.id = movies.id)
    AND NOT EXISTS (SELECT FROM ratings WHERE ratings.movie_id = movies.id)
    AND NOT EXISTS (SELECT FROM marks WHERE marks.movie_id = movies.id)
"""

_ADD_RATERS = """
INSERT INTO users (id, ratings_revision)
SELECT user_id, :first_revision FROM wanted_raters
WHERE NOT EXISTS (SELECT FROM users WHERE users.id = user_id) ORDER BY user_id
"""

_REMOVE_RATERS = """
DELETE FROM users
WHERE id <= :most_user AND (email IS NULL OR is_demo)
    AND NOT EXISTS (SELECT FROM wanted_raters WHERE user_id = users.id)
    AND NOT EXISTS (SELECT FROM ratings WHERE ratings.user_id = users.id)
    AND NOT EXISTS (SELECT FROM marks WHERE marks.user_id = users.id)
"""

_FIRST_RATINGS = """
INSERT INTO ratings (user_id, movie_id, rated_at, rating, is_own)
SELECT user_id, movie_id, rated_at, rating, false FROM wanted_ratings
"""

_REMOVE_RATINGS = """
DELETE FROM ratings AS old
WHERE NOT is_own AND NOT EXISTS (
    SELECT FROM wanted_ratings AS new
    WHERE new.user_id = old.user_id AND new.movie_id = old.movie_id
)
RETURNING old.user_id
"""

_CHANGE_RATINGS = """
UPDATE ratings AS old SET rating = new.rating, rated_at = new.rated_at
FROM wanted_ratings AS new
WHERE new.user_id = old.user_id AND new.movie_id = old.movie_id AND NOT old.is_own
    AND (old.rating, old.rated_at) IS DISTINCT FROM (new.rating, new.rated_at)
RETURNING old.user_id
"""

_ADD_RATINGS = """
INSERT INTO ratings (user_id, movie_id, rated_at, rating, is_own)
SELECT user_id, movie_id, rated_at, rating, false FROM wanted_ratings AS new
WHERE NOT EXISTS (
    SELECT FROM ratings AS old
    WHERE old.user_id = new.user_id AND old.movie_id = new.movie_id
)
ORDER BY user_id, movie_id
RETURNING user_id
"""

_BUMP = """
UPDATE users SET ratings_revision = ratings_revision + 1
WHERE id IN (SELECT user_id FROM touched_raters) AND ratings_revision < :first_revision
"""

# ON CONFLICT would use up an id for each genre at each load, and there are only 32,767.
_GENRES = (
    """
    INSERT INTO genres (name) SELECT DISTINCT name FROM wanted_genres
    WHERE NOT EXISTS (SELECT FROM genres WHERE genres.name = wanted_genres.name) ORDER BY name
    """,
    """
    DELETE FROM movie_genres USING incoming_movies, genres
    WHERE movie_genres.movie_id = incoming_movies.id AND movie_genres.genre_id = genres.id
        AND genres.name <> ALL (incoming_movies.genres)
    """,
    """
    INSERT INTO movie_genres (movie_id, genre_id)
    SELECT movie_id, genres.id FROM wanted_genres JOIN genres USING (name)
    WHERE NOT EXISTS (
        SELECT FROM movie_genres AS old
        WHERE old.movie_id = wanted_genres.movie_id AND old.genre_id = genres.id
    )
    ORDER BY movie_id, genres.id
    """,
    """
    DELETE FROM genres
    WHERE NOT EXISTS (SELECT FROM movie_genres WHERE movie_genres.genre_id = genres.id)
    """,
)


@dataclass(frozen=True, slots=True)
class Changes:
    """How many rows were added, changed and removed."""

    movies_added: int
    movies_changed: int
    movies_removed: int
    raters_added: int
    raters_removed: int
    ratings_added: int
    ratings_changed: int
    ratings_removed: int
    tags_added: int
    tags_changed: int
    tags_removed: int

    @property
    def any(self) -> bool:
        """Whether anything was changed."""
        return any(getattr(self, name) for name in self.__slots__)


def prepare(connection: Connection, *, in_order: bool) -> tuple[int, int]:
    """Sort the ratings and keep the latest of each user and film.

    Parameters
    ----------
    connection : Connection
    in_order : bool
        Whether they are sorted by user and film already, without duplicates.

    Returns
    -------
    tuple of int
        The number of ratings and the number of raters.
    """
    rename_only = "ALTER TABLE incoming_ratings RENAME TO wanted_ratings"
    for statement in (rename_only if in_order else _SORT, *_PREPARE):
        connection.execute(text(statement))
    return _count(connection, "wanted_ratings"), _count(connection, "wanted_raters")


def superseded_lines(connection: Connection, most: int) -> list[int]:
    """Return the first `most` lines whose rating was replaced by a later one."""
    statement = """
        SELECT line FROM incoming_ratings AS old
        WHERE NOT EXISTS (SELECT FROM wanted_ratings AS new WHERE new.line = old.line)
        ORDER BY line LIMIT :most
    """
    return list(connection.execute(text(statement), {"most": most}).scalars())


def merge(connection: Connection, load_id: int) -> Changes:
    """Synchronise movies, genres, tags, users and ratings, writing only differences.

    Own ratings stay and take precedence. Until the transaction ends, others can't write these
    tables or marks; while the keys are off, they can't read them either.
    """
    wanted, existing = _count(connection, "wanted_ratings"), _count(connection, "ratings")
    first_revision = load_id * REVISIONS_A_LOAD
    # If most rows are new, building and checking the keys at once is many times faster.
    in_bulk = wanted > 2 * existing
    _lock(connection, "ACCESS EXCLUSIVE" if in_bulk else "SHARE ROW EXCLUSIVE")

    for details in ("movie_details", "tmdb_films"):
        _run(connection, _FORGET_OTHER_FILMS.format(details=details))
    movies_changed = _run(connection, _CHANGE_MOVIES)
    movies_added = _run(connection, _ADD_MOVIES)
    raters_added = _run(connection, _ADD_RATERS, first_revision=first_revision)
    with keys_off(connection, "ratings") if in_bulk else nullcontext():
        if connection.execute(text("SELECT EXISTS (SELECT FROM ratings)")).scalar_one():
            removed = _touch(connection, _REMOVE_RATINGS)
            changed = _touch(connection, _CHANGE_RATINGS)
            added = _touch(connection, _ADD_RATINGS)
        else:
            removed = changed = 0
            # With wal_level minimal, a table file created in this transaction needs no WAL.
            _run(connection, "TRUNCATE ratings")
            added = _run(connection, _FIRST_RATINGS)
            _run(connection, "INSERT INTO touched_raters SELECT user_id FROM wanted_raters")
    _run(connection, _BUMP, first_revision=first_revision)
    movies_removed = _run(connection, _REMOVE_MOVIES)
    raters_removed = _run(connection, _REMOVE_RATERS, most_user=MOST_USER)
    with keys_off(connection, "movie_genres") if in_bulk else nullcontext():
        for statement in _GENRES:
            _run(connection, statement)
    with keys_off(connection, "movie_tags") if in_bulk else nullcontext():
        tags_added, tags_changed, tags_removed = merge_tags.merge(connection)
    changes = Changes(
        movies_added=movies_added,
        movies_changed=movies_changed,
        movies_removed=movies_removed,
        raters_added=raters_added,
        raters_removed=raters_removed,
        ratings_added=added,
        ratings_changed=changed,
        ratings_removed=removed,
        tags_added=tags_added,
        tags_changed=tags_changed,
        tags_removed=tags_removed,
    )
    if changes.any:
        _run(connection, "ANALYZE users, movies, genres, movie_genres, ratings, tags, movie_tags")
    return changes


def _lock(connection: Connection, mode: str) -> None:
    # All at once or none, with retries: a write of a rating or a mark locks these tables in a
    # different order, and waiting for one while holding another would be a deadlock.
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        nowait = " NOWAIT" if time.monotonic() < until else ""
        try:
            with connection.begin_nested():
                _run(connection, f"LOCK TABLE {_LOCKED} IN {mode} MODE{nowait}")
        except OperationalError as error:
            if not nowait or not isinstance(error.orig, errors.LockNotAvailable):
                raise
            time.sleep(0.05)
        else:
            return


def _count(connection: Connection, table: str) -> int:
    count: int = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
    return count


def _run(connection: Connection, statement: str, **values: int) -> int:
    return connection.execute(text(statement), values).rowcount


def _touch(connection: Connection, statement: str) -> int:
    """Run a change that returns user ids, record them, and return the number of rows."""
    noted = f"""
        WITH changed AS ({statement}),
        noted AS (INSERT INTO touched_raters SELECT DISTINCT user_id FROM changed)
        SELECT count(*) FROM changed
    """
    count: int = connection.execute(text(noted)).scalar_one()
    return count
