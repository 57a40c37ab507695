"""Matching by title and year, with one read of the catalogue for all rows of a file."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from accounts.imports.preview import Why
from accounts.imports.rows import Row
from db.loading.names import Names, names, without_article
from db.loading.titles import read_title
from db.queries.matching import Candidate

MOST_CANDIDATES = 5
LEAST_LIKENESS = 88.0
LEAST_AGREEMENT = 60.0
_YEARS_BETWEEN_REMAKES = 4


@dataclass(frozen=True, slots=True)
class Found:
    """The candidate films of a row, likeliest first; the match is certain if `why` is None."""

    films: tuple[Candidate, ...]
    why: Why | None = None


class TitleIndex:
    """An index of films by those titles that the rows need.

    Parameters
    ----------
    films : sequence of Film
        The catalogue.
    rows : iterable of Row
        The rows to look up.
    """

    def __init__(self, films: Sequence[Candidate], rows: Iterable[Row]) -> None:
        self._of_row = {row.place: _names_of_row(row) for row in rows}
        asked = {
            name
            for of_row in self._of_row.values()
            for name in (*of_row.own, *of_row.others, *of_row.plain, *of_row.parts)
        }
        asked.discard("")
        self._own: defaultdict[str, list[Candidate]] = defaultdict(list)
        self._others: defaultdict[str, list[Candidate]] = defaultdict(list)
        self._plain: defaultdict[str, list[Candidate]] = defaultdict(list)
        self._parts: defaultdict[str, list[Candidate]] = defaultdict(list)
        self._heads: defaultdict[str, list[Candidate]] = defaultdict(list)
        self._alike: defaultdict[tuple[int, str], dict[int, str]] = defaultdict(dict)
        self._films = films
        for place, film in enumerate(films):
            of_film = names(film.title)
            for index, spelled in (
                (self._own, of_film.own),
                (self._others, of_film.others),
                (self._plain, of_film.plain),
                (self._parts, of_film.parts),
            ):
                for name in asked.intersection(spelled):
                    index[name].append(film)
            head = without_article(of_film.head)
            if head in asked:
                self._heads[head].append(film)
            if film.year is not None:
                name = without_article(of_film.own[-1])
                self._alike[film.year, name[:1]][place] = name

    def find(self, row: Row) -> Found:
        """Return the film of a row or its candidates; none if no title is similar."""
        asked = self._of_row[row.place]
        named = [
            *_of(self._own, asked.own),
            *_of(self._others, asked.own),
            *_of(self._own, asked.others),
            *_of(self._others, asked.others),
            *_of(self._plain, asked.plain),
        ]
        near = [film for film in named if _is_near(film, row.year)]
        headed = [film for film in _of(self._heads, asked.plain) if _is_near(film, row.year)]
        if near:
            others = [film for film in named if _is_near(film, row.year, _YEARS_BETWEEN_REMAKES)]
            found = _decided(near, row.year, is_alone=len({*others, *headed}) == 1)
            if found.why is None:
                return found
            return Found(_likeliest([*near, *headed], row.year), found.why)
        alike = self._spelled_alike(asked, row.year)
        if row.year is not None and headed and {*alike} <= {*headed}:
            found = _decided(headed, row.year, is_alone=False)
            if found.why is None:
                return found
        return Found(alike, Why.SPELLING)

    def _spelled_alike(self, asked: Names, year: int | None) -> tuple[Candidate, ...]:
        if year is None:
            return ()
        partly = _of(self._parts, asked.own) + _of(self._own, asked.parts)
        alike = [film for film in partly if film.year is not None and _is_near(film, year)]
        name = without_article(asked.own[-1])
        scored: list[tuple[float, Candidate]] = []
        for near in (year, year - 1, year + 1):
            block = self._alike.get((near, name[:1]))
            if block:
                for _, score, place in process.extract(
                    name, block, scorer=fuzz.ratio, score_cutoff=LEAST_LIKENESS, limit=5
                ):
                    scored.append((score, self._films[place]))
        scored.sort(key=lambda pair: (-pair[0], -pair[1].ratings, pair[1].id))
        together = dict.fromkeys((*(film for _, film in scored), *_likeliest(alike, year)))
        return tuple(together)[:MOST_CANDIDATES]


def agrees(row: Row, film: Candidate) -> bool:
    """Return whether a row's title may be one of the film's; no title agrees with every film."""
    if not row.title:
        return True
    of_row, of_film = _names_of_row(row).plain, names(film.title).plain
    return any(
        fuzz.token_set_ratio(one, other) >= LEAST_AGREEMENT for one in of_row for other in of_film
    )


def _names_of_row(row: Row) -> Names:
    found = names(read_title(row.title).title)
    if not row.original_title:
        return found
    original = names(read_title(row.original_title).title)
    others = dict.fromkeys((*found.others, *original.own, *original.others))
    return Names(
        found.own,
        tuple(name for name in others if name not in found.own),
        found.parts,
        found.head,
    )


def _of(index: defaultdict[str, list[Candidate]], spelled: Iterable[str]) -> list[Candidate]:
    return [film for name in spelled if name and name in index for film in index[name]]


def _decided(near: Sequence[Candidate], year: int | None, *, is_alone: bool) -> Found:
    """Choose among the films of a title by the year.

    Services disagree on release years, so a year may differ by one: it can't distinguish two films
    of one title that were released a year apart.
    """
    likeliest = _likeliest(near, year)
    dated = {film for film in near if film.year is not None}
    if year is None or not dated:
        return Found(likeliest, Why.NO_YEAR)
    exact = [film for film in dated if film.year == year]
    if len(dated) == 1 and (exact or is_alone):
        return Found((*dated,))
    if len(dated) == 1:
        return Found(likeliest, Why.YEAR)
    return Found(likeliest, Why.SEVERAL if len(exact) != 1 else Why.NEAR)


def _is_near(film: Candidate, year: int | None, most: int = 1) -> bool:
    return film.year is None or year is None or abs(film.year - year) <= most


def _likeliest(films: Iterable[Candidate], year: int | None) -> tuple[Candidate, ...]:
    def order(film: Candidate) -> tuple[int, int, int]:
        apart = 0 if year is None else 2 if film.year is None else abs(film.year - year)
        return apart, -film.ratings, film.id

    return tuple(sorted(set(films), key=order)[:MOST_CANDIDATES])
