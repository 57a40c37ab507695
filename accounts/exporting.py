"""Ratings as a file to take elsewhere, or to bring back."""

import pandas as pd

from accounts.spreadsheets import defused


def as_csv(films: pd.DataFrame) -> str:
    """Ratings as CSV in MovieLens' columns, with titles and years beside them.

    Parameters
    ----------
    films : DataFrame
        As from `db.portrait.films`.

    Returns
    -------
    str
        userId (1), movieId, rating, timestamp (seconds since 1970), title, year; in the order of
        the rows.
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
