"""What TMDb says of films, for show only, and the country in which somebody watches films."""

from alembic import op

revision = "0015"
down_revision = "0014"

# A film that TMDb doesn't have is a row without its number, so that it isn't asked for each time.
TABLES = r"""
CREATE TABLE tmdb_films (
    movie_id integer PRIMARY KEY REFERENCES movies ON DELETE CASCADE,
    tmdb_id integer CHECK (tmdb_id > 0),
    fetched_at timestamptz NOT NULL DEFAULT now(),
    backdrop text CHECK (backdrop ~ '^/[A-Za-z0-9]+\.(jpg|png)$'),
    original_language text CHECK (original_language ~ '^[a-z]{2}$'),
    countries text[] NOT NULL DEFAULT '{}'
);
CREATE INDEX tmdb_films_by_age ON tmdb_films (fetched_at);

CREATE TABLE tmdb_words (
    movie_id integer NOT NULL REFERENCES tmdb_films ON DELETE CASCADE,
    language text COLLATE "C" NOT NULL,
    plot text CHECK (plot <> ''),
    tagline text CHECK (tagline <> ''),
    trailer text CHECK (trailer ~ '^[A-Za-z0-9_-]+$'),
    poster text CHECK (poster ~ '^/[A-Za-z0-9]+\.(jpg|png)$'),
    PRIMARY KEY (movie_id, language)
);

CREATE TABLE tmdb_offers (
    movie_id integer NOT NULL REFERENCES tmdb_films ON DELETE CASCADE,
    country text COLLATE "C" NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('stream', 'rent', 'buy')),
    provider_id integer NOT NULL,
    provider text NOT NULL CHECK (provider <> ''),
    position smallint NOT NULL,
    PRIMARY KEY (movie_id, country, kind, provider_id)
);
COMMENT ON TABLE tmdb_films IS
    'TMDb permits showing it for six months after fetched_at, and no learning from it';
"""


def upgrade() -> None:
    """Apply this revision."""
    op.execute(TABLES)
    for table in ("users", "guests"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN country text CHECK (country ~ '^[A-Z]{{2}}$')")


def downgrade() -> None:
    """Revert this revision."""
    for table in ("users", "guests"):
        op.execute(f"ALTER TABLE {table} DROP COLUMN country")
    op.execute("DROP TABLE tmdb_offers, tmdb_words, tmdb_films")
