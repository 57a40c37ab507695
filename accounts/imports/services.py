"""The files of the services, recognised by their columns.

References
----------
https://letterboxd.com/about/importing-data/ and the export of https://letterboxd.com/data/export/
https://help.imdb.com/article/imdb/track-movies-tv/ratings-faq/G67Y87TFYYP6TWAV
https://movielens.org/profile/settings/import-export and
https://files.grouplens.org/datasets/movielens/ml-latest-small-README.html
https://trakt.docs.apiary.io/ (the objects of its export)
https://www.themoviedb.org/settings/export, https://simkl.docs.apiary.io/,
https://www.criticker.com/resource/export/, https://help.netflix.com/node/101917
"""

from collections.abc import Callable

from accounts.imports import scales
from accounts.imports.layouts import Layout, Role, roles_of, said_by_name
from accounts.imports.rows import Says, Service
from accounts.imports.tables import Table

Recognise = Callable[[Table, set[str]], Layout | None]


def recognise(table: Table) -> Layout | None:
    """Return the layout of a service's table; None if no service recognises it."""
    columns = set(table.columns)
    return next((layout for each in _SERVICES if (layout := each(table, columns))), None)


def _listed(table: Table) -> Says:
    """Return what films without a rating are, judging by the name of the file."""
    return said_by_name(table.name) or Says.LISTED


def _dated(roles: dict[Role, str], columns: set[str], *names: str) -> None:
    """Use the first of these columns that exists for the date."""
    if named := next((name for name in names if name in columns), None):
        roles[Role.DATE] = named


def _nested(roles: dict[Role, str], columns: set[str]) -> None:
    """Use the fields of an object `movie`, as in the JSON of Trakt and Simkl."""
    roles |= {role: name for role, name in _OF_MOVIE.items() if name in columns}
    roles.pop(Role.MOVIELENS, None)


_OF_MOVIE = {
    Role.TITLE: "movietitle",
    Role.YEAR: "movieyear",
    Role.IMDB: "movieidsimdb",
    Role.TMDB: "movieidstmdb",
}


def _letterboxd(table: Table, columns: set[str]) -> Layout | None:
    """Recognise ratings, watched, watchlist, diary, reviews, likes, and lists with `URL`."""
    listed = {"position", "name", "year", "url"} <= columns
    if not listed and not {"name", "year", "letterboxduri"} <= columns:
        return _letterboxd_ratings(table, columns)
    roles = roles_of(columns)
    if "watcheddate" in columns:
        says = Says.REVIEWED if "review" in columns else Says.DIARY
        roles[Role.DATE] = "watcheddate"
        roles.pop(Role.ADDRESS)  # it is the entry's, not the film's
        return Layout(
            Service.LETTERBOXD,
            says,
            roles,
            table,
            says,
            scales.half_stars,
        )
    if "rating" in columns:
        return Layout(Service.LETTERBOXD, Says.RATED, roles, table, None, scales.half_stars)
    says = Says.LISTED if listed else said_by_name(table.name) or Says.SEEN
    return Layout(Service.LETTERBOXD, says, roles, table, says)


def _letterboxd_ratings(table: Table, columns: set[str]) -> Layout | None:
    """Recognise a ratings.csv without URLs, or Letterboxd's import format."""
    if {"name", "year", "rating"} <= columns:
        roles = roles_of(columns)
        return Layout(Service.LETTERBOXD, Says.RATED, roles, table, None, scales.half_stars)
    marks = {"watcheddate", "rating10", "letterboxduri", "tmdbid", "imdbid"}
    if not columns & {"title", "name"} or not columns & marks or "movieid" in columns:
        return None
    if columns & _MARKS_OF_OTHERS:
        return None
    roles = roles_of(columns, without=("date", "type"))
    if "ratedat" in columns:
        roles[Role.DATE] = "ratedat"
    is_of_ten = roles.get(Role.RATING) == "rating10"
    return Layout(
        Service.LETTERBOXD,
        Says.RATED,
        roles,
        table,
        said_by_name(table.name) or Says.SEEN,
        scales.out_of_ten if is_of_ten else scales.half_stars,
    )


_MARKS_OF_OTHERS = {
    *("const", "yourrating", "yourated", "traktid", "trakt", "simklid", "score", "filmid"),
    *("traktrating", "idstrakt", "movieidstrakt", "simkl", "type", "status", "watchlist"),
}


def _imdb(table: Table, columns: set[str]) -> Layout | None:
    """Recognise ratings and lists in the layouts before 2017, of 2017, and of today."""
    if "const" not in columns or not columns & {"yourrating", "yourated", "position"}:
        return None
    roles = roles_of(columns)
    roles.pop(Role.DATE, None)
    _dated(roles, columns, "daterated", "dateadded", "created")
    unrated = _listed(table) if "position" in columns else None
    return Layout(Service.IMDB, Says.RATED, roles, table, unrated, scales.out_of_ten)


def _movielens(table: Table, columns: set[str]) -> Layout | None:
    """Recognise MovieLens' export, its wishlist, and one person's rows of a data set."""
    if "movieid" not in columns:
        return None
    is_wishlist = "rating" not in columns and "averagerating" in columns
    if "rating" not in columns and not is_wishlist:
        return None
    roles = roles_of(columns, without=("averagerating", "tag"))
    return Layout(
        Service.MOVIELENS,
        Says.RATED,
        roles,
        table,
        Says.LATER if is_wishlist else None,
        scales.half_stars,
        reads_year_in_title="year" not in columns,
    )


def _trakt(table: Table, columns: set[str]) -> Layout | None:
    """Recognise the lists of Trakt's JSON export, and its CSV files."""
    nested = {"movietitle", "movieyear"} <= columns and any(
        name.startswith("movieids") for name in columns
    )
    flat = "title" in columns and columns & {"traktid", "trakt", "idstrakt", "traktrating"}
    if (not nested and not flat) or columns & {"simklid", "movieidssimkl"}:
        return None
    roles = roles_of(columns)
    if nested:
        _nested(roles, columns)
        roles.pop(Role.ADDRESS, None)
    _dated(roles, columns, "ratedat", "watchedat", "lastwatchedat", "listedat")
    if columns & {"watchedat", "lastwatchedat", "plays"}:
        unrated = Says.SEEN
    else:
        unrated = Says.LATER if "listedat" in columns else _listed(table)
    return Layout(
        Service.TRAKT,
        Says.RATED,
        roles,
        table,
        unrated,
        scales.out_of_ten,
    )


def _tmdb(table: Table, columns: set[str]) -> Layout | None:
    """Recognise ratings, watchlist, favourites and lists of TMDB's export."""
    if not {"tmdbid", "name", "releasedate"} <= columns:
        return None
    roles = roles_of(columns)
    if "yourrating" not in columns:
        roles.pop(Role.RATING, None)
    unrated = _listed(table)
    return Layout(Service.TMDB, Says.RATED, roles, table, unrated, _ten_with_halves)


def _ten_with_halves(text: str) -> float:
    return scales.any_of(text, 10)


def _kinorium(table: Table, columns: set[str]) -> Layout | None:
    """Recognise Kinorium's votes, statuses and lists, in English or Russian."""
    english = {"originaltitle", "myrating", "listtitle"} <= columns
    russian = "мояоценка" in columns and "списки" in columns
    if not english and not russian:
        return None
    unrated = _listed(table)
    return Layout(Service.KINORIUM, Says.RATED, roles_of(columns), table, unrated, _ten_with_halves)


def _kinopoisk(table: Table, columns: set[str]) -> Layout | None:
    """Recognise the table from Kinopoisk's profile page, and those of exporters."""
    named = columns & {"русскоязычноеназвание", "русскоеназвание", "название"}
    if not named or not columns & {"мояоценка", "оценка", "оригинальноеназвание"}:
        return None
    unrated = _listed(table)
    return Layout(
        Service.KINOPOISK, Says.RATED, roles_of(columns), table, unrated, _ten_with_halves
    )


def _criticker(table: Table, columns: set[str]) -> Layout | None:
    """Recognise Criticker's XML, and its CSV with a score out of 100."""
    is_xml = {"filmname", "rating", "tier"} <= columns
    is_csv = "score" in columns and columns & {"filmname", "criticker", "minireview"}
    if not is_xml and not is_csv:
        return None
    roles = roles_of(columns)
    return Layout(
        Service.CRITICKER,
        Says.RATED,
        roles,
        table,
        None,
        lambda text: scales.any_of(text, 100),
        reads_year_in_title=Role.YEAR not in roles,
    )


def _simkl(table: Table, columns: set[str]) -> Layout | None:
    """Recognise Simkl's JSON backup and its CSV; both have a status for each film."""
    nested = {"movietitle", "userrating"} <= columns or "movieidssimkl" in columns
    flat = "simklid" in columns
    if not nested and not flat:
        return None
    roles = roles_of(columns)
    if nested:
        _nested(roles, columns)
        roles[Role.TYPE] = "animetype" if "animetype" in columns else "group"
        _dated(roles, columns, "userratedat", "lastwatchedat", "addedtowatchlistat")
    roles = {role: name for role, name in roles.items() if name in columns}
    return Layout(Service.SIMKL, Says.RATED, roles, table, Says.SEEN, scales.out_of_ten)


def _netflix(table: Table, columns: set[str]) -> Layout | None:
    """Recognise Netflix's viewing history, and the viewing and thumbs of "Get my info"."""
    is_history = columns == {"title", "date"}
    is_activity = {"profilename", "starttime", "title"} <= columns
    is_thumbs = {"profilename", "titlename", "thumbsvalue"} <= columns
    if not is_history and not is_activity and not is_thumbs:
        return None
    roles = roles_of(columns)
    if is_activity:
        roles[Role.TYPE] = "supplementalvideotype"  # trailers and similar videos have one
    return Layout(
        Service.NETFLIX,
        Says.RATED,
        roles,
        table,
        Says.SEEN,
        _thumbs,
        has_series_in_titles=True,
        has_thumbs=is_thumbs,
    )


def _thumbs(text: str) -> float:
    """Convert Netflix's thumbs: 1 is a thumb down, 2 a thumb up, 3 two thumbs up."""
    of = {"1": scales.DISLIKE, "2": scales.LIKE, "3": scales.LOVE}
    return of.get(text.strip()) or scales.any_of(text, 5)


_SERVICES: tuple[Recognise, ...] = (
    _imdb,
    _movielens,
    _tmdb,
    _simkl,
    _trakt,
    _criticker,
    _kinorium,
    _kinopoisk,
    _netflix,
    _letterboxd,
)
