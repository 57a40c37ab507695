"""A user's ratings compared with everybody's."""

import pandas as pd
from sqlalchemy import Connection, text

from db.scale import STARS


def films(connection: Connection, rated: pd.DataFrame) -> pd.DataFrame:
    """Add the films' data to ratings.

    Parameters
    ----------
    connection : Connection
    rated : DataFrame
        movie_id, rating (0.5–5), rated_at (UTC).

    Returns
    -------
    DataFrame
        The same rows with title, year (Int64), genres (lists), ratings (their number) and mean
        (stars) of all users; films that are not in the database are left out.
    """
    facts = pd.read_sql_query(
        text(
            "SELECT movies.id AS movie_id, title, year, coalesce(ratings, 0) AS ratings, "
            "movie_stats.mean, ARRAY(SELECT name FROM movie_genres "
            "JOIN genres ON genres.id = genre_id WHERE movie_genres.movie_id = movies.id "
            "ORDER BY name) AS genres "
            "FROM movies LEFT JOIN movie_stats ON movie_stats.movie_id = movies.id "
            "WHERE movies.id = ANY(:ids)"
        ),
        connection,
        params={"ids": rated["movie_id"].tolist()},
    ).astype({"movie_id": "int64", "year": "Int64"})
    # An empty frame has no dtypes, and pandas joins only columns of the same dtype.
    return rated.astype({"movie_id": "int64"}).merge(facts, on="movie_id", how="inner")


def with_numbers(connection: Connection, rated_films: pd.DataFrame) -> pd.DataFrame:
    """Add the columns imdb_id and tmdb_id (Int64)."""
    numbers = pd.read_sql_query(
        text("SELECT id AS movie_id, imdb_id, tmdb_id FROM movies WHERE id = ANY(:ids)"),
        connection,
        params={"ids": rated_films["movie_id"].tolist()},
    ).astype({"movie_id": "int64", "imdb_id": "Int64", "tmdb_id": "Int64"})
    return rated_films.merge(numbers, on="movie_id", how="left")


def distribution(connection: Connection, rated: pd.DataFrame) -> pd.DataFrame:
    """Return the distribution of stars: columns rating (0.5–5), mine, everybody (shares, 0–1)."""
    everybody = pd.read_sql_query(
        text("SELECT rating::float8 AS rating, ratings FROM rating_distribution"), connection
    ).set_index("rating")["ratings"]
    steps = pd.Index(STARS, name="rating")
    mine = rated["rating"].value_counts().reindex(steps, fill_value=0)
    all_ratings = everybody.reindex(steps, fill_value=0)
    return pd.DataFrame(
        {"mine": mine / max(mine.sum(), 1), "everybody": all_ratings / max(all_ratings.sum(), 1)}
    ).reset_index()


def genres(connection: Connection, rated_films: pd.DataFrame, least: int = 3) -> pd.DataFrame:
    """Compare a user's mean rating of each genre with everybody's.

    Parameters
    ----------
    connection : Connection
    rated_films : DataFrame
        Result of `films`.
    least : int
        Minimum number of the genre's films that the user must have rated.

    Returns
    -------
    DataFrame
        genre, films (rated by the user), mine, everybody (mean stars), difference (stars); largest
        difference first.
    """
    everybody = pd.read_sql_query(
        text("SELECT genre, mean AS everybody FROM genre_stats"), connection
    )
    mine = (
        rated_films.explode("genres")
        .dropna(subset=["genres"])
        .groupby("genres")["rating"]
        .agg(films="size", mine="mean")
        .rename_axis("genre")
        .reset_index()
    )
    both = mine[mine["films"] >= least].merge(everybody, on="genre").dropna(subset=["everybody"])
    both["difference"] = both["mine"] - both["everybody"]
    return both.sort_values(["difference", "genre"], ascending=[False, True], ignore_index=True)


def disagreements(rated_films: pd.DataFrame, limit: int = 10, least: int = 5) -> pd.DataFrame:
    """Return the films on which a user's rating differs most from the mean.

    Parameters
    ----------
    rated_films : DataFrame
        Result of `films`.
    limit : int
        Maximum number of films.
    least : int
        Minimum number of ratings of a film, so that its mean is meaningful.

    Returns
    -------
    DataFrame
        Rows of `rated_films` with `difference` (the user's rating minus the mean, in stars),
        largest absolute difference first.
    """
    known = rated_films[rated_films["ratings"] >= least].copy()
    known["difference"] = known["rating"] - known["mean"]
    order = known["difference"].abs().sort_values(ascending=False, kind="stable").index
    return known.loc[order[:limit]].reset_index(drop=True)
