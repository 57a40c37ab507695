"""Which films can be streamed in which country, for a filter."""

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Apply this revision."""
    op.execute(
        """
        CREATE INDEX tmdb_offers_by_country ON tmdb_offers (country, movie_id)
            WHERE kind = 'stream';
        CREATE VIEW tmdb_streams AS
            SELECT movie_id, country FROM tmdb_offers JOIN tmdb_films USING (movie_id)
            WHERE kind = 'stream' AND fetched_at > now() - interval '180 days';
        """
    )


def downgrade() -> None:
    """Revert this revision."""
    op.execute("DROP VIEW tmdb_streams; DROP INDEX tmdb_offers_by_country")
