"""Whose lists are looked at; people are numbers here, never names or emails."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Subject:
    """A person, or a history that was made up.

    Attributes
    ----------
    name : str
        "Person 195".
    history : DataFrame
        movie_id, rating, rated_at; oldest first.
    marked : frozenset of int
        Films that they want no more of: not interested, seen, to watch later.
    is_made_up : bool
        Then its times mean nothing but the order.
    """

    name: str
    history: pd.DataFrame
    marked: frozenset[int] = frozenset()
    is_made_up: bool = False
