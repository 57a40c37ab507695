"""The filters that a user or a guest has stored: genres to leave out, and a maximum length."""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Apply this revision."""
    for table in ("users", "guests"):
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN not_genres text[] NOT NULL DEFAULT '{{}}', "
            "ADD COLUMN max_minutes integer CHECK (max_minutes BETWEEN 1 AND 1000)"
        )


def downgrade() -> None:
    """Revert this revision."""
    for table in ("users", "guests"):
        op.execute(f"ALTER TABLE {table} DROP COLUMN not_genres, DROP COLUMN max_minutes")
