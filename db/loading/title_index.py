"""Films by title and year, for sources that lack their ids."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from db.loading.names import names
from db.loading.titles import read_title


class Film(NamedTuple):
    """A film of the database; a film without a year matches nothing."""

    id: int
    title: str
    year: int | None


class TitleIndex:
    """An index of films by their titles and years.

    A title matches if it has the film's year and equals the film's title, with its article, or one
    in brackets behind it, which MovieLens uses for titles in other languages. Case, accents and
    punctuation are ignored.

    Parameters
    ----------
    films : iterable of Film
    """

    def __init__(self, films: Iterable[Film]) -> None:
        self._ids: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
        self.years: set[int] = set()
        for film in films:
            if film.year is None:
                continue
            self.years.add(film.year)
            spelled = names(film.title)
            for name in (*spelled.own, *spelled.others):
                self._ids[name, film.year].add(film.id)

    def find(self, titles: Iterable[str], year: int | None) -> set[int]:
        """Return the ids of the films of a year that have one of these titles.

        Parameters
        ----------
        titles : iterable of str
            One film's, each with its article in front or, as MovieLens has it, at the end.
        year : int or None

        Returns
        -------
        set of int
            Several if the titles are ambiguous.
        """
        if year is None or year not in self.years:
            return set()
        found: set[int] = set()
        for title in titles:
            for name in names(read_title(title).title).own:
                found |= self._ids.get((name, year), set())
        return found
