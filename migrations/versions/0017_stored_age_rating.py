"""The age rating that a user or a guest has stored as a maximum."""

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Apply this revision."""
    for table in ("users", "guests"):
        op.execute(
            f'ALTER TABLE {table} ADD COLUMN max_age_rating text COLLATE "C" '
            "CHECK (max_age_rating IN ('G', 'PG', 'PG-13', 'R', 'NC-17'))"
        )


def downgrade() -> None:
    """Revert this revision."""
    for table in ("users", "guests"):
        op.execute(f"ALTER TABLE {table} DROP COLUMN max_age_rating")
