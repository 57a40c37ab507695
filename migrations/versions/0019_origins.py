"""The original language of films and the countries where they were made, as TMDb knows them."""

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Apply this revision."""
    op.execute(
        """
        CREATE VIEW tmdb_origins AS
            SELECT movie_id, original_language, countries FROM tmdb_films
            WHERE tmdb_id IS NOT NULL AND fetched_at > now() - interval '180 days'
        """
    )


def downgrade() -> None:
    """Revert this revision."""
    op.execute("DROP VIEW tmdb_origins")
