"""Which film each row of a file is: by its numbers, else by title and year."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import Connection

from accounts.imports.preview import By, Matched, Preview, Superseded, Unsure, Why
from accounts.imports.rows import Row
from accounts.imports.titles import Found, Titles, agrees
from db import matching, movies, ratings
from db.matching import Film

_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)

_Item = TypeVar("_Item")


def present_ratings(connection: Connection, user_id: int) -> dict[int, float]:
    """What a person has rated so far, as `match` takes it: rating by film."""
    history = ratings.history(connection, user_id)
    return dict(zip(history["movie_id"].tolist(), history["rating"].tolist(), strict=True))


def match(connection: Connection, rows: Sequence[Row], present: Mapping[int, float]) -> Preview:
    """Find the film of each row.

    A film is certain when one film has the row's number at MovieLens (and a title and year that
    go with the row's), at IMDb or at TMDB, or when one film of the same year has the same title.
    Case, accents, signs and articles don't matter to a title, and it may be one of those that
    MovieLens has in brackets. Where the year is another one by one or is missing, several films
    fit, or the title is nearly the same, somebody has to choose. Of several rows of a film the
    one with the latest `rated_at` counts, of those the last.

    Parameters
    ----------
    connection : Connection
        Three queries at the most, however many rows there are.
    rows : sequence of Row
        As `read` gives them.
    present : mapping of int to float
        The ratings that the person has, by film: of `present_ratings`, or a visitor's.

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
        films, why, by = found[row.line]
        candidates = tuple(movie_of[film.id] for film in films if film.id in movie_of)
        if not candidates:
            not_found.append(row)
        elif why is None:
            movie = candidates[0]
            matched.append(Matched(row, movie, by, present.get(movie.id)))
        else:
            unsure.append(Unsure(row, candidates, why))
    kept, more = _latest([(match.row, match) for match in matched], lambda match: match.movie.id)
    return Preview(
        matched=tuple(kept),
        unsure=tuple(unsure),
        not_found=tuple(not_found),
        superseded=tuple(sorted([*superseded, *more], key=lambda pair: pair.row.line)),
        present={movie_id: present[movie_id] for movie_id in sorted(wanted & present.keys())},
    )


def _find(
    connection: Connection, rows: Sequence[Row]
) -> dict[int, tuple[tuple[Film, ...], Why | None, By]]:
    numbers = _Numbers(connection, rows)
    found: dict[int, tuple[tuple[Film, ...], Why | None, By]] = {}
    unsure: dict[int, tuple[tuple[Film, ...], Why, By]] = {}
    for row in rows:
        answer, by = numbers.find(row)
        if answer.films and answer.why is None:
            found[row.line] = (answer.films, None, by)
        elif answer.films and answer.why is not None:
            unsure[row.line] = (answer.films, answer.why, by)
    left = [row for row in rows if row.line not in found and row.is_film and row.title]
    titles = Titles(matching.all_films(connection) if left else [], left)
    for row in left:
        by_title = titles.find(row)
        if by_title.films and (by_title.why is None or row.line not in unsure):
            found[row.line] = (by_title.films, by_title.why, By.TITLE)
    return {row.line: ((), None, By.TITLE) for row in rows} | unsure | found


class _Numbers:
    """The films that have the numbers of some rows."""

    def __init__(self, connection: Connection, rows: Iterable[Row]) -> None:
        self._movielens: dict[int, Film] = {}
        self._imdb: defaultdict[int, list[Film]] = defaultdict(list)
        self._tmdb: defaultdict[int, list[Film]] = defaultdict(list)
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
        """The films with the numbers of a row, and which number it was."""
        answer = Found(())
        film = None if row.movielens_id is None else self._movielens.get(row.movielens_id)
        if film is not None and agrees(row, film):
            apart = 0 if row.year is None or film.year is None else abs(row.year - film.year)
            if apart <= 1:
                return Found((film,)), By.MOVIELENS
            answer = Found((film,), Why.YEAR)
        for number, films_of, by in (
            (row.imdb_id, self._imdb, By.IMDB),
            (row.tmdb_id, self._tmdb, By.TMDB),
        ):
            films = [] if number is None else films_of.get(number, [])
            if len(films) == 1:
                return Found((films[0],)), by
            if films and not answer.films:
                likeliest = sorted(films, key=lambda film: (-film.ratings, film.id))
                answer = Found(tuple(likeliest[:5]), Why.SEVERAL_NUMBERS)
        return answer, By.MOVIELENS


def _latest(
    items: Sequence[tuple[Row, _Item]], same: Callable[[_Item], Hashable]
) -> tuple[list[_Item], list[Superseded]]:
    """Of the items that are the same the one whose row is the latest, and the rows that aren't."""
    last: dict[Hashable, tuple[Row, _Item]] = {}
    for row, item in items:
        before = last.get(same(item))
        if before is None or _when(before[0]) <= _when(row):
            last[same(item)] = (row, item)
    superseded = [
        Superseded(row, last[same(item)][0])
        for row, item in items
        if last[same(item)][0] is not row
    ]
    kept = {row.line for row, _ in last.values()}
    return [item for row, item in items if row.line in kept], superseded


def _when(row: Row) -> tuple[datetime, int]:
    return row.rated_at or _LONG_AGO, row.line


def _identity(row: Row) -> Hashable:
    numbers = (row.movielens_id, row.imdb_id, row.tmdb_id)
    return row.title, row.original_title, row.year, row.is_film, numbers
