"""Export of ratings to a file for other services or a later import."""

from datetime import UTC
from typing import Literal

import pandas as pd
from sqlalchemy import Connection

from accounts.spreadsheets import defused
from db.queries import portrait

Form = Literal["movielens", "letterboxd"]
"""The service whose columns a file has."""


def write(connection: Connection, rated: pd.DataFrame, form: Form) -> str:
    """Return ratings (movie_id, rating, rated_at) as CSV in one of the formats."""
    films = portrait.films(connection, rated)
    if form == "movielens":
        return as_csv(films)
    return as_letterboxd(portrait.with_numbers(connection, films))


def as_csv(films: pd.DataFrame) -> str:
    """Return ratings as CSV with MovieLens' columns, and titles and years.

    Parameters
    ----------
    films : DataFrame
        Result of `db.queries.portrait.films`.

    Returns
    -------
    str
        userId (1), movieId, rating (0.5–5), timestamp (seconds since 1970), title, year; in the
        order of the rows.
    """
    table = pd.DataFrame(
        {
            "userId": 1,
            "movieId": films["movie_id"],
            "rating": films["rating"],
            "timestamp": films["rated_at"].map(lambda when: int(when.timestamp())),
            "title": films["title"],
            "year": films["year"],
        }
    )
    return defused(table).to_csv(index=False, lineterminator="\r\n")


def as_letterboxd(films: pd.DataFrame) -> str:
    """Return ratings as CSV in the format that Letterboxd imports.

    Parameters
    ----------
    films : DataFrame
        Result of `db.queries.portrait.with_numbers`.

    Returns
    -------
    str
        tmdbID, imdbID, Title, Year, Rating (0.5–5), WatchedDate (the day of the rating, in UTC),
        and RatedAt with the time, which Letterboxd ignores; in the order of the rows.

    References
    ----------
    https://letterboxd.com/about/importing-data/
    """
    table = pd.DataFrame(
        {
            "tmdbID": films["tmdb_id"],
            "imdbID": films["imdb_id"].map(lambda number: f"tt{number:07}", na_action="ignore"),
            "Title": films["title"],
            "Year": films["year"],
            "Rating": films["rating"],
            "WatchedDate": films["rated_at"].map(lambda when: when.astimezone(UTC).date()),
            "RatedAt": films["rated_at"].map(
                lambda when: when.astimezone(UTC).isoformat(timespec="seconds")
            ),
        }
    )
    return defused(table).to_csv(index=False, lineterminator="\r\n")
