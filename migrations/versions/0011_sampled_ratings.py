"""A sample of users with all of their ratings, to estimate how many users filters leave."""

from alembic import op

revision = "0011"
down_revision = "0010"

# A stable sample of a thousand users: who has rated films of some kind, and which genres are liked
# together, are not sums over groups, so the data must stay small.
SAMPLED = """
DROP MATERIALIZED VIEW sampled_likes;
CREATE MATERIALIZED VIEW sampled_ratings AS
WITH sampled AS (SELECT user_id, band FROM raters ORDER BY md5(user_id::text), user_id LIMIT 1000)
SELECT user_id, kind, date_part('year', rated_at AT TIME ZONE 'UTC')::smallint AS year, band,
       count(*)::integer AS ratings, (count(*) FILTER (WHERE rating >= 4))::integer AS likes
FROM ratings JOIN sampled USING (user_id) JOIN film_kinds USING (movie_id)
GROUP BY 1, 2, 3, 4;
CREATE UNIQUE INDEX sampled_ratings_key ON sampled_ratings (user_id, kind, year);
"""

OLD = """
DROP MATERIALIZED VIEW sampled_ratings;
CREATE MATERIALIZED VIEW sampled_likes AS
WITH sampled AS (SELECT user_id, band FROM raters ORDER BY md5(user_id::text), user_id LIMIT 1000)
SELECT user_id, kind, date_part('year', rated_at AT TIME ZONE 'UTC')::smallint AS year, band,
       count(*)::integer AS likes
FROM ratings JOIN sampled USING (user_id) JOIN film_kinds USING (movie_id)
WHERE rating >= 4 GROUP BY 1, 2, 3, 4;
CREATE UNIQUE INDEX sampled_likes_key ON sampled_likes (user_id, kind, year);
"""


def upgrade() -> None:
    """Apply this revision."""
    op.execute(SAMPLED)


def downgrade() -> None:
    """Revert this revision."""
    op.execute(OLD)
