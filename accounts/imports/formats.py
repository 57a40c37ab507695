"""The formats of the three services: which columns make one, and how a row of each is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from accounts.imports import fields
from accounts.imports.errors import RowError
from accounts.imports.rows import Row, Service
from db.loading.titles import read_title
from language import Text

_NO_FILMS = {
    "tvseries",
    "tvminiseries",
    "tvepisode",
    "videogame",
    "musicvideo",
    "podcastseries",
    "podcastepisode",
}


@dataclass(frozen=True, slots=True)
class Format:
    """A service's file of ratings. Columns are named in small letters without spaces or signs.

    Attributes
    ----------
    needs : dict of str to str
        The columns that make it one, each with its name as the service writes it.
    marks : str
        The column by which even another list of the service is known.
    hint : str
        Where the service gives the file away.
    row : callable
        Reads a row (line, texts by column); raises RowError when it can't be used.
    person : str or None
        The column that tells people apart, when a file may hold the ratings of several.
    """

    service: Service
    needs: Mapping[str, str]
    marks: str
    hint: str
    row: Callable[[int, Mapping[str, str]], Row]
    person: str | None = None


def _letterboxd(line: int, texts: Mapping[str, str]) -> Row:
    title = fields.title(texts["name"])
    if not title:
        raise RowError(Text("it has no title"))
    return Row(
        line=line,
        title=title,
        year=fields.year(texts["year"]),
        rating=fields.half_stars(texts["rating"]),
        rated_at=fields.date(texts.get("date", "")),
    )


def _imdb(line: int, texts: Mapping[str, str]) -> Row:
    title = fields.title(texts.get("title", ""))
    imdb_id = fields.number(texts["const"])
    if not title and imdb_id is None:
        raise RowError(Text("it has neither a title nor an IMDb number"))
    kind = "".join(texts.get("titletype", "").casefold().split())
    return Row(
        line=line,
        title=title,
        year=fields.year(texts.get("year", "")),
        rating=fields.out_of_ten(texts["yourrating"]),
        rated_at=fields.date(texts.get("daterated", "")),
        imdb_id=imdb_id,
        original_title=fields.title(texts.get("originaltitle", "")),
        is_film=kind not in _NO_FILMS,
    )


def _movielens(line: int, texts: Mapping[str, str]) -> Row:
    title, year = read_title(fields.title(texts.get("title", "")))
    movielens_id = fields.number(texts["movieid"])
    imdb_id = fields.number(texts.get("imdbid", ""))
    tmdb_id = fields.number(texts.get("tmdbid", ""))
    if not title and movielens_id is None and imdb_id is None and tmdb_id is None:
        raise RowError(Text("it has neither a title nor the number of a film"))
    return Row(
        line=line,
        title=title,
        year=year,
        rating=fields.half_stars(texts["rating"]),
        rated_at=fields.seconds(texts.get("timestamp", "")),
        movielens_id=movielens_id,
        imdb_id=imdb_id,
        tmdb_id=tmdb_id,
    )


# https://letterboxd.com/about/importing-data/ and the export of https://letterboxd.com/data/export/
LETTERBOXD = Format(
    service=Service.LETTERBOXD,
    needs={"name": "Name", "year": "Year", "rating": "Rating"},
    marks="letterboxduri",
    hint=Text(
        "take ratings.csv out of the zip of Settings → Data → Export your data, or all of the zip"
    ),
    row=_letterboxd,
)

# https://help.imdb.com/article/imdb/track-movies-tv/ratings-faq/G67Y87TFYYP6TWAV
IMDB = Format(
    service=Service.IMDB,
    needs={"const": "Const", "yourrating": "Your Rating"},
    marks="const",
    hint=Text("on IMDb open Your ratings and choose Export there"),
    row=_imdb,
)

# https://movielens.org/profile/settings/import-export and
# https://files.grouplens.org/datasets/movielens/ml-latest-small-README.html
MOVIELENS = Format(
    service=Service.MOVIELENS,
    needs={"movieid": "movieId", "rating": "rating"},
    marks="movieid",
    hint=Text("on MovieLens open Settings → Import/export and choose Export ratings"),
    row=_movielens,
    person="userid",
)

FORMATS = (IMDB, LETTERBOXD, MOVIELENS)
