"""Subjects of the Inspector; people are numbers here, never names or emails."""

from dataclasses import dataclass

import pandas as pd

from db.queries.histories import History
from recsys.data.history import Rows
from recsys.serving.histories import history_of


@dataclass(frozen=True)
class Subject:
    """A person or a made-up history.

    Attributes
    ----------
    name : str
        "Person 195".
    history : DataFrame
        movie_id, rating, rated_at; oldest first.
    marked, dismissed : frozenset of int
        Films that aren't recommended to them (not interested, seen, watch later), and those of them
        that they aren't interested in.
    is_made_up : bool
        If so, its times mean only an order.
    """

    name: str
    history: pd.DataFrame
    marked: frozenset[int] = frozenset()
    dismissed: frozenset[int] = frozenset()
    is_made_up: bool = False

    @property
    def rows(self) -> Rows:
        """The history as models read it."""
        return history_of(History.of(self.history, self.marked, self.dismissed))
