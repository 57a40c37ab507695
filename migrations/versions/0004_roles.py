"""Roles, and what Operations shows: days of events, imports, trainings, activations."""

from alembic import op

revision = "0004"
down_revision = "0003"

ROLES = """
ALTER TABLE users ADD COLUMN role text NOT NULL DEFAULT 'user'
    CHECK (role IN ('user', 'analyst', 'admin'));
UPDATE users SET role = 'analyst' WHERE is_demo;
"""

# Counted when events are written, so that reading the counts doesn't depend on their number.
# The counts are anonymous: events are deleted with their user, but the counts stay.
# Version 0 is popularity, before the first training.
EVENT_DAYS = """
CREATE TABLE event_days (
    day date NOT NULL,
    model_version integer NOT NULL,
    kind text NOT NULL CHECK (kind IN ('shown', 'opened', 'rated')),
    events bigint NOT NULL,
    PRIMARY KEY (day, model_version, kind)
);
INSERT INTO event_days
SELECT (happened_at AT TIME ZONE 'UTC')::date, coalesce(model_version, 0), kind, count(*)
FROM events GROUP BY 1, 2, 3;
"""

IMPORTS = """
CREATE TABLE imports (
    id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    user_id integer NOT NULL REFERENCES users ON DELETE CASCADE,
    imported_at timestamptz NOT NULL DEFAULT now(),
    service text NOT NULL,
    added integer NOT NULL,
    changed integer NOT NULL,
    unchanged integer NOT NULL,
    unknown integer NOT NULL
);
CREATE INDEX imports_of_user ON imports (user_id);
"""

# A training that crashed has neither an end nor the lock.
TRAININGS = """
CREATE TABLE trainings (
    id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    started_from text NOT NULL,
    user_id integer REFERENCES users ON DELETE SET NULL,
    ended_at timestamptz,
    problem text,
    model_version integer REFERENCES model_versions ON DELETE SET NULL
);
CREATE INDEX trainings_of_user ON trainings (user_id);

ALTER TABLE model_versions ADD COLUMN activated_at timestamptz;
UPDATE model_versions SET activated_at = created_at;
"""


def upgrade() -> None:
    """Apply this revision."""
    op.execute(ROLES)
    op.execute(EVENT_DAYS)
    op.execute(IMPORTS)
    op.execute(TRAININGS)


def downgrade() -> None:
    """Revert this revision."""
    op.execute(
        """
        ALTER TABLE model_versions DROP COLUMN activated_at;
        DROP TABLE trainings, imports, event_days;
        ALTER TABLE users DROP COLUMN role;
        """
    )
