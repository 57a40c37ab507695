"""The rows of a table, read by its layout: each column as a whole where that decides."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from accounts.imports import dates, fields, scales, titletypes
from accounts.imports.errors import RowError
from accounts.imports.layouts import Layout, Role
from accounts.imports.rows import DateOrder, Row, Says, Scale, Section, Service, Unusable
from db.loading.titles import read_title
from db.queries.marks import Mark
from i18n.language import Text

_MARK_OF: Mapping[Says, Mark] = {
    Says.SEEN: "seen",
    Says.DIARY: "seen",
    Says.REVIEWED: "seen",
    Says.LATER: "later",
}
_STATUSES: Mapping[str, Says] = {
    **dict.fromkeys(("completed", "watched", "seen", "watching", "просмотрено"), Says.SEEN),
    **dict.fromkeys(("plantowatch", "planned", "willwatch", "wanttowatch"), Says.LATER),
    **dict.fromkeys(("watchlist", "будусмотреть", "хочупосмотреть"), Says.LATER),
}
_TRUE = ("yes", "true", "1")
# Such as “Lost: Season 1: Pilot” and “Dark: Staffel 2: Anfänge und Enden”.
_EPISODE = re.compile(
    r":\s*(?:limited\s+series|(?:season|series|part|chapter|volume|vol\.|episode|book|staffel|"
    r"teil|folge|saison|partie|temporada|parte|stagione|sezon|seizoen|сезон|часть|выпуск)"
    r"\s+\S+)\s*:",
    re.IGNORECASE,
)
_LEAST_PARTS_OF_AN_EPISODE = 3


@dataclass(frozen=True, slots=True)
class Built:
    """The rows of one table that say the same of their films."""

    section: Section
    rows: list[Row]
    unusable: list[Unusable]


def build(
    layout: Layout,
    *,
    scale: Scale | None = None,
    order: DateOrder | None = None,
) -> list[Built]:
    """The rows of a table; of one with ratings and films without, a section for each.

    Parameters
    ----------
    layout : Layout
    scale : {5, 10, 100} or None
        The best rating, for a table whose layout doesn't say it; None to take it from the ratings.
    order : {"dmy", "mdy"} or None
        What to take the order of day and month for where the dates leave it open.
    """
    return _Reading(layout, scale, order).sections()


def people(layout: Layout) -> set[str]:
    """Who the rows are of, where a column tells."""
    texts = layout.table.texts(layout.roles.get(Role.PERSON))
    return {text.strip() for text in texts} - {""}


class _Reading:
    def __init__(self, layout: Layout, scale: Scale | None, order: DateOrder | None) -> None:
        self._layout = layout
        columns = layout.table.columns
        self._width = len(layout.table.headers)
        self._places = {role: columns.index(name) for role, name in layout.roles.items()}
        self._dates = dates.read(self._column(Role.DATE), order)
        self._scale: Scale | None = None
        self._stars = layout.stars
        if layout.stars is None and Role.RATING in layout.roles:
            best = scale or scales.scale_of(self._column(Role.RATING)) or 5
            self._scale = best
            self._stars = lambda text: scales.any_of(text, best)

    def _column(self, role: Role) -> list[str]:
        return self._layout.table.texts(self._layout.roles.get(role))

    def sections(self) -> list[Built]:
        rows: defaultdict[Says, list[Row]] = defaultdict(list)
        unusable: list[Unusable] = []
        rewatches: Counter[Says] = Counter()
        undated: Counter[Says] = Counter()
        dates_written = self._column(Role.DATE)
        for place, (line, record) in enumerate(self._layout.table.records):
            texts: Mapping[Role, str] = {}
            try:
                texts = self._texts(record)
                says, row = self._row(line, texts, place)
            except RowError as error:
                unusable.append(Unusable(line, _title(texts), error.args[0]))
                continue
            rows[says].append(row)
            rewatches[says] += texts.get(Role.REWATCH, "").strip().casefold() in _TRUE
            undated[says] += bool(dates_written[place].strip()) and row.rated_at is None
        if unusable:
            rows.setdefault(self._layout.says, [])
        return [
            Built(
                Section(
                    self._layout.table.name,
                    says,
                    len(found),
                    rewatches=rewatches[says],
                    undated=undated[says],
                    is_date_open=self._dates.is_open,
                    has_thumbs=says is self._layout.says and self._has_thumbs(),
                    scale=self._scale if says is self._layout.says else None,
                ),
                found,
                unusable if says is self._layout.says else [],
            )
            for says, found in rows.items()
        ]

    def _has_thumbs(self) -> bool:
        """Whether what a rating counts as is ours to say."""
        said = map(scales.in_words, self._column(Role.RATING))
        return self._layout.has_thumbs or any(stars is not None for stars in said)

    def _texts(self, record: Sequence[str] | None) -> dict[Role, str]:
        if record is None:
            raise RowError(Text("a quotation mark is missing or misplaced"))
        extra = [text for text in record[self._width :] if text.strip()]
        if len(record) < self._width or extra:
            raise RowError(
                Text(
                    "it has {record} fields where the header has {columns}",
                    record=len(record),
                    columns=self._width,
                )
            )
        return {role: record[place] for role, place in self._places.items()}

    def _row(self, line: int, texts: Mapping[Role, str], place: int) -> tuple[Says, Row]:
        layout = self._layout
        series = fields.title(texts.get(Role.SERIES, ""))
        title = fields.title(texts.get(Role.TITLE, "")) or series
        year = _year(texts.get(Role.YEAR, ""))
        if layout.reads_year_in_title:
            title, year = read_title(title)
        numbers = {role: fields.number(texts.get(role, "")) for role in _NUMBER_ROLES}
        original = fields.title(texts.get(Role.ORIGINAL, ""))
        title, original = title or original, original if title else ""
        if not title and not any(numbers.values()):
            raise RowError(self._nameless())
        says, rating = self._opinion(texts)
        is_film = titletypes.is_film(texts.get(Role.TYPE, ""))
        is_series = bool(series) and title == series and not texts.get(Role.TYPE, "")
        if is_series or (layout.has_series_in_titles and _is_episode(title)):
            is_film = False
        return says, Row(
            line=line,
            title=title,
            year=year,
            rating=rating,
            rated_at=self._dates.values[place],
            movielens_id=numbers[Role.MOVIELENS],
            imdb_id=numbers[Role.IMDB],
            tmdb_id=numbers[Role.TMDB],
            original_title=original,
            is_film=is_film,
            mark=None if rating is not None else _MARK_OF.get(says),
            address=texts.get(Role.ADDRESS, "").strip()[:_MOST_ADDRESS],
            directors=texts.get(Role.DIRECTORS, "").strip()[:_MOST_ADDRESS].casefold(),
        )

    def _opinion(self, texts: Mapping[Role, str]) -> tuple[Says, float | None]:
        """What a row says, and its rating in half-stars."""
        layout = self._layout
        text = texts.get(Role.RATING, "").strip()
        is_rated = bool(text) and not (layout.unrated is not None and text in _NO_RATING)
        if is_rated or layout.unrated is None:
            if self._stars is None:
                raise RowError(Text("it has no rating"))
            return layout.says, self._stars(text)
        status = "".join(texts.get(Role.STATUS, "").casefold().replace("_", "").split())
        says = _STATUSES.get(status, layout.unrated)
        return says, scales.LIKE if says is Says.LIKED else None

    def _nameless(self) -> Text:
        roles = self._layout.roles
        if self._layout.service is Service.IMDB:
            return Text("it has neither a title nor an IMDb number")
        if any(role in roles for role in _NUMBER_ROLES):
            return Text("it has neither a title nor the number of a film")
        return Text("it has no title")


_NUMBER_ROLES = (Role.MOVIELENS, Role.IMDB, Role.TMDB)
_NO_RATING = ("0", "0.0", "-", "—", "null", "None", "none", "no rating")
_MOST_ADDRESS = 200


def _title(texts: Mapping[Role, str]) -> str:
    """The title of a row that can't be used, as far as it has one."""
    with suppress(RowError):
        return fields.title(texts.get(Role.TITLE, ""))
    return ""


def _year(text: str) -> int | None:
    """A year, or that of a date."""
    found = fields.year(text)
    if found is None and text.strip():
        [when] = dates.read([text], "dmy").values
        return None if when is None else fields.year(str(when.year))
    return found


def _is_episode(title: str) -> bool:
    return bool(_EPISODE.search(title)) or title.count(": ") >= _LEAST_PARTS_OF_AN_EPISODE - 1
