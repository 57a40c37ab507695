"""Matching of a file's rows with films, by their ids or else by title and year."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeAlias, TypeVar

from sqlalchemy import Connection

from accounts.imports.preview import By, Matched, Preview, Superseded, Unsure, Why
from accounts.imports.rows import Row
from accounts.imports.title_index import Found, TitleIndex, agrees
from db.loading.names import key, without_article
from db.queries import histories, matching, movies
from db.queries.matching import Candidate

_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)

_Item = TypeVar("_Item")


def present_ratings(connection: Connection, user_id: int) -> dict[int, float]:
    """Return a user's present ratings by film, for `match`."""
    history = histories.frame(connection, user_id)
    return dict(zip(history["movie_id"].tolist(), history["rating"].tolist(), strict=True))


def match(connection: Connection, rows: Sequence[Row], present: Mapping[int, float]) -> Preview:
    """Find the film of each row.

    A match is certain if one film has the row's MovieLens id (and a compatible title and year),
    IMDb id or TMDB id, or if one film of the same year has the same title. Case, accents,
    punctuation and articles in a title are ignored; it may be one of those that MovieLens has in
    brackets, and a part after a colon may be missing. The year may differ by one if no other film
    has the title.

    The user has to choose if the year is missing, several films match, the title is only similar,
    the row's IMDb or TMDB id is another film's, the file has two films of the same title and year,
    or the row's type is unknown.

    Of several rows of a film in one section, those with an id of the film take precedence; among
    these the one with the latest `rated_at`, and of those the last.

    Parameters
    ----------
    connection : Connection
        Gets at most three queries, whatever the number of rows.
    rows : sequence of Row
        From `read`.
    present : mapping of int to float
        The user's ratings by film: from `present_ratings`, or a visitor's.

    Returns
    -------
    Preview
        Every row once.
    """
    latest, superseded = _latest([(row, row) for row in rows], _identity)
    found = _find(connection, latest)
    wanted = {film.id for films, _, _ in found.values() for film in films}
    movie_of = {movie.id: movie for movie in movies.by_ids(connection, sorted(wanted))}
    matched: list[Matched] = []
    unsure: list[Unsure] = []
    not_found: list[Row] = []
    for row in latest:
        films, why, by = found[row.place]
        candidates = tuple(movie_of[film.id] for film in films if film.id in movie_of)
        if not candidates:
            not_found.append(row)
        elif why is None:
            movie = candidates[0]
            matched.append(Matched(row, movie, by, present.get(movie.id)))
        else:
            unsure.append(Unsure(row, candidates, why))
    kept, more = _latest(
        [(match.row, match) for match in matched],
        lambda match: (match.row.section, match.movie.id),
        before=lambda match: match.by is not By.TITLE,
    )
    return Preview(
        matched=tuple(kept),
        unsure=tuple(unsure),
        not_found=tuple(not_found),
        superseded=tuple(sorted([*superseded, *more], key=lambda pair: pair.row.place)),
        present={movie_id: present[movie_id] for movie_id in sorted(wanted & present.keys())},
    )


_Fate: TypeAlias = tuple[tuple[Candidate, ...], Why | None, By]


def _find(connection: Connection, rows: Sequence[Row]) -> dict[tuple[int, int], _Fate]:
    numbers = _Numbers(connection, rows)
    found: dict[tuple[int, int], _Fate] = {}
    unsure: dict[tuple[int, int], _Fate] = {}
    for row in rows:
        answer, by = numbers.find(row)
        if answer.films and answer.why is None:
            found[row.place] = (answer.films, None, by)
        elif answer.films:
            unsure[row.place] = (answer.films, answer.why, by)
    left = [
        row for row in rows if row.place not in found and row.is_film is not False and row.title
    ]
    titles = TitleIndex(matching.all_films(connection) if left else [], left)
    twins = _ambiguous_rows(rows)
    for row in left:
        by_title = titles.find(row)
        if not by_title.films:
            continue
        why = by_title.why or _doubt(row, by_title.films[0], is_twin=row.place in twins)
        if why is None or row.place not in unsure:
            found[row.place] = (by_title.films, why, By.TITLE)
    return {row.place: ((), None, By.TITLE) for row in rows} | unsure | found


def _doubt(row: Row, film: Candidate, *, is_twin: bool) -> Why | None:
    """Return why a film of the same title and year may still be a wrong match."""
    if is_twin:
        return Why.SEVERAL
    if _conflicts(row, film):
        return Why.NUMBER
    return Why.TYPE if row.is_film is None else None


def _conflicts(row: Row, film: Candidate) -> bool:
    """Return whether an id of a row contradicts the film's."""
    return any(
        of_row is not None and of_film is not None and of_row != of_film
        for of_row, of_film in ((row.imdb_id, film.imdb_id), (row.tmdb_id, film.tmdb_id))
    )


def _ambiguous_rows(rows: Iterable[Row]) -> set[tuple[int, int]]:
    """Return rows of different films with the same title and year: ids or URLs differ."""
    groups: defaultdict[tuple[str, int | None], list[Row]] = defaultdict(list)
    for row in rows:
        groups[without_article(key(row.title)), row.year].append(row)
    return {
        row.place
        for group in groups.values()
        if len(group) > 1
        and any(len({*known} - {None, ""}) > 1 for known in _distinguishing_values(group))
        for row in group
    }


def _distinguishing_values(group: Sequence[Row]) -> Iterator[list[object]]:
    yield [row.imdb_id for row in group]
    yield [row.tmdb_id for row in group]
    yield [row.movielens_id for row in group]
    yield [row.address for row in group]
    yield [row.directors for row in group]


class _Numbers:
    """The films that have the ids of the rows."""

    def __init__(self, connection: Connection, rows: Iterable[Row]) -> None:
        self._movielens: dict[int, Candidate] = {}
        self._imdb: defaultdict[int, list[Candidate]] = defaultdict(list)
        self._tmdb: defaultdict[int, list[Candidate]] = defaultdict(list)
        for film in matching.by_numbers(
            connection,
            ids={row.movielens_id for row in rows if row.movielens_id is not None},
            imdb_ids={row.imdb_id for row in rows if row.imdb_id is not None},
            tmdb_ids={row.tmdb_id for row in rows if row.tmdb_id is not None},
        ):
            self._movielens[film.id] = film
            if film.imdb_id is not None:
                self._imdb[film.imdb_id].append(film)
            if film.tmdb_id is not None:
                self._tmdb[film.tmdb_id].append(film)

    def find(self, row: Row) -> tuple[Found, By]:
        """Return the films with the ids of a row, and which id it was."""
        answer, answer_by = Found(()), By.MOVIELENS
        film = None if row.movielens_id is None else self._movielens.get(row.movielens_id)
        if film is not None and agrees(row, film):
            apart = 0 if row.year is None or film.year is None else abs(row.year - film.year)
            why = Why.NUMBER if _conflicts(row, film) else Why.YEAR if apart > 1 else None
            if why is None:
                return Found((film,)), By.MOVIELENS
            answer = Found((film,), why)
        # TMDB numbers films and series separately: a series' id is also another film's.
        tmdb_id = None if row.is_film is False else row.tmdb_id
        for number, films_of, by in (
            (row.imdb_id, self._imdb, By.IMDB),
            (tmdb_id, self._tmdb, By.TMDB),
        ):
            films = [] if number is None else films_of.get(number, [])
            fitting = [film for film in films if not _conflicts(row, film)]
            is_sure = by is By.IMDB or row.is_film is not None
            if len(fitting) == 1 and is_sure:
                return Found((fitting[0],)), by
            if films and not answer.films:
                likeliest = sorted(fitting or films, key=lambda film: (-film.ratings, film.id))
                why = Why.SEVERAL_NUMBERS if len(fitting) > 1 else Why.NUMBER
                answer, answer_by = Found(tuple(likeliest[:5]), why), by
        return answer, answer_by


def _latest(
    items: Sequence[tuple[Row, _Item]],
    same: Callable[[_Item], Hashable],
    *,
    before: Callable[[_Item], bool] = lambda _: False,
) -> tuple[list[_Item], list[Superseded]]:
    """Return the item with the latest row among equal items, and the rows of the others.

    Items for which `before` is true take precedence whatever their date.
    """
    last: dict[Hashable, tuple[Row, _Item]] = {}
    for row, item in items:
        other = last.get(same(item))
        if other is None or (before(other[1]), _when(other[0])) <= (before(item), _when(row)):
            last[same(item)] = (row, item)
    superseded = [
        Superseded(row, last[same(item)][0])
        for row, item in items
        if last[same(item)][0] is not row
    ]
    kept = {row.place for row, _ in last.values()}
    return [item for row, item in items if row.place in kept], superseded


def _when(row: Row) -> tuple[datetime, int]:
    return row.rated_at or _LONG_AGO, row.line


def _identity(row: Row) -> Hashable:
    numbers = (row.movielens_id, row.imdb_id, row.tmdb_id)
    known = (row.address, row.directors)
    return row.section, row.title, row.original_title, row.year, row.is_film, numbers, known
