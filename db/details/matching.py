"""Which title in IMDb's files is which film of the database."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from db.loading.title_index import Film, TitleIndex

# A film of the database is most likely one that was shown in cinemas, and then one of a length. The
# first rank with a title of the film's name and year decides.
_RANKS = {
    "movie": 0,
    **dict.fromkeys(("tvMovie", "video", "tvSpecial", "tvMiniSeries"), 1),
    **dict.fromkeys(("short", "tvShort", "tvSeries"), 2),
}


class ImdbTitle(NamedTuple):
    """A line of title.basics."""

    number: int
    kind: str
    title: str
    original_title: str | None
    year: int | None
    minutes: int | None


@dataclass(slots=True)
class Matches:
    """The titles of films by their ids, and how many were found in which way."""

    found: dict[int, ImdbTitle] = field(default_factory=dict)
    by_number: int = 0
    by_title: int = 0
    ambiguous: int = 0


class Matcher:
    """Matches titles with films: by IMDb's number where a film has it, else by title and year.

    By title and year, a match is certain if exactly one title of its rank (films before television
    and video, these before shorts and series) has the film's year and one of its titles, and no
    other film has them. Other films are left out.

    Parameters
    ----------
    films : iterable of Film
    numbers : mapping of int to int
        IMDb's numbers by the films' ids, of films that have one.
    """

    def __init__(self, films: Iterable[Film], numbers: Mapping[int, int]) -> None:
        self._films: defaultdict[int, list[int]] = defaultdict(list)
        for movie_id, number in numbers.items():
            self._films[number].append(movie_id)
        self._ids = {b"tt%07d" % number for number in self._films}
        self._index = TitleIndex(film for film in films if film.id not in numbers)
        self._years = {b"%d" % year for year in self._index.years}
        self._kinds = {kind.encode() for kind in _RANKS}
        self._found: dict[int, ImdbTitle] = {}
        self._candidates: defaultdict[int, list[tuple[int, bool, ImdbTitle]]] = defaultdict(list)

    def may_match(self, key: bytes, line: bytes) -> bool:
        """Return whether a line of title.basics may be a film's, by its id, kind and year."""
        if key in self._ids:
            return True
        if not self._years:
            return False
        fields = line.split(b"\t", 6)
        return fields[5] in self._years and fields[1] in self._kinds

    def add(self, title: ImdbTitle) -> None:
        """Consider a title."""
        if title.number in self._films:
            for movie_id in self._films[title.number]:
                self._found.setdefault(movie_id, title)
            return
        names = {title.title, title.original_title or title.title}
        films = self._index.find(names, title.year)
        rank = _RANKS.get(title.kind)
        if rank is None:
            return
        for movie_id in films:
            self._candidates[movie_id].append((rank, len(films) == 1, title))

    def matches(self) -> Matches:
        """Return the certain matches among the titles so far."""
        matches = Matches(dict(self._found), by_number=len(self._found))
        for movie_id, candidates in self._candidates.items():
            first = min(rank for rank, _, _ in candidates)
            likeliest = [each for each in candidates if each[0] == first]
            _, is_alone, title = likeliest[0]
            if len(likeliest) == 1 and is_alone:
                matches.found[movie_id] = title
                matches.by_title += 1
            else:
                matches.ambiguous += 1
        return matches
