"""Which films stand out, and how unevenly ratings fall on them."""

from dataclasses import dataclass
from typing import Literal

import pandas as pd
from sqlalchemy import Connection, text

from db.explore.filters import EVERYTHING, Slice

Order = Literal["best", "disputed", "underrated", "most"]

_ORDERS: dict[Order, str] = {
    "best": "bayesian_mean DESC, movie_id",
    "disputed": "deviation DESC, movie_id",
    "underrated": "bayesian_mean DESC, movie_id",
    "most": "ratings DESC, movie_id",
}

_LITTLE_KNOWN = (
    "WHERE ratings <= (SELECT percentile_disc(0.25) WITHIN GROUP (ORDER BY ratings) FROM judged)"
)

# As many ratings as the average film has, and their mean.
_OF_COUNTED = (
    "SELECT avg(ratings)::float8 AS weight, sum(stars) / sum(ratings) AS mean FROM counted"
)
_OF_EVERYTHING = "SELECT ratings::float8 / nullif(rated_films, 0) AS weight, mean FROM totals"

_STEPS, _FIRST = 200, 30


def outstanding(
    connection: Connection, chosen: Slice, order: Order, *, least: int, limit: int | None = 20
) -> pd.DataFrame:
    """The first films in an order, of those with at least `least` ratings that count.

    Parameters
    ----------
    connection : Connection
    chosen : Slice
    order : str
        "best": by Bayesian mean, which adds to each film as many ratings of the overall mean as
        the average film has. "disputed": by standard deviation of its ratings. "underrated": by
        Bayesian mean, of the quarter of films with the fewest ratings. "most": by number of
        ratings.
    least : int
        Films with fewer ratings are left out.
    limit : int or None
        How many films; None for all.

    Returns
    -------
    DataFrame
        movie_id, title, year (Int64), ratings, mean, bayesian_mean, deviation (in stars), liked
        (share of ratings of 4 stars or more).
    """
    # Read twice where that is reading rows that are there; what must be summed up, once.
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
            ), judged AS (
                SELECT movie_id, counted.ratings, stars / ratings AS mean,
                       (stars + overall.mean * weight) / (ratings + weight) AS bayesian_mean,
                       sqrt(greatest(squares / ratings - (stars / ratings) ^ 2, 0)) AS deviation,
                       (likes::float8 / ratings) AS liked
                FROM counted, overall WHERE counted.ratings >= :least
            ), first AS (
                SELECT * FROM judged {_LITTLE_KNOWN if order == "underrated" else ""}
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
    """How unevenly ratings fall on films.

    Attributes
    ----------
    films : int
        Films with at least one rating that counts.
    gini : float
        0 when each has as many ratings as any other, near 1 when one has them all.
    steps : DataFrame
        rank (films, the most rated first; the last of those that have as many ratings), ratings
        (of the film at that rank), films_share and ratings_share (of the films up to there, 0 to
        1); some two hundred rows at the most, unless every rank was asked for.
    """

    films: int
    gini: float
    steps: pd.DataFrame


def concentration(connection: Connection, chosen: Slice, *, every: bool = False) -> Concentration:
    """The long tail, and the Lorenz curve's Gini coefficient.

    Parameters
    ----------
    connection : Connection
    chosen : Slice
    every : bool
        Whether all ranks are wanted, not some two hundred of them.
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
    """A query with a row for each film with a rating that counts."""
    columns = ("ratings", "halves", "squares", "likes")
    if chosen.is_summed:
        return f"SELECT movie_id, {', '.join(columns)} FROM film_cube WHERE {chosen.of_cube()}"
    sums = ", ".join(f"sum({column}) AS {column}" for column in columns)
    return f"SELECT movie_id, {sums} FROM film_cube WHERE {chosen.of_cube()} GROUP BY movie_id"
