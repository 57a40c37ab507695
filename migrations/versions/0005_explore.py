"""Views that the Ratings page reads through filters, small for any number of ratings."""

from alembic import op

revision = "0005"
down_revision = "0004"

DROP_OLD = """
DROP MATERIALIZED VIEW totals, long_tail, genre_stats, ratings_by_month, rating_distribution,
    movie_stats;
"""

# A kind of film is a set of genres and five years of release; its id is that of its first film.
# In the cubes, year 0 and band -1 mean all years or bands, so that a query without that filter
# reads few rows. Half-stars are counted as whole numbers, so that sums are exact.
VIEWS = """
-- Before the others, so that ratings written in the meantime make it differ next time.
CREATE MATERIALIZED VIEW figures_state AS
SELECT 1 AS only_row, now() AS computed_at,
       (SELECT coalesce(bit_xor(hashint8extended(ratings_revision, id)), 0)
        FROM users WHERE ratings_revision > 0) AS ratings_state;
CREATE UNIQUE INDEX figures_state_key ON figures_state (only_row);

CREATE MATERIALIZED VIEW raters AS
SELECT user_id, count(*)::integer AS ratings,
       width_bucket(count(*), ARRAY[20, 50, 100, 300, 1000]::bigint[])::smallint AS band,
       min(rated_at) AS first_at, max(rated_at) AS last_at
FROM ratings GROUP BY user_id;
CREATE UNIQUE INDEX raters_key ON raters (user_id);

CREATE MATERIALIZED VIEW activity_bands AS
SELECT band, count(*) AS people, sum(ratings)::bigint AS ratings FROM raters GROUP BY band;
CREATE UNIQUE INDEX activity_bands_key ON activity_bands (band);

CREATE MATERIALIZED VIEW film_kinds AS
WITH described AS (
    SELECT id AS movie_id, coalesce(year / 5 * 5, 0)::smallint AS release,
           ARRAY(SELECT genre_id FROM movie_genres WHERE movie_id = id ORDER BY genre_id) AS genres
    FROM movies
)
SELECT movie_id, min(movie_id) OVER (PARTITION BY release, genres) AS kind, release, genres
FROM described;
CREATE UNIQUE INDEX film_kinds_key ON film_kinds (movie_id);

CREATE MATERIALIZED VIEW kinds AS
SELECT kind, release, genres FROM film_kinds WHERE movie_id = kind;
CREATE UNIQUE INDEX kinds_key ON kinds (kind);

CREATE MATERIALIZED VIEW film_cube AS
WITH finest AS MATERIALIZED (
    SELECT movie_id, date_part('year', rated_at AT TIME ZONE 'UTC')::smallint AS year, band,
           count(*)::integer AS ratings, sum((rating * 2)::integer)::integer AS halves,
           sum((rating * 2)::integer * (rating * 2)::integer)::integer AS squares,
           (count(*) FILTER (WHERE rating >= 4))::integer AS likes
    FROM ratings JOIN raters USING (user_id) GROUP BY 1, 2, 3
), summed AS (
    SELECT band, year, movie_id, sum(ratings)::integer AS ratings, sum(halves)::integer AS halves,
           sum(squares) AS squares, sum(likes)::integer AS likes
    FROM finest
    GROUP BY GROUPING SETS ((movie_id, year, band), (movie_id, year), (movie_id, band), (movie_id))
)
SELECT coalesce(band, -1)::smallint AS band, coalesce(year, 0)::smallint AS year, movie_id, kind,
       squares, ratings, halves, likes
FROM summed JOIN film_kinds USING (movie_id)
ORDER BY 1, 2, 3;
CREATE UNIQUE INDEX film_cube_key ON film_cube (band, year, movie_id);

CREATE MATERIALIZED VIEW rating_cube AS
WITH finest AS MATERIALIZED (
    SELECT kind, date_part('year', rated_at AT TIME ZONE 'UTC')::smallint AS year, band,
           (rating * 2)::integer AS half, count(*)::integer AS ratings
    FROM ratings JOIN raters USING (user_id) JOIN film_kinds USING (movie_id) GROUP BY 1, 2, 3, 4
)
SELECT coalesce(band, -1)::smallint AS band, coalesce(year, 0)::smallint AS year, kind,
       sum(ratings) AS ratings, sum(ratings * half) AS halves,
       coalesce(sum(ratings) FILTER (WHERE half = 1), 0)::integer AS halves_1,
       coalesce(sum(ratings) FILTER (WHERE half = 2), 0)::integer AS halves_2,
       coalesce(sum(ratings) FILTER (WHERE half = 3), 0)::integer AS halves_3,
       coalesce(sum(ratings) FILTER (WHERE half = 4), 0)::integer AS halves_4,
       coalesce(sum(ratings) FILTER (WHERE half = 5), 0)::integer AS halves_5,
       coalesce(sum(ratings) FILTER (WHERE half = 6), 0)::integer AS halves_6,
       coalesce(sum(ratings) FILTER (WHERE half = 7), 0)::integer AS halves_7,
       coalesce(sum(ratings) FILTER (WHERE half = 8), 0)::integer AS halves_8,
       coalesce(sum(ratings) FILTER (WHERE half = 9), 0)::integer AS halves_9,
       coalesce(sum(ratings) FILTER (WHERE half = 10), 0)::integer AS halves_10
FROM finest
GROUP BY GROUPING SETS ((kind, year, band), (kind, year), (kind, band), (kind))
ORDER BY 1, 2, 3;
CREATE UNIQUE INDEX rating_cube_key ON rating_cube (band, year, kind);

CREATE MATERIALIZED VIEW rating_months AS
WITH of_people AS (
    SELECT user_id, date_trunc('month', rated_at AT TIME ZONE 'UTC')::date AS month,
           count(*) AS ratings, sum(rating * 2) AS halves
    FROM ratings GROUP BY 1, 2
)
SELECT band, month, sum(of_people.ratings)::bigint AS ratings, sum(halves)::bigint AS halves,
       count(*) AS people
FROM of_people JOIN raters USING (user_id) GROUP BY band, month;
CREATE UNIQUE INDEX rating_months_key ON rating_months (band, month);

-- A stable sample of a thousand users: pairs of liked genres are not sums over groups, so the
-- data must stay small.
CREATE MATERIALIZED VIEW sampled_likes AS
WITH sampled AS (SELECT user_id, band FROM raters ORDER BY md5(user_id::text), user_id LIMIT 1000)
SELECT user_id, kind, date_part('year', rated_at AT TIME ZONE 'UTC')::smallint AS year, band,
       count(*)::integer AS likes
FROM ratings JOIN sampled USING (user_id) JOIN film_kinds USING (movie_id)
WHERE rating >= 4 GROUP BY 1, 2, 3, 4;
CREATE UNIQUE INDEX sampled_likes_key ON sampled_likes (user_id, kind, year);

-- The Bayesian mean adds to each film as many ratings at the overall mean as the average rated
-- film has.
CREATE MATERIALIZED VIEW movie_stats AS
WITH counted AS (
    SELECT movie_id, ratings::bigint, halves / 2.0::float8 / ratings AS mean, likes::bigint
    FROM film_cube WHERE band = -1 AND year = 0
), overall AS (
    SELECT avg(ratings)::float8 AS weight,
           (sum(mean * ratings) / sum(ratings))::float8 AS mean
    FROM counted
)
SELECT counted.movie_id, counted.ratings, counted.mean, counted.likes,
       (counted.mean * counted.ratings + overall.mean * overall.weight)
           / (counted.ratings + overall.weight) AS bayesian_mean
FROM counted, overall;
CREATE UNIQUE INDEX movie_stats_key ON movie_stats (movie_id);
CREATE INDEX movie_stats_by_ratings ON movie_stats (ratings DESC);
CREATE INDEX movie_stats_by_mean ON movie_stats (bayesian_mean DESC);

CREATE MATERIALIZED VIEW rating_distribution AS
SELECT (half / 2.0)::real AS rating, sum(given)::bigint AS ratings
FROM rating_cube, LATERAL (VALUES
    (1, halves_1), (2, halves_2), (3, halves_3), (4, halves_4), (5, halves_5),
    (6, halves_6), (7, halves_7), (8, halves_8), (9, halves_9), (10, halves_10)
) AS steps (half, given)
WHERE band = -1 AND year = 0 AND given > 0
GROUP BY half;
CREATE UNIQUE INDEX rating_distribution_key ON rating_distribution (rating);

CREATE MATERIALIZED VIEW genre_stats AS
SELECT genres.id AS genre_id, genres.name AS genre, count(DISTINCT movie_genres.movie_id) AS films,
       coalesce(sum(movie_stats.ratings), 0)::bigint AS ratings,
       (sum(movie_stats.mean * movie_stats.ratings) / sum(movie_stats.ratings))::float8 AS mean
FROM genres
JOIN movie_genres ON movie_genres.genre_id = genres.id
LEFT JOIN movie_stats USING (movie_id)
GROUP BY genres.id, genres.name;
CREATE UNIQUE INDEX genre_stats_key ON genre_stats (genre_id);

CREATE MATERIALIZED VIEW totals AS
SELECT 1 AS only_row, (SELECT count(*) FROM movies) AS films,
       (SELECT count(*) FROM movie_stats) AS rated_films,
       coalesce(sum(ratings), 0)::bigint AS ratings, count(*) AS people,
       (SELECT sum(rating * ratings) / sum(ratings) FROM rating_distribution)::float8 AS mean,
       min(first_at) AS first_at, max(last_at) AS last_at
FROM raters;
CREATE UNIQUE INDEX totals_key ON totals (only_row);
"""

DROP_NEW = """
DROP MATERIALIZED VIEW totals, genre_stats, rating_distribution, movie_stats, sampled_likes,
    rating_months, rating_cube, film_cube, kinds, film_kinds, activity_bands, raters, figures_state;
"""

OLD_VIEWS = """
CREATE MATERIALIZED VIEW movie_stats AS
WITH counted AS (
    SELECT movie_id, count(*) AS ratings, avg(rating)::float8 AS mean,
           count(*) FILTER (WHERE rating >= 4) AS likes
    FROM ratings GROUP BY movie_id
), overall AS (
    SELECT avg(ratings)::float8 AS weight,
           (sum(mean * ratings) / sum(ratings))::float8 AS mean
    FROM counted
)
SELECT counted.movie_id, counted.ratings, counted.mean, counted.likes,
       (counted.mean * counted.ratings + overall.mean * overall.weight)
           / (counted.ratings + overall.weight) AS bayesian_mean
FROM counted, overall;
CREATE UNIQUE INDEX movie_stats_key ON movie_stats (movie_id);
CREATE INDEX movie_stats_by_ratings ON movie_stats (ratings DESC);
CREATE INDEX movie_stats_by_mean ON movie_stats (bayesian_mean DESC);

CREATE MATERIALIZED VIEW rating_distribution AS
SELECT rating, count(*) AS ratings FROM ratings GROUP BY rating;
CREATE UNIQUE INDEX rating_distribution_key ON rating_distribution (rating);

CREATE MATERIALIZED VIEW ratings_by_month AS
SELECT date_trunc('month', rated_at AT TIME ZONE 'UTC')::date AS month, count(*) AS ratings,
       count(DISTINCT user_id) AS people, avg(rating)::float8 AS mean
FROM ratings GROUP BY 1;
CREATE UNIQUE INDEX ratings_by_month_key ON ratings_by_month (month);

CREATE MATERIALIZED VIEW genre_stats AS
SELECT genres.id AS genre_id, genres.name AS genre, count(DISTINCT movie_genres.movie_id) AS films,
       coalesce(sum(movie_stats.ratings), 0)::bigint AS ratings,
       (sum(movie_stats.mean * movie_stats.ratings) / sum(movie_stats.ratings))::float8 AS mean
FROM genres
JOIN movie_genres ON movie_genres.genre_id = genres.id
LEFT JOIN movie_stats USING (movie_id)
GROUP BY genres.id, genres.name;
CREATE UNIQUE INDEX genre_stats_key ON genre_stats (genre_id);

-- At most a thousand steps, whatever the number of films.
CREATE MATERIALIZED VIEW long_tail AS
WITH ranked AS (
    SELECT ratings, row_number() OVER (ORDER BY ratings DESC, movie_id) AS rank,
           sum(ratings) OVER (ORDER BY ratings DESC, movie_id) AS cumulative,
           count(*) OVER () AS films, sum(ratings) OVER () AS total
    FROM movie_stats
)
SELECT rank, ratings, (rank / films::float8) AS films_share,
       (cumulative / total)::float8 AS ratings_share
FROM ranked
WHERE rank % greatest(films / 1000, 1) = 0 OR rank IN (1, films);
CREATE UNIQUE INDEX long_tail_key ON long_tail (rank);

CREATE MATERIALIZED VIEW totals AS
SELECT 1 AS only_row, (SELECT count(*) FROM movies) AS films,
       (SELECT count(*) FROM movie_stats) AS rated_films,
       count(*) AS ratings, count(DISTINCT user_id) AS people,
       avg(rating)::float8 AS mean, min(rated_at) AS first_at, max(rated_at) AS last_at
FROM ratings;
CREATE UNIQUE INDEX totals_key ON totals (only_row);
"""


def upgrade() -> None:
    """Apply this revision: replace the old views."""
    op.execute(DROP_OLD)
    op.execute(VIEWS)


def downgrade() -> None:
    """Revert this revision."""
    op.execute(DROP_NEW)
    op.execute(OLD_VIEWS)
