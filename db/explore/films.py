"""Which films stand out, and how unevenly ratings fall on them."""

from dataclasses import dataclass
from typing import Literal

import pandas as pd
from sqlalchemy import Connection, text

from db.explore.filters import Slice

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

_STEPS, _FIRST = 200, 30


def outstanding(
    connection: Connection, chosen: Slice, order: Order, *, least: int, limit: int = 20
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
    limit : int
        How many films.

    Returns
    -------
    DataFrame
        movie_id, title, year (Int64), ratings, mean, bayesian_mean, deviation (in stars), liked
        (share of ratings of 4 stars or more).
    """
    return pd.read_sql(
        text(
            f"""
            WITH counted AS (
                SELECT movie_id, ratings, halves::float8 / 2 AS stars,
                       squares::float8 / 4 AS squares, likes
                FROM ({_of_films(chosen)}) AS films
            ), overall AS (
                SELECT avg(ratings)::float8 AS weight, sum(stars) / sum(ratings) AS mean
                FROM counted
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
        rank (films, the most rated first), ratings (of the film at that rank), films_share and
        ratings_share (of the films up to there, 0 to 1); some two hundred rows, however many films
        there are.
    """

    films: int
    gini: float
    steps: pd.DataFrame


def concentration(connection: Connection, chosen: Slice) -> Concentration:
    """The long tail, and the Lorenz curve's Gini coefficient."""
    frame = pd.read_sql(
        text(
            f"""
            WITH counted AS (
                {_of_films(chosen)}
            ), ranked AS (
                SELECT ratings, row_number() OVER ordered AS rank,
                       sum(ratings) OVER ordered AS cumulative
                FROM counted
                WINDOW ordered AS (ORDER BY ratings DESC, movie_id ROWS UNBOUNDED PRECEDING)
            ), overall AS (
                SELECT count(*) AS films, sum(ratings)::float8 AS total,
                       sum(rank * ratings)::float8 AS weighted FROM ranked
            )
            SELECT rank, ratings, rank / films::float8 AS films_share,
                   cumulative::float8 / total AS ratings_share, films,
                   (films + 1.0::float8) / films - 2 * weighted / films / total AS gini
            FROM ranked, overall
            WHERE rank % greatest(films / {_STEPS}, 1) = 0 OR rank <= {_FIRST} OR rank = films
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


def _of_films(chosen: Slice) -> str:
    """A row for each film with a rating that counts."""
    columns = ("ratings", "halves", "squares", "likes")
    if chosen.is_summed:
        return f"SELECT movie_id, {', '.join(columns)} FROM film_cube WHERE {chosen.of_cube()}"
    sums = ", ".join(f"sum({column}) AS {column}" for column in columns)
    return f"SELECT movie_id, {sums} FROM film_cube WHERE {chosen.of_cube()} GROUP BY movie_id"
