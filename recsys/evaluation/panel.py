"""The taste panel as a split of an evaluation."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from db.scale import HIGHEST
from i18n.language import Text
from recsys.data.taste_panel import Person, fitting
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
    films = movies.set_index("movie_id")
    genres = sorted({genre for own in films["genres"] for genre in own})
    seated = []
    for number, person in enumerate(panel, start=1):
        likes = [film for film in person.likes if film in films.index]
        if not likes:
            continue
        missing = tuple(film for film in (*person.likes, *person.films) if film not in films.index)
        fits = fitting(person, films, genres).difference(likes)
        seated.append(Seat(person, Case(-number, _history(likes, since), fits), missing))
    return seated


def split(seated: Sequence[Seat], ratings: pd.DataFrame) -> Split:
    """Return the split with all ratings for training, and the panel as cases."""
    return Split("panel", _TITLE, ratings, [seat.case for seat in seated])


def _history(likes: Sequence[int], since: pd.Timestamp) -> pd.DataFrame:
    times = [since + pd.Timedelta(seconds=second) for second in range(len(likes))]
    return pd.DataFrame({"movie_id": likes, "rating": HIGHEST, "rated_at": times})
