"""The taste panel: fictitious people with a few films they love, and what fits their taste.

It measures what ratings can't: whether the list of a person with few ratings reflects their taste.
People first rate the popular films that a sign-up page shows (Fan et al. 2023,
https://arxiv.org/abs/2307.09985), so NDCG at cold start rewards lists of those.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from db.scale import HIGHEST
from recsys.data.genres import IN_RUSSIAN, UnknownGenre, match_genre

PANEL = Path(__file__).with_name("taste_panel.json")

Film = Annotated[int, Field(ge=0)]
Name = Annotated[str, Field(min_length=1, max_length=80)]


class PanelError(ValueError):
    """The file isn't a valid panel; the message names the place and what is wrong."""


class Person(BaseModel):
    """A person of the panel.

    Attributes
    ----------
    name : str
    likes : tuple of int
        MovieLens IDs of the films that the person rated five stars, the oldest first.
    genres : tuple of tuple of str
        A film fits if it has all genres of any of these.
    years : (int, int), optional
        If given, only films from these years fit, both inclusive.
    films : tuple of int
        Other films that fit, whatever their genres and years.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: Name
    likes: Annotated[tuple[Film, ...], Field(min_length=1)]
    genres: tuple[Annotated[tuple[str, ...], Field(min_length=1)], ...] = ()
    years: tuple[int, int] | None = None
    films: tuple[Film, ...] = ()

    @model_validator(mode="after")
    def _says_what_fits(self) -> "Person":
        if not self.genres and not self.films:
            raise ValueError("it needs genres or films: without them no film fits")
        if self.years is not None and self.years[0] > self.years[1]:
            raise ValueError("years: the first is after the last")
        return self


@dataclass(frozen=True)
class Match:
    """A person of the panel in a data set that has at least one of their likes.

    Attributes
    ----------
    number : int
        The person's place in the panel, from 1.
    person : Person
    likes : list of int
        The IDs of the likes that the data set has, the oldest first.
    fits : frozenset of int
        The IDs of the films that fit, without the likes; may be empty.
    """

    number: int
    person: Person
    likes: list[int]
    fits: frozenset[int]

    def history(self, since: pd.Timestamp) -> pd.DataFrame:
        """Return five stars for each like from `since` on: movie_id, rating, rated_at."""
        times = [since + pd.Timedelta(seconds=second) for second in range(len(self.likes))]
        return pd.DataFrame({"movie_id": self.likes, "rating": HIGHEST, "rated_at": times})


_PANEL = TypeAdapter(Annotated[tuple[Person, ...], Field(min_length=1)])


def read_panel(path: Path = PANEL) -> tuple[Person, ...]:
    """Read a panel.

    Parameters
    ----------
    path : Path
        A JSON list of objects with the attributes of `Person`.

    Returns
    -------
    tuple of Person

    Raises
    ------
    PanelError
        If there is no such file, or it isn't a valid panel.
    """
    try:
        panel = _PANEL.validate_json(path.read_bytes())
    except OSError as error:
        raise PanelError(f"{path} can't be read: {error.strerror}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise PanelError(f"{path}{_place(first['loc'])}: {first['msg']}.") from error
    names = [person.name for person in panel]
    for number, person in enumerate(panel, start=1):
        if person.name in names[: number - 1]:
            raise PanelError(f"{path}, person {number}: there are two called {person.name!r}.")
        for genre in (genre for together in person.genres for genre in together):
            _known_genre(genre, list(IN_RUSSIAN), f"{path}, person {number} ({person.name})")
    return panel


def matches(panel: Sequence[Person], movies: pd.DataFrame) -> list[Match]:
    """Match the panel with a data set.

    Parameters
    ----------
    panel : sequence of Person
    movies : DataFrame
        movie_id, genres (lists of str) and year.

    Returns
    -------
    list of Match
        In the panel's order, without people none of whose likes the data set has.
    """
    films = movies.set_index("movie_id")
    genres = sorted({genre for own in films["genres"] for genre in own})
    found = []
    for number, person in enumerate(panel, start=1):
        if likes := [film for film in person.likes if film in films.index]:
            fits = _fitting(person, films, genres).difference(likes)
            found.append(Match(number, person, likes, fits))
    return found


def _fitting(person: Person, films: pd.DataFrame, genres: list[str]) -> frozenset[int]:
    of_genres = pd.Series(False, films.index)
    for together in person.genres:
        wanted = _in_data(together, genres)
        if wanted is not None:
            of_genres |= films["genres"].map(wanted.issubset)
    if person.years is not None:
        of_genres &= films["year"].between(*person.years).fillna(False).astype(bool)
    fitting = films.index[of_genres | films.index.isin(person.films)]
    return frozenset(fitting.tolist())


def _in_data(together: Sequence[str], genres: list[str]) -> frozenset[str] | None:
    """Return the genres as the data set spells them ("Children's"); None if it lacks one."""
    try:
        return frozenset(match_genre(genre, genres) for genre in together)
    except UnknownGenre:
        return None


def _known_genre(genre: str, genres: list[str], where: str) -> None:
    try:
        match_genre(genre, genres)
    except UnknownGenre as error:
        raise PanelError(f"{where}: {error}.") from error


def _place(loc: Sequence[int | str]) -> str:
    """Return the place in the file: ", person 3, likes, 2"."""
    counted = [each if isinstance(each, str) else str(each + 1) for each in loc]
    if loc and isinstance(loc[0], int):
        counted[0] = f"person {counted[0]}"
    return "".join(f", {each}" for each in counted)
