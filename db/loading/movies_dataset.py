"""Kaggle's The Movies Dataset: films of TMDB, with ratings of MovieLens, joined by links.

https://www.kaggle.com/datasets/rounakbanik/the-movies-dataset: movies_metadata.csv has 45,466
films with their TMDB ids, three of them broken; ratings.csv (26 million) or ratings_small.csv uses
MovieLens ids, which links.csv or links_small.csv maps to those of IMDb and TMDB.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from db.loading.films import SourceFilms, read_link, read_year, take
from db.loading.forms import Files, Form, find_all
from db.loading.genres import read_list
from db.loading.headers import Columns
from db.loading.movielens import LINKS, read_table
from db.loading.records import records
from db.loading.report import Reason, Rejections
from db.loading.sources import Member
from db.loading.titles import Title
from db.loading.values import whole

_METADATA = Columns(
    {
        "genres": ("genres",),
        "tmdb": ("id",),
        "imdb": ("imdb_id",),
        "original": ("original_title",),
        "date": ("release_date",),
        "title": ("title",),
    }
)


@dataclass(frozen=True, slots=True)
class _Described:
    """A film of movies_metadata.csv, and its line."""

    line: int
    title: Title
    genres: list[str]


@dataclass(slots=True)
class _Catalogue:
    """The films of movies_metadata.csv by their TMDB and IMDb ids."""

    by_tmdb: dict[int, _Described] = field(default_factory=dict)
    by_imdb: dict[int, _Described] = field(default_factory=dict)

    def read(self, member: Member, notes: list[str]) -> Iterator[tuple[int, Reason | None]]:
        """Add all films; yield each line with what is wrong with it, or None."""
        for number, record in records(member, _METADATA, notes):
            yield number, record if isinstance(record, Reason) else self._add(number, **record)

    def _add(
        self, line: int, genres: str, tmdb: str, imdb: str, original: str, date: str, title: str
    ) -> Reason | None:
        tmdb_id = whole(tmdb)
        if tmdb_id is None:
            return Reason.FILM
        if tmdb_id in self.by_tmdb:
            return Reason.SECOND_FILM
        names = read_list(genres) if genres.strip() else []
        if names is None:
            return Reason.GENRES
        described = _Described(
            line, Title(title.strip() or original.strip(), read_year(date)), names
        )
        if not described.title.title:
            return Reason.NO_TITLE
        self.by_tmdb[tmdb_id] = described
        imdb_id = whole(imdb.strip().removeprefix("tt"))
        if imdb_id is not None:
            self.by_imdb.setdefault(imdb_id, described)
        return None

    def named(self, imdb_id: int | None, tmdb_id: int | None) -> _Described | None:
        """Return the film with one of these ids; TMDB's takes precedence."""
        found = None if tmdb_id is None else self.by_tmdb.get(tmdb_id)
        if found is None and imdb_id is not None:
            found = self.by_imdb.get(imdb_id)
        return found


def _read_films(files: Files, films: SourceFilms, rejections: Rejections) -> None:
    [metadata] = find_all(files, MOVIES_DATASET.films)
    [links] = find_all(files, *MOVIES_DATASET.more)
    catalogue, linked = _Catalogue(), set[int]()
    take(metadata.name, catalogue.read(metadata, films.notes), rejections)
    take(links.name, _linked(links, catalogue, films, linked), rejections)
    for described in catalogue.by_tmdb.values():
        if described.line not in linked:
            rejections.add(metadata.name, described.line, Reason.NO_LINK)
    films.check(metadata.name)


def _linked(
    member: Member, catalogue: _Catalogue, films: SourceFilms, linked: set[int]
) -> Iterator[tuple[int, Reason | None]]:
    for number, record in records(member, LINKS, films.notes):
        if isinstance(record, Reason):
            yield number, record
            continue
        ids = read_link(record["imdb"], record["tmdb"])
        if isinstance(ids, Reason):
            yield number, ids
            continue
        described = catalogue.named(*ids)
        if described is None:
            yield number, Reason.UNKNOWN_FILM
            continue
        linked.add(described.line)
        reason = films.add(record["film"], described.title, described.genres)
        film_id = whole(record["film"])
        if reason is None and film_id is not None:
            films.links[film_id] = ids
        yield number, reason


MOVIES_DATASET = Form(
    films=("movies_metadata.csv",),
    ratings=("ratings.csv", "ratings_small.csv"),
    more=(("links.csv", "links_small.csv"),),
    read_films=_read_films,
    read_ratings=read_table,
)
