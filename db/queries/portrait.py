"""What a person's ratings say about them, beside everybody's."""

import pandas as pd
from sqlalchemy import Connection, text


def films(connection: Connection, rated: pd.DataFrame) -> pd.DataFrame:
    """Ratings with their films.

    Parameters
    ----------
    connection : Connection
    rated : DataFrame
        movie_id, rating, rated_at.

    Returns
    -------
    DataFrame
        The same rows with title, year (Int64), genres (lists), ratings and mean (of everybody);
        films that are not in the database are left out.
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
    # An empty frame knows no kinds of columns, and pandas joins none but the same.
    return rated.astype({"movie_id": "int64"}).merge(facts, on="movie_id", how="inner")


def with_numbers(connection: Connection, rated_films: pd.DataFrame) -> pd.DataFrame:
    """The same rows with imdb_id and tmdb_id (Int64)."""
    numbers = pd.read_sql_query(
        text("SELECT id AS movie_id, imdb_id, tmdb_id FROM movies WHERE id = ANY(:ids)"),
        connection,
        params={"ids": rated_films["movie_id"].tolist()},
    ).astype({"movie_id": "int64", "imdb_id": "Int64", "tmdb_id": "Int64"})
    return rated_films.merge(numbers, on="movie_id", how="left")


def distribution(connection: Connection, rated: pd.DataFrame) -> pd.DataFrame:
    """How often stars are given, 0 to 1: rating (0.5 to 5), mine, everybody."""
    everybody = pd.read_sql_query(
        text("SELECT rating::float8 AS rating, ratings FROM rating_distribution"), connection
    ).set_index("rating")["ratings"]
    steps = pd.Index([step / 2 for step in range(1, 11)], name="rating")
    mine = rated["rating"].value_counts().reindex(steps, fill_value=0)
    all_ratings = everybody.reindex(steps, fill_value=0)
    return pd.DataFrame(
        {"mine": mine / max(mine.sum(), 1), "everybody": all_ratings / max(all_ratings.sum(), 1)}
    ).reset_index()


def genres(connection: Connection, rated_films: pd.DataFrame, least: int = 3) -> pd.DataFrame:
    """Genres that a person rates higher or lower than others rate them.

    Parameters
    ----------
    connection : Connection
    rated_films : DataFrame
        As from `films`.
    least : int
        How many films of a genre the person must have rated.

    Returns
    -------
    DataFrame
        genre, films (rated by the person), mine, everybody (mean stars), difference; the genre
        liked most above the others first.
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
    """The films on which a person differs most from the mean, of those rated often enough.

    Parameters
    ----------
    rated_films : DataFrame
        As from `films`.
    limit : int
        How many films.
    least : int
        How often a film must have been rated, for its mean to mean something.

    Returns
    -------
    DataFrame
        The rows of `rated_films`, with `difference` (mine less the mean), the largest first.
    """
    known = rated_films[rated_films["ratings"] >= least].copy()
    known["difference"] = known["rating"] - known["mean"]
    order = known["difference"].abs().sort_values(ascending=False, kind="stable").index
    return known.loc[order[:limit]].reset_index(drop=True)
