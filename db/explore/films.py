"""Films that stand out, and how unevenly ratings are distributed over films."""

from dataclasses import dataclass
from typing import Literal

import pandas as pd
from sqlalchemy import Connection, text

from db.explore.slices import EVERYTHING, Slice

Order = Literal["best", "disputed", "underrated", "most"]

_ORDERS: dict[Order, str] = {
    "best": "bayesian_mean DESC, movie_id",
    "disputed": "deviation DESC, movie_id",
    "underrated": "bayesian_mean DESC, movie_id",
    "most": "ratings DESC, movie_id",
}

_LITTLE_KNOWN = (
    "WHERE ratings <= (SELECT percentile_disc(0.25) WITHIN GROUP (ORDER BY ratings) FROM averaged)"
)

# The prior of the Bayesian mean: as many ratings as the average film has, at the overall mean.
_OF_COUNTED = (
    "SELECT avg(ratings)::float8 AS weight, sum(stars) / sum(ratings) AS mean FROM counted"
)
_OF_EVERYTHING = "SELECT ratings::float8 / nullif(rated_films, 0) AS weight, mean FROM totals"

_STEPS, _FIRST = 200, 30


def outstanding(
    connection: Connection, chosen: Slice, order: Order, *, least: int, limit: int | None = 20
) -> pd.DataFrame:
    """Return the top films in an order, of those with at least `least` ratings in the slice.

    Parameters
    ----------
    connection : Connection
    chosen : Slice
    order : str
        "best": by Bayesian mean, which adds to each film as many ratings at the overall mean as
        the average film has. "disputed": by standard deviation of its ratings. "underrated": by
        Bayesian mean, among the quarter of films with the fewest ratings. "most": by number of
        ratings.
    least : int
        Films with fewer ratings are left out.
    limit : int or None
        Maximum number of films; None for all.

    Returns
    -------
    DataFrame
        movie_id, title, year (Int64), ratings, mean, bayesian_mean, deviation (all in stars), liked
        (share of ratings of 4 stars or more).
    """
    # Rows that exist may be read twice; sums should be computed only once.
    how = "NOT MATERIALIZED" if chosen.is_summed else "MATERIALIZED"
    return pd.read_sql_query(
        text(
            f"""
            WITH counted AS {how} (
                SELECT movie_id, ratings, halves::float8 / 2 AS stars,
                       squares::float8 / 4 AS squares, likes
                FROM ({of_films(chosen)}) AS each
            ), overall AS (
                {_OF_EVERYTHING if chosen == EVERYTHING else _OF_COUNTED}
            ), averaged AS (
                SELECT movie_id, counted.ratings, stars / ratings AS mean,
                       (stars + overall.mean * weight) / (ratings + weight) AS bayesian_mean,
                       sqrt(greatest(squares / ratings - (stars / ratings) ^ 2, 0)) AS deviation,
                       (likes::float8 / ratings) AS liked
                FROM counted, overall WHERE counted.ratings >= :least
            ), first AS (
                SELECT * FROM averaged {_LITTLE_KNOWN if order == "underrated" else ""}
                ORDER BY {_ORDERS[order]} LIMIT :limit
            )
            SELECT movie_id, title, year, ratings, mean, bayesian_mean, deviation, liked
            FROM first JOIN movies ON movies.id = movie_id
            ORDER BY {_ORDERS[order]}
            """
        ),
        connection,
        params=chosen.values | {"least": least, "limit": limit},
    ).astype({"year": "Int64"})


@dataclass(frozen=True)
class Concentration:
    """How unevenly ratings are distributed over films.

    Attributes
    ----------
    films : int
        Films with at least one rating in the slice.
    gini : float
        Gini coefficient: 0 if all films have the same number of ratings, near 1 if one has all.
    steps : DataFrame
        rank (most rated first; of films with equal numbers of ratings, the last), ratings (of the
        film at that rank), films_share and ratings_share (of the films up to that rank, 0–1);
        about two hundred rows at most, unless every rank was requested.
    """

    films: int
    gini: float
    steps: pd.DataFrame


def concentration(connection: Connection, chosen: Slice, *, every: bool = False) -> Concentration:
    """Compute the Lorenz curve of ratings over films and its Gini coefficient.

    Parameters
    ----------
    connection : Connection
    chosen : Slice
    every : bool
        Return all ranks rather than about two hundred.

    Returns
    -------
    Concentration
    """
    some = (
        "TRUE"
        if every
        else f"rank <= {_FIRST} OR rank = overall.films"
        f" OR floor(rank * {_STEPS} / overall.films)"
        f" > floor((rank - ranked.films) * {_STEPS} / overall.films)"
    )
    frame = pd.read_sql_query(
        text(
            f"""
            WITH counted AS (
                SELECT ratings::float8, count(*)::float8 AS films
                FROM ({of_films(chosen)}) AS each GROUP BY ratings
            ), ranked AS (
                SELECT ratings, films, sum(films) OVER ordered AS rank,
                       sum(ratings * films) OVER ordered AS cumulative
                FROM counted WINDOW ordered AS (ORDER BY ratings DESC)
            ), overall AS (
                SELECT sum(films) AS films, sum(ratings * films) AS total,
                       sum(ratings * films * (rank - (films - 1) / 2)) AS weighted
                FROM ranked
            )
            SELECT rank::bigint, ratings::bigint, rank / overall.films AS films_share,
                   cumulative / total AS ratings_share, overall.films,
                   (overall.films + 1) / overall.films - 2 * weighted / overall.films / total
                   AS gini
            FROM ranked, overall
            WHERE {some}
            ORDER BY rank
            """
        ),
        connection,
        params=chosen.values,
    )
    if frame.empty:
        return Concentration(0, 0.0, frame.drop(columns=["films", "gini"]))
    return Concentration(
        films=int(frame["films"].iloc[0]),
        gini=float(frame["gini"].iloc[0]),
        steps=frame.drop(columns=["films", "gini"]),
    )


def of_films(chosen: Slice) -> str:
    """Return a query with a row for each film that has a rating in the slice."""
    columns = ("ratings", "halves", "squares", "likes")
    if chosen.is_summed:
        return f"SELECT movie_id, {', '.join(columns)} FROM film_cube WHERE {chosen.of_cube()}"
    sums = ", ".join(f"sum({column}) AS {column}" for column in columns)
    return f"SELECT movie_id, {sums} FROM film_cube WHERE {chosen.of_cube()} GROUP BY movie_id"
