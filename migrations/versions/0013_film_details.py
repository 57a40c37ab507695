"""Details of films: length, age rating, people, and titles in other languages."""

from alembic import op

revision = "0013"
down_revision = "0012"

# Lengths from the demo set's package and from IMDb's files are stored separately, so that either
# source can be loaded again without the other.
DETAILS = """
CREATE TABLE movie_details (
    movie_id integer PRIMARY KEY REFERENCES movies ON DELETE CASCADE,
    demo_minutes smallint CHECK (demo_minutes > 0),
    imdb_minutes smallint CHECK (imdb_minutes > 0),
    minutes smallint GENERATED ALWAYS AS (coalesce(imdb_minutes, demo_minutes)) STORED,
    age_rating text CHECK (age_rating <> ''),
    imdb_number integer CHECK (imdb_number > 0),
    original_title text CHECK (original_title <> '')
);
CREATE INDEX movie_details_of_imdb ON movie_details (movie_id) WHERE imdb_number IS NOT NULL;
COMMENT ON COLUMN movie_details.imdb_number IS
    'the title in IMDb''s files that the film was matched with; null: the files have not been read';
"""

# Trigrams have ASCII letters alone where LC_CTYPE is C, as in the embedded server. Words have the
# letters of all scripts, whatever the locale. They may have 2046 bytes; ours have up to a hundred
# letters, as in db/queries/names.py.
WORDS = r"""
CREATE FUNCTION plain_words(plain text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN array_to_tsvector(string_to_array(
    regexp_replace(left(plain, 1000), '(\S{100})\S+', '\1', 'g'), ' '));
CREATE INDEX movies_by_word ON movies USING gin (plain_words(plain_title));
"""

# The ids of people are IMDb's numbers.
PEOPLE = """
CREATE TABLE people (
    id integer PRIMARY KEY,
    name text NOT NULL CHECK (name <> ''),
    plain_name text GENERATED ALWAYS AS (plain_title(name)) STORED
);
CREATE INDEX people_by_word ON people USING gin (plain_words(plain_name));

CREATE TABLE movie_people (
    movie_id integer NOT NULL REFERENCES movie_details ON DELETE CASCADE,
    role text COLLATE "C" NOT NULL CHECK (role IN ('director', 'writer', 'cast')),
    position smallint NOT NULL CHECK (position > 0),
    person_id integer NOT NULL REFERENCES people ON DELETE CASCADE,
    PRIMARY KEY (movie_id, role, position)
);
CREATE INDEX movie_people_of_person ON movie_people (person_id) INCLUDE (movie_id, role);
"""

# A title that several regions share is one row. `shown_in` is the language of the interface whose
# readers see this title; at most one of a film is shown in each.
TITLES = """
CREATE TABLE movie_titles (
    movie_id integer NOT NULL REFERENCES movie_details ON DELETE CASCADE,
    title text COLLATE "C" NOT NULL CHECK (title <> ''),
    regions text[] NOT NULL,
    languages text[] NOT NULL,
    shown_in text COLLATE "C",
    plain_title text GENERATED ALWAYS AS (plain_title(title)) STORED,
    PRIMARY KEY (movie_id, title)
);
CREATE UNIQUE INDEX movie_titles_shown ON movie_titles (movie_id, shown_in) INCLUDE (title)
    WHERE shown_in IS NOT NULL;
CREATE INDEX movie_titles_by_word ON movie_titles USING gin (plain_words(plain_title));
"""


def upgrade() -> None:
    """Apply this revision."""
    for statements in (DETAILS, WORDS, PEOPLE, TITLES):
        op.execute(statements)


def downgrade() -> None:
    """Revert this revision."""
    op.execute(
        """
        DROP TABLE movie_titles, movie_people, people, movie_details;
        DROP INDEX movies_by_word;
        DROP FUNCTION plain_words(text);
        """
    )
