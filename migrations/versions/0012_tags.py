"""Tags of films in the data set, and how many users gave each."""

from alembic import op

revision = "0012"
down_revision = "0011"

# Tags that differ only in case are one (`folded`), with the most common spelling as the name.
# A search compares `plain`, as with titles; a tag of punctuation alone, ":)", is compared as it is.
TAGS = """
CREATE TABLE tags (
    id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    folded text COLLATE "C" NOT NULL UNIQUE,
    name text NOT NULL CHECK (name <> '' AND length(name) <= 100),
    plain text GENERATED ALWAYS AS (coalesce(nullif(plain_title(name), ''), folded)) STORED
);
CREATE INDEX tags_by_plain ON tags (plain);

CREATE TABLE movie_tags (
    movie_id integer NOT NULL REFERENCES movies ON DELETE CASCADE,
    tag_id integer NOT NULL REFERENCES tags ON DELETE CASCADE,
    people integer NOT NULL CHECK (people > 0),
    PRIMARY KEY (movie_id, tag_id)
);
CREATE INDEX movie_tags_of_tag ON movie_tags (tag_id) INCLUDE (movie_id, people);
"""


def upgrade() -> None:
    """Apply this revision."""
    op.execute(TAGS)


def downgrade() -> None:
    """Revert this revision."""
    op.execute("DROP TABLE movie_tags, tags")
