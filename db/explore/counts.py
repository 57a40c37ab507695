"""Counts and means of ratings by stars, time, genre and activity."""

import pandas as pd
from sqlalchemy import Connection, text

from db.explore.slices import BANDS, Slice
from db.scale import LIKE, STARS

_HALVES = [f"halves_{stars * 2:.0f}" for stars in STARS]
_LIKES = _HALVES[STARS.index(LIKE) :]


def distribution(connection: Connection, chosen: Slice) -> pd.DataFrame:
    """Count ratings by stars: columns rating (0.5–5), ratings, share (0–1)."""
    sums = ", ".join(f"coalesce(sum({half}), 0)::bigint" for half in _HALVES)
    row = connection.execute(
        text(f"SELECT {sums} FROM rating_cube WHERE {chosen.of_cube()}"), chosen.values
    ).one()
    frame = pd.DataFrame({"rating": STARS, "ratings": list(row)})
    return frame.assign(share=frame["ratings"] / max(frame["ratings"].sum(), 1))


def by_month(connection: Connection, chosen: Slice) -> pd.DataFrame:
    """Count the ratings of all films by month (UTC), including months without any.

    Filters on films do not apply: see `by_year`.

    Parameters
    ----------
    connection : Connection
    chosen : Slice

    Returns
    -------
    DataFrame
        period (the month's first day), ratings, people (users who rated), mean (stars; missing
        without ratings).
    """
    frame = _read(
        connection,
        chosen,
        "SELECT month AS period, sum(ratings)::bigint AS ratings, sum(people)::bigint AS people, "
        f"sum(halves)::float8 / 2 / sum(ratings) AS mean FROM rating_months "
        f"WHERE {chosen.of_months()} GROUP BY month ORDER BY month",
    )
    if frame.empty:
        return frame
    months = pd.to_datetime(frame["period"])
    every = pd.date_range(months.min(), months.max(), freq="MS", name="period")
    frame = frame.assign(period=months).set_index("period").reindex(every).reset_index()
    return frame.fillna({"ratings": 0, "people": 0}).astype({"ratings": "int64", "people": "int64"})


def by_year(connection: Connection, chosen: Slice) -> pd.DataFrame:
    """Count ratings by year (UTC): columns period (the year's first day), ratings, mean."""
    frame = _read(
        connection,
        chosen,
        "SELECT year, sum(ratings)::bigint AS ratings, "
        "sum(halves)::float8 / 2 / sum(ratings) AS mean FROM rating_cube "
        f"WHERE {chosen.of_cube(by_year=True)} GROUP BY year ORDER BY year",
    )
    if frame.empty:
        return frame.rename(columns={"year": "period"})
    every = pd.Index(range(frame["year"].min(), frame["year"].max() + 1), name="year")
    frame = frame.set_index("year").reindex(every).reset_index()
    frame.insert(0, "period", pd.to_datetime(frame.pop("year").astype(str)))
    return frame.fillna({"ratings": 0}).astype({"ratings": "int64"})


def genres(connection: Connection, chosen: Slice) -> pd.DataFrame:
    """Count ratings by genre: columns genre, ratings, share (of the slice), mean, liked.

    `liked` is the share of its ratings that are 4 stars or more. A film of two genres counts in
    both, so the shares add up to more than 1.
    """
    return _read(
        connection,
        chosen,
        f"""
        WITH counted AS (
            SELECT kind, sum(ratings) AS ratings, sum(halves) AS halves,
                   sum({" + ".join(_LIKES)}) AS likes
            FROM rating_cube WHERE {chosen.of_cube()} GROUP BY kind
        )
        SELECT (SELECT name FROM genres WHERE id = genre_id) AS genre,
               sum(ratings)::bigint AS ratings,
               (sum(ratings) / (SELECT sum(ratings) FROM counted))::float8 AS share,
               sum(halves)::float8 / 2 / sum(ratings)::float8 AS mean,
               (sum(likes) / sum(ratings))::float8 AS liked
        FROM counted JOIN kinds USING (kind), unnest(genres) AS genre_id
        GROUP BY genre_id ORDER BY ratings DESC, genre
        """,
    )


def genres_by_release(connection: Connection, chosen: Slice) -> pd.DataFrame:
    """Count ratings by genre and by the five-year period in which the film was released.

    Films of an unknown year are left out.

    Parameters
    ----------
    connection : Connection
    chosen : Slice

    Returns
    -------
    DataFrame
        genre, release (the first of the five years), ratings, of_all (ratings of all films
        released in these years), share (ratings / of_all; a film of two genres counts in both),
        mean (stars).
    """
    return _read(
        connection,
        chosen,
        f"""
        WITH counted AS (
            SELECT kind, sum(ratings) AS ratings, sum(halves) AS halves
            FROM rating_cube WHERE {chosen.of_cube()} GROUP BY kind
        ), of_release AS (
            SELECT release, sum(ratings) AS ratings
            FROM counted JOIN kinds USING (kind) WHERE release > 0 GROUP BY release
        )
        SELECT (SELECT name FROM genres WHERE id = genre_id) AS genre, release,
               sum(counted.ratings)::bigint AS ratings,
               max(of_release.ratings)::bigint AS of_all,
               (sum(counted.ratings) / max(of_release.ratings))::float8 AS share,
               sum(halves)::float8 / 2 / sum(counted.ratings)::float8 AS mean
        FROM counted JOIN kinds USING (kind) JOIN of_release USING (release),
             unnest(genres) AS genre_id
        GROUP BY genre_id, release ORDER BY genre, release
        """,
    )


def people(connection: Connection, chosen: Slice) -> pd.DataFrame:
    """Count users, and their ratings in the slice, by activity.

    Parameters
    ----------
    connection : Connection
    chosen : Slice

    Returns
    -------
    DataFrame
        band (index into `BANDS`), activity (its name), people (users with that many ratings in
        all), people_share (0–1), ratings (theirs in the slice), ratings_share (0–1); only bands
        with users.
    """
    frame = _read(
        connection,
        chosen,
        f"""
        SELECT band, people, coalesce(counted.ratings, 0)::bigint AS ratings
        FROM activity_bands LEFT JOIN (
            SELECT band, sum(ratings) AS ratings FROM rating_cube
            WHERE {chosen.of_cube(by_band=True)} GROUP BY band
        ) AS counted USING (band)
        {"WHERE band = ANY(:bands)" if chosen.bands else ""}
        ORDER BY band
        """,
    )
    return frame.assign(
        activity=[BANDS[band] for band in frame["band"]],
        people_share=frame["people"] / max(frame["people"].sum(), 1),
        ratings_share=frame["ratings"] / max(frame["ratings"].sum(), 1),
    )


def _read(connection: Connection, chosen: Slice, query: str) -> pd.DataFrame:
    return pd.read_sql_query(text(query), connection, params=chosen.values)
