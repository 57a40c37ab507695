"""Indexes on events, for the deletion of a film or a user."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Apply this revision."""
    op.execute(
        """
        CREATE INDEX events_of_movie ON events (movie_id);
        CREATE INDEX events_of_user ON events (user_id);
        """
    )


def downgrade() -> None:
    """Revert this revision."""
    op.execute("DROP INDEX events_of_user, events_of_movie")
