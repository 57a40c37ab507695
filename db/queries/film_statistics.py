"""What people think of one film, and of what one person has rated."""

import pandas as pd
from sqlalchemy import Connection, text


def counted(connection: Connection, movie_id: int) -> pd.DataFrame:
    """How often a film was given so many stars in a year (UTC): year, rating, ratings."""
    # In order here: PostgreSQL would sort all of the film's ratings for it, and count them then.
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
    """Of what was `counted`, how often each number of stars: rating (0.5 to 5), ratings."""
    steps = pd.Index([step / 2 for step in range(1, 11)], name="rating")
    return given.groupby("rating")["ratings"].sum().reindex(steps, fill_value=0).reset_index()


def by_year(given: pd.DataFrame) -> pd.DataFrame:
    """Of what was `counted`, the ratings of each year: year, ratings, mean."""
    stars = given.assign(stars=given["rating"] * given["ratings"])
    years = stars.groupby("year")[["ratings", "stars"]].sum().reset_index()
    years["mean"] = years["stars"] / years["ratings"]
    return years[["year", "ratings", "mean"]]
