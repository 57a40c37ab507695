"""The meaning of a table's columns: layouts of the services, and a guess for other tables."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from accounts.imports import dates, scales
from accounts.imports.fields import number, year
from accounts.imports.rows import Says, Service
from accounts.imports.tables import Table, folded


class Role(StrEnum):
    """What a column says about the film or the user's opinion."""

    TITLE = "title"
    ORIGINAL = "original_title"
    SERIES = "series"
    YEAR = "year"
    RATING = "rating"
    DATE = "date"
    IMDB = "imdb_id"
    TMDB = "tmdb_id"
    MOVIELENS = "movielens_id"
    TYPE = "type"
    STATUS = "status"
    DIRECTORS = "directors"
    ADDRESS = "address"
    REWATCH = "rewatch"
    PERSON = "person"


Stars = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Layout:
    """How to read the rows of a table.

    Attributes
    ----------
    service : Service
    says : Says
        What a row with a rating says.
    roles : dict of Role to str
        The folded names of the columns.
    table : Table
    unrated : Says or None
        What a row without a rating says; None if every row needs one.
    stars : callable or None
        Converts a rating to half-stars; None to infer the scale from the ratings.
    reads_year_in_title : bool
        Whether titles are in MovieLens' format: "Matrix, The (1999)".
    has_series_in_titles : bool
        Whether an episode has a title such as "Lost: Season 1: Pilot".
    has_thumbs : bool
        Whether ratings are thumbs.
    is_guess : bool
        Whether the table is not of a known service.
    """

    service: Service
    says: Says
    roles: Mapping[Role, str]
    table: Table
    unrated: Says | None = None
    stars: Stars | None = None
    reads_year_in_title: bool = False
    has_series_in_titles: bool = False
    has_thumbs: bool = False
    is_guess: bool = False


# Possible names of columns, folded, better ones first.
_NAMES: Mapping[Role, tuple[str, ...]] = {
    Role.TITLE: (
        *("title", "name", "filmname", "filmtitle", "movietitle", "movie", "film"),
        *("titlename", "primarytitle", "titel", "titre", "titulo", "titolo"),
        *("русскоязычноеназвание", "русскоеназвание", "название", "фильм", "названиефильма"),
        *("moviename", "tytuł", "片名"),
    ),
    Role.ORIGINAL: (
        *("originaltitle", "originalname", "оригинальноеназвание", "titleoriginal"),
        *("originaltitel", "englishtitle"),
    ),
    Role.SERIES: ("showtitle", "seriestitle"),
    Role.YEAR: (
        *("year", "releaseyear", "filmyear", "movieyear", "released", "releasedate", "год"),
        *("годвыпуска", "годвыхода", "jahr", "annee", "année", "año", "ano", "anno", "rok"),
    ),
    Role.RATING: (
        *("yourrating", "myrating", "userrating", "yourated", "rating10", "rating", "score"),
        *("stars", "starrating", "traktrating", "mark", "grade", "vote", "myvote", "myscore"),
        *("мояоценка", "оценка", "bewertung", "note", "nota", "ocena", "puntuacion", "thumbs"),
        *("thumbsvalue", "starvalue", "like", "liked", "userscore", "myratings"),
    ),
    Role.DATE: (
        *("daterated", "ratedat", "ratingdate", "watcheddate", "watchedat", "lastwatchedat"),
        *("dateadded", "created", "datewatched", "userratedat", "listedat", "timestamp", "date"),
        *("reviewdate", "eventutcts", "starttime", "addedat", "датаоценки", "датавремя"),
        *("датапросмотра", "дата", "datum", "fecha", "data", "when", "time", "added", "modified"),
    ),
    Role.IMDB: ("imdbid", "const", "imdb", "tconst", "imdburl", "imdblink", "idsimdb", "ttid"),
    Role.TMDB: ("tmdbid", "tmdb", "themoviedbid", "idstmdb", "tmdburl", "moviedbid"),
    Role.MOVIELENS: ("movieid", "movielensid"),
    Role.TYPE: ("titletype", "type", "mediatype", "тип", "kind", "typ"),
    Role.STATUS: ("status", "watchlist", "liststatus", "статус"),
    Role.DIRECTORS: ("directors", "director", "режиссер", "режиссеры", "режисcер"),
    Role.ADDRESS: ("letterboxduri", "url", "uri", "filmlink", "link", "ссылка"),
    Role.REWATCH: ("rewatch",),
    Role.PERSON: ("userid", "profilename"),
}
_NUMBERS = (Role.IMDB, Role.TMDB, Role.MOVIELENS)
_SAMPLE = 200


def roles_of(columns: Collection[str], *, without: Iterable[str] = ()) -> dict[Role, str]:
    """Return the best column for each role, by name."""
    there = set(columns) - set(without)
    found: dict[Role, str] = {}
    for role, names in _NAMES.items():
        name = next((name for name in names if name in there), None)
        if name is not None:
            found[role] = name
    return found


def said_by_name(name: str) -> Says | None:
    """Return what the name of a file without ratings says about its films."""
    plain = folded(name.rsplit("/", 1)[-1].rsplit(".", 1)[0])
    folder = folded(name.rsplit("/", 1)[0]) if "/" in name else ""
    if folder.endswith("lists"):
        return Says.LISTED
    if any(piece in plain for piece in ("watchlist", "wishlist", "watchlater", "planto", "want")):
        return Says.LATER
    if folder.endswith("likes") or "likes" in plain or plain == "films":
        return Says.LIKED
    if any(piece in plain for piece in ("watched", "history", "seen")):
        return Says.SEEN
    return None


def guess(table: Table) -> Layout | None:
    """Guess the columns of a table by their names and contents.

    Return None if nothing in it looks like a film.
    """
    columns = table.columns
    sample = [fields for _, fields in table.records[:_SAMPLE] if fields]
    texts = {
        column: [fields[place].strip() for fields in sample if place < len(fields)]
        for place, column in enumerate(columns)
        if column
    }
    roles = roles_of(columns)
    if Role.RATING in roles and scales.scale_of(texts[roles[Role.RATING]]) is None:
        del roles[Role.RATING]
    taken = set(roles.values())
    for role, fits in _LOOKS.items():
        if role not in roles:
            column = next((name for name in texts if name not in taken and fits(texts[name])), None)
            if column is not None:
                roles[role] = column
                taken.add(column)
    if Role.TITLE not in roles and not roles.keys() & set(_NUMBERS):
        return None
    return by_hand(table, roles)


def by_hand(table: Table, roles: Mapping[Role, str]) -> Layout:
    """Return the layout of an unknown table, its columns named by the user or guessed."""
    said = said_by_name(table.name)
    return Layout(
        service=Service.TABLE,
        says=Says.RATED,
        roles=dict(roles),
        table=table,
        unrated=said or (Says.SEEN if Role.RATING in roles else Says.LISTED),
        reads_year_in_title=Role.YEAR not in roles,
        is_guess=True,
    )


def _share(texts: Sequence[str], fits: Callable[[str], bool]) -> float:
    filled = [text for text in texts if text]
    return sum(map(fits, filled)) / len(filled) if filled else 0.0


def _looks_like_a_year(texts: Sequence[str]) -> bool:
    return _share(texts, lambda text: len(text) == 4 and year(text) is not None) > 0.9


def _looks_like_imdb(texts: Sequence[str]) -> bool:
    return _share(texts, lambda text: "tt" in text and number(text) is not None) > 0.9


def _looks_like_a_rating(texts: Sequence[str]) -> bool:
    return scales.scale_of(texts) is not None and not _looks_like_a_year(texts)


def _looks_like_dates(texts: Sequence[str]) -> bool:
    filled = [text for text in texts if text]
    return bool(filled) and dates.read(filled).unread < 0.1 * len(filled)


def _looks_like_titles(texts: Sequence[str]) -> bool:
    return len({*texts}) > 0.5 * len(texts) and _share(texts, _has_letters) > 0.8


def _has_letters(text: str) -> bool:
    return sum(sign.isalpha() for sign in text) >= 2


_LOOKS: Mapping[Role, Callable[[Sequence[str]], bool]] = {
    Role.IMDB: _looks_like_imdb,
    Role.YEAR: _looks_like_a_year,
    Role.RATING: _looks_like_a_rating,
    Role.DATE: _looks_like_dates,
    Role.TITLE: _looks_like_titles,
}
