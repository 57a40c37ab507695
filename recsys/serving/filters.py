"""What a list is narrowed to: genres, years, how often films were rated."""

import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace

from recsys.data.genres import match_genres


@dataclass(frozen=True)
class Filters:
    """Which films may be listed; all of them by default.

    Attributes
    ----------
    genres : tuple of str
        In any spelling that `recsys.data.genres.match_genres` takes; none means all.
    match_all : bool
        Whether a film must have all of these genres, rather than any.
    year_from, year_to : int or None
        Both included; with either, films without a year are left out.
    least_ratings : int
        How often a film must have been rated, as the views count it.
    """

    genres: tuple[str, ...] = ()
    match_all: bool = False
    year_from: int | None = None
    year_to: int | None = None
    least_ratings: int = 0

    def resolved(self, available: Sequence[str]) -> "Filters":
        """The same with the genres' own spellings, each once, in alphabetical order.

        Raises
        ------
        recsys.data.genres.UnknownGenre
            When no film has one of the genres.
        """
        meant = [match_genres(genre, available) for genre in self.genres]
        genres = tuple(sorted({genre for each in meant for genre in each}))
        match_all = self.match_all or len(meant) == 1  # a word that means two genres means both
        return replace(self, genres=genres, match_all=match_all and len(genres) > 1)

    @property
    def name(self) -> str | None:
        """The same for all that let the same films through; None for those that let all."""
        return None if self == Filters() else json.dumps(astuple(self), separators=(",", ":"))

    @property
    def is_common(self) -> bool:
        """Whether there are few such filters, none or one genre: their lists are worth keeping."""
        return len(self.genres) <= 1 and self == Filters(self.genres)
