"""The lists of each person of the taste panel, for inspection: means hide absurd lists."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from db.queries.movies import with_years
from recsys.evaluation.panel import Seat


def panel_lists(
    seated: Sequence[Seat], tables: Mapping[str, pd.DataFrame], movies: pd.DataFrame
) -> list[dict[str, Any]]:
    """Return the people of the panel with their five films from each contender.

    Parameters
    ----------
    seated : sequence of Seat
    tables : mapping of str to DataFrame
        By contender: the rows of `per_user_panel_metrics`, of one seed after the other.
    movies : DataFrame
        movie_id, title, year.

    Returns
    -------
    list of dict
        For each person: name, likes (titles), missing (film IDs) and lists. A list has by contender
        `fits@5`, the mean over seeds, and `films` of the first seed: movie_id, title, fits.
    """
    titles = dict(zip(movies["movie_id"].tolist(), with_years(movies), strict=True))
    return [
        {
            "name": seat.person.name,
            "likes": [titles[film] for film in seat.case.history["movie_id"]],
            "missing": list(seat.missing),
            "lists": {
                name: _five(table[table["user_id"] == seat.case.user_id], seat, titles)
                for name, table in tables.items()
            },
        }
        for seat in seated
    ]


def _five(rows: pd.DataFrame, seat: Seat, titles: Mapping[int, str]) -> dict[str, Any]:
    return {
        "fits@5": float(rows["fits@5"].mean()),
        "films": [
            {"movie_id": film, "title": titles[film], "fits": film in seat.case.relevant}
            for film in rows["films"].iloc[0]
        ],
    }
