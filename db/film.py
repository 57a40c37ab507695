"""What people think of one film, and of what one person has rated."""

import pandas as pd
from sqlalchemy import Connection, text


def distribution(connection: Connection, movie_id: int) -> pd.DataFrame:
    """How often each number of stars was given to a film: rating (0.5 to 5), ratings."""
    counted = pd.read_sql(
        text(
            "SELECT rating::float8 AS rating, count(*) AS ratings FROM ratings "
            "WHERE movie_id = :movie_id GROUP BY rating"
        ),
        connection,
        params={"movie_id": movie_id},
    )
    steps = pd.Index([step / 2 for step in range(1, 11)], name="rating")
    return counted.set_index("rating").reindex(steps, fill_value=0).reset_index()


def by_year(connection: Connection, movie_id: int) -> pd.DataFrame:
    """A film's ratings by the year they were given in (UTC): year, ratings, mean."""
    return pd.read_sql(
        text(
            "SELECT extract(year FROM rated_at AT TIME ZONE 'UTC')::int AS year, "
            "count(*) AS ratings, avg(rating)::float8 AS mean "
            "FROM ratings WHERE movie_id = :movie_id GROUP BY 1 ORDER BY 1"
        ),
        connection,
        params={"movie_id": movie_id},
    )
