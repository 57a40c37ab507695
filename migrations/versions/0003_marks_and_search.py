"""Marks on films, and the search for titles as users type them."""

from alembic import op

revision = "0003"
down_revision = "0002"

# unaccent is only "stable" because its dictionary could be changed; we use the built-in one.
SEARCH = """
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Such a body is bound at creation, so it also works in pg_restore, which has no search path.
CREATE FUNCTION plain_title(title text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN btrim(regexp_replace(
    lower(unaccent('unaccent'::regdictionary, replace(title, '&', ' and '))),
    '[^[:alnum:]]+', ' ', 'g'));

ALTER TABLE movies ADD COLUMN plain_title text GENERATED ALWAYS AS (plain_title(title)) STORED;
CREATE INDEX movies_by_title ON movies USING gin (plain_title gin_trgm_ops);
CREATE INDEX movies_by_year ON movies (year);
"""

MARKS = """
CREATE TABLE marks (
    user_id integer NOT NULL REFERENCES users ON DELETE CASCADE,
    movie_id integer NOT NULL REFERENCES movies,
    mark text NOT NULL CHECK (mark IN ('dismissed', 'seen', 'later')),
    marked_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, movie_id)
);
CREATE INDEX marks_of_movie ON marks (movie_id);
"""


def upgrade() -> None:
    """Apply this revision."""
    op.execute(SEARCH)
    op.execute(MARKS)


def downgrade() -> None:
    """Revert this revision, except for the extensions: others may use them."""
    op.execute(
        """
        DROP TABLE marks;
        ALTER TABLE movies DROP COLUMN plain_title;
        DROP INDEX movies_by_year;
        DROP FUNCTION plain_title(text);
        """
    )
