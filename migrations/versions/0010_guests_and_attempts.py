"""Guest ratings and failed log-ins, which no cache may evict."""

from alembic import op

revision = "0010"
down_revision = "0009"

GUESTS = """
CREATE TABLE guests (
    visitor_hash bytea PRIMARY KEY,
    style text CHECK (style IN ('popular', 'balanced', 'adventurous')),
    touched_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX guests_by_age ON guests (touched_at);

CREATE TABLE guest_ratings (
    visitor_hash bytea NOT NULL REFERENCES guests ON DELETE CASCADE,
    movie_id integer NOT NULL REFERENCES movies ON DELETE CASCADE,
    rating real CHECK (rating BETWEEN 0.5 AND 5 AND rating * 2 = floor(rating * 2)),
    mark text CHECK (mark IN ('dismissed', 'seen', 'later')),
    rated_at timestamptz NOT NULL,
    PRIMARY KEY (visitor_hash, movie_id),
    CHECK (num_nonnulls(rating, mark) = 1)
);
CREATE INDEX guest_ratings_of_movie ON guest_ratings (movie_id);
"""

ATTEMPTS = """
CREATE TABLE login_attempts (
    who text PRIMARY KEY,
    attempts integer NOT NULL,
    ends_at timestamptz NOT NULL
);
CREATE INDEX login_attempts_by_end ON login_attempts (ends_at);
"""


def upgrade() -> None:
    """Apply this revision."""
    op.execute(GUESTS)
    op.execute(ATTEMPTS)


def downgrade() -> None:
    """Revert this revision."""
    op.execute("DROP TABLE guest_ratings; DROP TABLE guests; DROP TABLE login_attempts;")
