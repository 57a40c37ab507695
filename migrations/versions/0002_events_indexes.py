"""What a film's or a person's removal looks for in the events, which are many."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """What this revision adds."""
    op.execute(
        """
        CREATE INDEX events_of_movie ON events (movie_id);
        CREATE INDEX events_of_user ON events (user_id);
        """
    )


def downgrade() -> None:
    """The way back."""
    op.execute("DROP INDEX events_of_user, events_of_movie")
