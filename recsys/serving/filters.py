"""Filters of lists: genres, years, number of ratings, length, age rating, origin, streaming."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, astuple, dataclass, replace
from typing import Any

from sqlalchemy import Engine

from db.connection.engine import for_reading
from db.queries import movies
from db.queries.guests import Guest
from db.queries.movies import AgeRating
from db.queries.users import User
from recsys.data.genres import match_genres

MOST_GENRES = 40
"""How many genres a request may name to list, or to leave out."""

STORED = ("not_genres", "max_minutes", "max_age_rating")
"""The filters that a person can store, by their names here, in the database and in the API."""

MOST_MINUTES = 1000
"""The greatest `Filters.max_minutes`; the database checks the same."""


@dataclass(frozen=True)
class Filters:
    """The films that may be listed; all of them by default.

    Attributes
    ----------
    genres : tuple of str
        In any spelling that `recsys.data.genres.match_genres` accepts; empty for all genres.
    match_all : bool
        Whether a film must have all of these genres, rather than any of them.
    year_from, year_to : int or None
        Both inclusive. With either, films without a year are left out.
    least_ratings : int
        How many ratings a film must have, according to the database views.
    not_genres : tuple of str
        The genres of which a film may have none, in any spelling; a word that means two genres
        excludes both.
    max_minutes : int or None
        The maximum length. With it, films whose length isn't known are left out.
    max_age_rating : "G", "PG", "PG-13", "R", "NC-17" or None
        The maximum age rating of the USA. With it, films that have none of these are left out.
    stream_in : str or None
        A country (two letters) in which films can be streamed, as far as it is known.
    original_language : str or None
        The films' original language (two letters); films of an unknown one are left out.
    made_in : str or None
        A country (two letters) where films were made; films of unknown countries are left out.
    """

    genres: tuple[str, ...] = ()
    match_all: bool = False
    year_from: int | None = None
    year_to: int | None = None
    least_ratings: int = 0
    not_genres: tuple[str, ...] = ()
    max_minutes: int | None = None
    max_age_rating: AgeRating | None = None
    stream_in: str | None = None
    original_language: str | None = None
    made_in: str | None = None

    def resolved(self, available: Sequence[str]) -> "Filters":
        """Return the filters with canonical genre names, unique and sorted.

        Parameters
        ----------
        available : sequence of str
            The genres that exist.

        Returns
        -------
        Filters

        Raises
        ------
        recsys.data.genres.UnknownGenre
            If no film has one of the genres.
        """
        meant = [match_genres(genre, available) for genre in self.genres]
        genres = _sorted(meant)
        match_all = self.match_all or len(meant) == 1  # a word that means two genres means both
        return replace(
            self,
            genres=genres,
            match_all=match_all and len(genres) > 1,
            not_genres=_sorted(match_genres(genre, available) for genre in self.not_genres),
        )

    @property
    def name(self) -> str | None:
        """A canonical name, the same for equal filters; None for filters that accept all films."""
        return None if self == EVERYTHING else json.dumps(astuple(self), separators=(",", ":"))

    @classmethod
    def stored_by(cls, who: User | Guest) -> "Filters":
        """Return the filters that somebody has stored."""
        return cls(**{name: getattr(who, name) for name in STORED})

    @property
    def stored(self) -> dict[str, Any]:
        """The filters that a person can store, by name."""
        return {name: getattr(self, name) for name in STORED}

    @property
    def is_common(self) -> bool:
        """Whether lists are cached: with at most one genre, and any genres left out.

        Lists with a maximum length or age rating aren't: a load of details changes them, and no
        data load says so.
        """
        genres_alone = Filters(self.genres, not_genres=self.not_genres)
        return len(self.genres) <= 1 and self == genres_alone


EVERYTHING = Filters()


def matching(engine: Engine, filters: Filters) -> list[int] | None:
    """Return the IDs of the films that match the filters; None if all do."""
    if filters == EVERYTHING:
        return None
    with for_reading(engine).connect() as connection:
        return movies.matching_ids(connection, **asdict(filters))


def _sorted(meant: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(sorted({genre for each in meant for genre in each}))
