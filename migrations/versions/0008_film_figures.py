"""A film's figures out of the index alone: of a hundred thousand ratings that is 3 MB in a row."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """What this revision adds, and what it takes the place of."""
    op.execute(
        """
        DROP INDEX ratings_of_movie;
        CREATE INDEX ratings_of_movie ON ratings (movie_id) INCLUDE (rating, rated_at);
        """
    )


def downgrade() -> None:
    """The way back."""
    op.execute(
        """
        DROP INDEX ratings_of_movie;
        CREATE INDEX ratings_of_movie ON ratings (movie_id);
        """
    )
