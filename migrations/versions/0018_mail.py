"""Mails to be sent, and links that set a new password."""

from alembic import op

revision = "0018"
down_revision = "0017"

# A request is stored whether an account has this email or not, so that both take the same time; the
# sender deletes the others. No mail's text is stored: a link is made when it is sent.
MAILS = """
CREATE TABLE mails (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    email text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('forgotten', 'changed')),
    language text NOT NULL CHECK (language IN ('en', 'ru')),
    created_at timestamptz NOT NULL DEFAULT now(),
    attempts smallint NOT NULL DEFAULT 0,
    next_at timestamptz NOT NULL DEFAULT now(),
    has_failed boolean NOT NULL DEFAULT false,
    UNIQUE (email, kind)
);
"""

LINKS = """
CREATE TABLE password_links (
    token_hash bytea PRIMARY KEY,
    user_id integer NOT NULL UNIQUE REFERENCES users ON DELETE CASCADE,
    ends_at timestamptz NOT NULL
);
"""


def upgrade() -> None:
    """Apply this revision."""
    op.execute(MAILS)
    op.execute(LINKS)


def downgrade() -> None:
    """Revert this revision."""
    op.execute("DROP TABLE mails, password_links")
