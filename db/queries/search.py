"""Film search by title as users type it: any case, accents, articles, typos, with a year or not.

Films whose title contains the query come first; then those with such a title in another region,
then those of a person with such a name (`db.queries.names`), then, if the query is also a tag,
films with that tag; and last those whose title is only similar.

Titles are compared by trigrams (https://www.postgresql.org/docs/current/pgtrgm.html) in the plain
form that the database stores with each: lower case, without accents and punctuation. Tags have to
be equal in that form.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from db.queries import names
from db.queries.movies import SELECT, Movie, movie_of

PAGE = 20

_LABEL = re.compile(r"(.+) \((\d{4})\)")  # the label that is displayed for films
_TITLE_AND_YEAR = re.compile(r"(.+) ((?:18|19|20)\d\d)")
_YEAR = re.compile(r"(?:18|19|20)\d\d")

# Shorter queries are in every second title and similar to all: they must begin a word.
_LEAST_LENGTH = 3

# The word_similarity (0 to 1) that a title needs to match: "godfahter" has 0.43 with Godfather.
_LEAST_LIKENESS = 0.4

_BEST_KNOWN = ("coalesce(ratings, 0)",)
# The exact title, with or without its article, the part in brackets, and the part after a colon:
# the films of a series rank equally.
_IS_THE_TITLE = """regexp_replace(:{typed}, '^(the|an?) | (the|an?)$', '') IN (
    regexp_replace(plain_title, '^(the|an?) ', ''),
    regexp_replace(plain_title(split_part(title, ' (', 1)), '^(the|an?) ', ''),
    regexp_replace(plain_title(split_part(title, ':', 1)), '^(the|an?) ', ''))"""
_HAS_WORD = "' ' || plain_title LIKE '% ' || :plain || '%'"
# The exact title first; then titles with a word that begins with the query; then similar titles,
# by similarity and popularity.
_LIKELIEST_FIRST = (
    _IS_THE_TITLE.format(typed="plain"),
    _HAS_WORD,
    "word_similarity(:plain, plain_title) + 0.1 * ln(1 + coalesce(ratings, 0))",
)
# Each condition stands alone, so that the index on plain titles can be used.
_HAS_IT = "plain_title LIKE '%' || :plain || '%'"
_IS_LIKE_IT = f"({_HAS_IT} OR :plain <% plain_title)"
# Trigrams may have ASCII letters alone, so titles without them are found by their words.
_ASCII = re.compile("[a-z0-9]")
_HAS_WORDS = "plain_words(plain_title) @@ CAST(:words AS tsquery)"
_HAS_A_WORD = "(plain_title LIKE :plain || '%' OR plain_title LIKE '% ' || :plain || '%')"

_NAMED = """LEFT JOIN unnest(CAST(:named AS int[])) WITH ORDINALITY AS named (movie_id, place)
    ON named.movie_id = movies.id"""

_TAGS = """
SELECT array_agg(id) FROM tags
WHERE plain = coalesce(nullif(plain_title(:typed), ''), lower(:typed))
"""
# By the number of users who gave the tag, then by popularity.
_TAGGED = """LEFT JOIN (
    SELECT movie_id, row_number() OVER (
        ORDER BY max(people) DESC, max(coalesce(movie_stats.ratings, 0)) DESC, movie_id) AS place
    FROM movie_tags LEFT JOIN movie_stats USING (movie_id)
    WHERE tag_id = ANY(:tags) GROUP BY movie_id
) AS tagged ON tagged.movie_id = movies.id"""

_IS_NARROWED = """
    AND (CAST(:year_from AS int) IS NULL OR year >= :year_from)
    AND (CAST(:year_to AS int) IS NULL OR year <= :year_to)
    AND (CAST(:genre AS text) IS NULL OR EXISTS (
        SELECT FROM movie_genres JOIN genres ON genres.id = genre_id
        WHERE movie_genres.movie_id = movies.id AND genres.name = :genre))
"""


class _Reading(NamedTuple):
    """An interpretation of the query: which films match, and in which order.

    `has_it` is true for films whose title (or year) contains the query, false for similar ones.
    All of `order` is descending.
    """

    is_meant: str
    has_it: str
    order: tuple[str, ...]
    values: dict[str, Any]

    @property
    def year(self) -> int | None:
        """The year of the films, if the query has one."""
        year: int | None = self.values.get("year")
        return year

    def or_found_elsewhere(self, named: Sequence[int], tags: Sequence[int]) -> "_Reading":
        """Return it with these films, in their order, and those that have one of these tags.

        It needs the joins `_NAMED` and `_TAGGED`.
        """
        has_it = f"({self.has_it}) IS TRUE"
        # The order of titles is expensive, and a tag may have ten thousand films: skip it for them.
        by_title = f"{has_it} OR named.place IS NULL AND tagged.place IS NULL"
        return _Reading(
            # Not with OR, which couldn't use an index.
            f"""movies.id IN (SELECT id FROM movies WHERE {self.is_meant}
                UNION ALL SELECT unnest(CAST(:named AS int[]))
                UNION ALL SELECT movie_id FROM movie_tags WHERE tag_id = ANY(:tags))""",
            self.has_it,
            (
                has_it,
                f"CASE WHEN NOT ({by_title}) THEN -named.place END",
                f"CASE WHEN NOT ({by_title}) THEN -tagged.place END",
                *(f"CASE WHEN {by_title} THEN {each} END" for each in self.order),
            ),
            {**self.values, "named": named, "tags": tags},
        )


def _readings(connection: Connection, typed: str) -> Iterator[_Reading]:
    """Yield interpretations of the query, likeliest first: a year may be part of a title."""
    if label := _LABEL.fullmatch(typed):
        title = _of_title(connection, label[1])
        yield title._replace(
            is_meant=f"({title.is_meant} AND year = :year)",
            has_it=f"({title.has_it} AND year = :year)",
            values={**title.values, "year": int(label[2])},
        )
        return
    whole = _of_title(connection, typed)
    if _YEAR.fullmatch(typed):
        is_meant = "(year = :year OR ' ' || plain_title || ' ' LIKE '% ' || :plain || ' %')"
        yield _Reading(
            is_meant,
            is_meant,
            (_IS_THE_TITLE.format(typed="plain"), *_BEST_KNOWN),
            {**whole.values, "year": int(typed)},
        )
    elif both := _TITLE_AND_YEAR.fullmatch(typed):
        title = _of_title(connection, both[1])
        has_whole = "plain_title LIKE '%' || :whole || '%'"
        yield _Reading(
            f"({title.is_meant} AND year = :year OR {has_whole})",
            f"({title.has_it} AND year = :year OR {has_whole})",
            (_IS_THE_TITLE.format(typed="whole"), *title.order),
            {**title.values, "year": int(both[2]), "whole": whole.values["plain"]},
        )
    yield whole


def _of_title(connection: Connection, title: str) -> _Reading:
    """Return the interpretation as a title; without one, all films match.

    A title of punctuation alone has no plain form and is compared as it is.
    """
    plain = connection.scalar(text("SELECT plain_title(:title)"), {"title": title})
    if plain and not _ASCII.search(plain):
        values = {"plain": plain, "words": names.words_query(plain)}
        return _Reading(_HAS_WORDS, _HAS_WORDS, ("plain_title = :plain", *_BEST_KNOWN), values)
    if plain:
        if len(plain) < _LEAST_LENGTH:
            return _Reading(_HAS_A_WORD, _HAS_A_WORD, _LIKELIEST_FIRST, {"plain": plain})
        return _Reading(_IS_LIKE_IT, _HAS_IT, _LIKELIEST_FIRST, {"plain": plain})
    if not title:
        return _Reading("true", "true", _BEST_KNOWN, {})
    literal = title.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    has_it = "movies.title LIKE :pattern"
    return _Reading(has_it, has_it, _BEST_KNOWN, {"pattern": f"%{literal}%"})


def search(
    connection: Connection,
    *,
    query: str = "",
    genre: str | None = None,
    year_from: int | None = None,
    year_to: int | None = None,
    page: int = 1,
    size: int = PAGE,
) -> tuple[list[Movie], int]:
    """Find films by title, person or tag, genre and years; without a query, the most rated first.

    "alien 1979" is a title and a year; "1995" finds films of that year and with that title.

    Parameters
    ----------
    connection : Connection
    query : str
        As the user typed it.
    genre : str, optional
    year_from : int, optional
        First year of release.
    year_to : int, optional
        Last year of release.
    page : int
        From 1.
    size : int
        Films on a page.

    Returns
    -------
    tuple of list of Movie and int
        The films of this page, at most `size`, and the number of films on all pages.
    """
    connection.execute(
        text("SELECT set_config('pg_trgm.word_similarity_threshold', :least, true)"),
        {"least": str(_LEAST_LIKENESS)},
    )
    narrowed = {"genre": genre, "year_from": year_from, "year_to": year_to}
    window = {"limit": size, "offset": (page - 1) * size}
    typed = " ".join(query.split())
    tags = connection.scalar(text(_TAGS), {"typed": typed}) if typed else None
    for title in _readings(connection, typed):
        named = names.films(connection, title.values.get("plain", ""), title.year)
        elsewhere = bool(named or tags)
        reading = title.or_found_elsewhere(named, tags or []) if elsewhere else title
        conditions = f"WHERE {reading.is_meant} {_IS_NARROWED}"
        values = {**reading.values, **narrowed}
        total = connection.scalar(text(f"SELECT count(*) FROM movies {conditions}"), values)
        if total:
            found = f"{SELECT} {f'{_NAMED} {_TAGGED}' if elsewhere else ''} {conditions}"
            order = ", ".join(f"({each}) DESC NULLS LAST" for each in reading.order)
            ordered = f"{found} ORDER BY {order}, movies.id LIMIT :limit OFFSET :offset"
            rows = connection.execute(text(ordered), {**values, **window})
            return [movie_of(row) for row in rows], int(total)
    return [], 0
