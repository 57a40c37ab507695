"""Statistics of one film's ratings."""

import pandas as pd
from sqlalchemy import Connection, text

from db.scale import STARS


def counted(connection: Connection, movie_id: int) -> pd.DataFrame:
    """Count a film's ratings by year (UTC) and stars: columns year, rating (0.5–5), ratings."""
    # Sorted here: PostgreSQL would sort all of the film's ratings before it counts them.
    given = pd.read_sql_query(
        text(
            "SELECT date_part('year', rated_at AT TIME ZONE 'UTC')::int AS year, "
            "rating::float8 AS rating, count(*) AS ratings "
            "FROM ratings WHERE movie_id = :movie_id GROUP BY 1, 2"
        ),
        connection,
        params={"movie_id": movie_id},
    )
    return given.sort_values(["year", "rating"], ignore_index=True)


def distribution(given: pd.DataFrame) -> pd.DataFrame:
    """Sum the result of `counted` by stars: columns rating (0.5–5, every step), ratings."""
    steps = pd.Index(STARS, name="rating")
    return given.groupby("rating")["ratings"].sum().reindex(steps, fill_value=0).reset_index()


def by_year(given: pd.DataFrame) -> pd.DataFrame:
    """Sum the result of `counted` by year: columns year, ratings, mean (stars)."""
    stars = given.assign(stars=given["rating"] * given["ratings"])
    years = stars.groupby("year")[["ratings", "stars"]].sum().reset_index()
    years["mean"] = years["stars"] / years["ratings"]
    return years[["year", "ratings", "mean"]]
