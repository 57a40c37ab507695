"""MovieLens' releases: CSV (latest-small, 20M, 25M, 32M), :: (1M, 10M), and tabs (100K).

The formats are described in the README of each release, https://grouplens.org/datasets/movielens/.
Kaggle's copy of 20M names its files movie.csv, rating.csv and link.csv.
"""

from collections.abc import Iterator, Sequence

from db.loading.blocks import Block
from db.loading.films import SourceFilms, take
from db.loading.forms import Files, Form, Patterns, find_all
from db.loading.headers import Columns
from db.loading.lines import Layout
from db.loading.ratings import read_plain, read_ratings
from db.loading.records import records, text_lines
from db.loading.report import Reason, Rejections
from db.loading.sources import Member, no_good_line
from db.loading.titles import read_title
from db.loading.values import Scale
from monitoring.progress import OnRead

RATINGS = Columns(
    {
        "user": ("userId", "user"),
        "film": ("movieId", "filmId", "itemId", "movie", "film", "item"),
        "rating": ("rating", "score", "stars"),
        "time": ("timestamp", "time", "date", "datetime", "ratedAt"),
    }
)
LINKS = Columns(
    {
        "film": ("movieId", "filmId", "itemId", "movie", "film", "item"),
        "imdb": ("imdbId", "imdb"),
        "tmdb": ("tmdbId", "tmdb"),
    }
)
_MOVIES = Columns(
    {
        "film": ("movieId", "filmId", "itemId", "movie", "film", "item", "id"),
        "title": ("title", "movieTitle", "name"),
        "genres": ("genres", "genre"),
    }
)

# As https://files.grouplens.org/datasets/movielens/ml-100k-README.txt lists them for u.item.
GENRES_OF_100K = (
    *("unknown", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime"),
    *("Documentary", "Drama", "Fantasy", "Film-Noir", "Horror", "Musical", "Mystery"),
    *("Romance", "Sci-Fi", "Thriller", "War", "Western"),
)
_LINK_FILES: Patterns = ("links.csv", "link.csv", "links.parquet", "link.parquet")


def _read_csv_films(files: Files, films: SourceFilms, rejections: Rejections) -> None:
    [member] = find_all(files, CSV.films)
    take(member.name, _csv_films(member, films), rejections)
    films.check(member.name)
    for links in find_all(files, _LINK_FILES):
        take(links.name, _links(links, films), rejections)


def _csv_films(member: Member, films: SourceFilms) -> Iterator[tuple[int, Reason | None]]:
    for number, record in records(member, _MOVIES, films.notes):
        if isinstance(record, Reason):
            yield number, record
        else:
            title = read_title(record["title"])
            yield number, films.add(record["film"], title, record["genres"].split("|"))


def _links(member: Member, films: SourceFilms) -> Iterator[tuple[int, Reason | None]]:
    for number, record in records(member, LINKS, films.notes):
        yield number, record if isinstance(record, Reason) else films.add_link(**record)


def _read_dat_films(files: Files, films: SourceFilms, rejections: Rejections) -> None:
    [member] = find_all(files, DAT.films)
    take(member.name, _dat_films(member, films), rejections)
    films.check(member.name)


def _dat_films(member: Member, films: SourceFilms) -> Iterator[tuple[int, Reason | None]]:
    for number, line in enumerate(text_lines(member, films.notes), 1):
        fields = line.split("::")
        if len(fields) == 3:
            yield number, films.add(fields[0], read_title(fields[1]), fields[2].split("|"))
        else:
            yield number, Reason.FIELDS


def _read_tab_films(files: Files, films: SourceFilms, rejections: Rejections) -> None:
    [member] = find_all(files, TAB.films)
    genre_list = files.get("u.genre")
    names = (
        GENRES_OF_100K if genre_list is None else _genre_names(genre_list, films.notes, rejections)
    )
    take(member.name, _tab_films(member, names, films), rejections)
    films.check(member.name)


def _genre_names(member: Member, notes: list[str], rejections: Rejections) -> Sequence[str]:
    """Read u.genre: name|position."""
    names: list[str] = []
    for number, line in enumerate(text_lines(member, notes), 1):
        name, bar, position = line.partition("|")
        if bar and position.strip() == str(len(names)):
            names.append(name)
        elif line.strip():
            rejections.add(member.name, number, Reason.FIELDS)
    if not names:
        raise no_good_line(member.name)
    return names


def _tab_films(
    member: Member, names: Sequence[str], films: SourceFilms
) -> Iterator[tuple[int, Reason | None]]:
    """Read u.item: id|title|three more fields|a 0 or 1 for each genre."""
    for number, line in enumerate(text_lines(member, films.notes), 1):
        fields = line.split("|")
        flags = fields[5:]
        if len(flags) != len(names) or not {*flags} <= {"0", "1"}:
            yield number, Reason.FIELDS
            continue
        genres = [name for name, flag in zip(names, flags, strict=True) if flag == "1"]
        yield number, films.add(fields[0], read_title(fields[1]), genres)


def read_table(members: Sequence[Member], scale: Scale | None, advance: OnRead) -> Iterator[Block]:
    """Read the ratings of a table with MovieLens' columns."""
    return read_ratings(members[0], RATINGS, scale, advance)


def _read_dat(members: Sequence[Member], scale: Scale | None, advance: OnRead) -> Iterator[Block]:
    return read_plain(members[0], Layout(b"::", 4, 0, 1, 2, 3), scale, advance)


def _read_tab(members: Sequence[Member], scale: Scale | None, advance: OnRead) -> Iterator[Block]:
    return read_plain(members[0], Layout(b"\t", 4, 0, 1, 2, 3), scale, advance)


CSV = Form(
    films=("movies.csv", "movie.csv", "movies.parquet", "movie.parquet"),
    ratings=("ratings.csv", "rating.csv", "ratings.parquet", "rating.parquet"),
    read_films=_read_csv_films,
    read_ratings=read_table,
)
DAT = Form(
    films=("movies.dat",),
    ratings=("ratings.dat",),
    read_films=_read_dat_films,
    read_ratings=_read_dat,
)
TAB = Form(
    films=("u.item",),
    ratings=("u.data",),
    read_films=_read_tab_films,
    read_ratings=_read_tab,
)
