"""Small frames to fit models to."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from recsys.models.results import Recommendation

TINY: dict[str, Any] = {"members": 2, "components": 4, "epochs": 10}


def ratings(*rows: tuple[int, int, float, int]) -> pd.DataFrame:
    """Build ratings from rows of person, film, stars and second."""
    frame = pd.DataFrame(rows, columns=["user_id", "movie_id", "rating", "rated_at"])
    frame["rated_at"] = pd.to_datetime(frame["rated_at"], unit="s", utc=True)
    return frame


def history(*rows: tuple[int, float, int]) -> pd.DataFrame:
    """Build one person's history from rows of film, stars and second."""
    return ratings(*((1, *row) for row in rows)).drop(columns="user_id")


def stars(history: pd.DataFrame) -> list[tuple[int, float]]:
    """Return the films of a history with their stars, in its order."""
    return list(zip(history["movie_id"], history["rating"], strict=True))


def likes(*movie_ids: int) -> pd.DataFrame:
    """Build a history of five stars for each film, oldest first."""
    return history(*((film, 5.0, second) for second, film in enumerate(movie_ids)))


def movies(rows: dict[int, tuple[int | None, Sequence[str]]]) -> pd.DataFrame:
    """Build films from years and genres by film ID."""
    frame = pd.DataFrame(
        [(film, f"Film {film}", year, list(genres)) for film, (year, genres) in rows.items()],
        columns=["movie_id", "title", "year", "genres"],
    )
    return frame.astype({"year": "Int64"})


def ids(items: Sequence[Recommendation]) -> list[int]:
    """Return the film IDs of a list."""
    return [item.movie_id for item in items]


def checkerboard(size: int = 24) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Build ratings and films with IDs from 1: odd people like odd films, even people even ones.

    Each person likes all films of their colour except the one with their own ID, which is the only
    correct recommendation.
    """
    rows = [
        (person, film, 5.0, film)
        for person in range(1, size + 1)
        for film in range(1, size + 1)
        if person % 2 == film % 2 and person != film
    ]
    return ratings(*rows), movies({film: (None, []) for film in range(1, size + 1)})
