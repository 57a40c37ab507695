"""Which film a title and a year mean: one read of the catalogue for all rows of a file."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from accounts.imports.names import Names, names, without_article
from accounts.imports.preview import Why
from accounts.imports.rows import Row
from db.loading.titles import read_title
from db.matching import Film

MOST_CANDIDATES = 5
LEAST_LIKENESS = 88.0
LEAST_AGREEMENT = 60.0


@dataclass(frozen=True, slots=True)
class Found:
    """The films that a row may be, the likeliest first; certain when `why` is None."""

    films: tuple[Film, ...]
    why: Why | None = None


class Titles:
    """The films by their titles, as far as some rows ask for them.

    Parameters
    ----------
    films : sequence of Film
        The catalogue.
    rows : iterable of Row
        The rows that will be looked up.
    """

    def __init__(self, films: Sequence[Film], rows: Iterable[Row]) -> None:
        self._of_row = {row.line: _names_of_row(row) for row in rows}
        asked = {
            name
            for of_row in self._of_row.values()
            for name in (*of_row.own, *of_row.others, *of_row.plain, *of_row.parts)
        }
        asked.discard("")
        self._own: defaultdict[str, list[Film]] = defaultdict(list)
        self._others: defaultdict[str, list[Film]] = defaultdict(list)
        self._plain: defaultdict[str, list[Film]] = defaultdict(list)
        self._parts: defaultdict[str, list[Film]] = defaultdict(list)
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
            if film.year is not None:
                name = without_article(of_film.own[-1])
                self._alike[film.year, name[:1]][place] = name

    def find(self, row: Row) -> Found:
        """The film of a row, or those that it may be; none when there is nothing like it."""
        asked = self._of_row[row.line]
        levels = (
            _of(self._own, asked.own),
            _of(self._others, asked.own),
            _of(self._own, asked.others),
            _of(self._others, asked.others),
            _of(self._plain, asked.plain),
        )
        for films in levels:
            same_year = [film for film in films if row.year is not None and film.year == row.year]
            if same_year:
                likeliest = _likeliest(same_year, row.year)
                return Found(likeliest, Why.SEVERAL if len(likeliest) > 1 else None)
        near = [film for films in levels for film in films if _is_near(film, row.year)]
        if near:
            unknown = row.year is None or all(film.year is None for film in near)
            return Found(_likeliest(near, row.year), Why.NO_YEAR if unknown else Why.YEAR)
        return Found(self._spelled_alike(asked, row.year), Why.SPELLING)

    def _spelled_alike(self, asked: Names, year: int | None) -> tuple[Film, ...]:
        if year is None:
            return ()
        partly = _of(self._parts, asked.own) + _of(self._own, asked.parts)
        alike = [film for film in partly if film.year is not None and _is_near(film, year)]
        name = without_article(asked.own[-1])
        scored: list[tuple[float, Film]] = []
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


def agrees(row: Row, film: Film) -> bool:
    """Whether the title of a row may be one of the film's; one without a title agrees with all."""
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
    return Names(found.own, tuple(name for name in others if name not in found.own), found.parts)


def _of(index: defaultdict[str, list[Film]], spelled: Iterable[str]) -> list[Film]:
    return [film for name in spelled if name and name in index for film in index[name]]


def _is_near(film: Film, year: int | None) -> bool:
    return film.year is None or year is None or abs(film.year - year) <= 1


def _likeliest(films: Iterable[Film], year: int | None) -> tuple[Film, ...]:
    def order(film: Film) -> tuple[int, int, int]:
        apart = 0 if year is None else 2 if film.year is None else abs(film.year - year)
        return apart, -film.ratings, film.id

    return tuple(sorted(set(films), key=order)[:MOST_CANDIDATES])
