"""The taste panel as a split of an evaluation."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from i18n.language import Text
from recsys.data.taste_panel import Person, matches
from recsys.evaluation.splits import Case, Split

_TITLE = Text(
    "Taste panel: made-up people, known by one to three films they gave five stars; a film fits "
    "when it has the genres, or is among the films, that were written down for them beforehand."
)


@dataclass(frozen=True)
class Seat:
    """A person of the panel, matched with a data set.

    Attributes
    ----------
    person : Person
    case : Case
        `relevant` has the films that fit; it may be empty.
    missing : tuple of int
        The IDs of liked and fitting films that the data set doesn't have.
    """

    person: Person
    case: Case
    missing: tuple[int, ...]


def seats(panel: Sequence[Person], movies: pd.DataFrame, since: pd.Timestamp) -> list[Seat]:
    """Match the panel with a data set, rating at `since`; skip people none of whose likes it has.

    They have negative IDs, which no one in a data set has.
    """
    known = {*movies["movie_id"]}
    return [
        Seat(
            each.person,
            Case(-each.number, each.history(since), each.fits),
            tuple(film for film in (*each.person.likes, *each.person.films) if film not in known),
        )
        for each in matches(panel, movies)
    ]


def split(seated: Sequence[Seat], ratings: pd.DataFrame) -> Split:
    """Return the split with all ratings for training, and the panel as cases."""
    return Split("panel", _TITLE, ratings, [seat.case for seat in seated])
