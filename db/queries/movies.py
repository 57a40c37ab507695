"""Films and their genres."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, get_args

import pandas as pd
from sqlalchemy import Connection, Row, text

AgeRating: TypeAlias = Literal["G", "PG", "PG-13", "R", "NC-17"]
AGE_RATINGS: tuple[AgeRating, ...] = get_args(AgeRating)
"""The age ratings of the USA, for the youngest first; films may have others."""


def with_year(title: str, year: int | None) -> str:
    """Return a title with its year as people write it, "Heat (1995)", or alone if it has none."""
    return title if year is None else f"{title} ({year})"


def with_years(films: pd.DataFrame) -> "pd.Series[str]":
    """Return the titles of films (columns title, year: Int64) with their years; see `with_year`."""
    years = films["year"].astype(object).where(films["year"].notna(), None)
    return pd.Series(list(map(with_year, films["title"], years)), films.index, dtype="str")


@dataclass(frozen=True)
class Extent:
    """What filters can range over.

    Attributes
    ----------
    oldest, newest : int or None
        Years; None without any.
    most_ratings : int
        The most ratings of a film.
    films : int
        How many films there are.
    without_length : int
        How many of them have a length that isn't known.
    age_ratings : dict
        How many of them have each of `AGE_RATINGS`, without those that none has.
    languages, countries : dict
        How many of them have this original language, and were made in this country (two letters).
    """

    oldest: int | None
    newest: int | None
    most_ratings: int
    films: int
    without_length: int
    age_ratings: Mapping[AgeRating, int]
    languages: Mapping[str, int]
    countries: Mapping[str, int]


@dataclass(frozen=True)
class Movie:
    """A film as cards and endpoints show it.

    `mean` is in stars, 0.5–5; `minutes` is the length, `age_rating` that of the USA ("PG-13"); both
    are None if unknown. `titles` are by the languages of the interface, as far as they are known.
    `directors` and `leads`, the first three of the cast, are names, the most important first.
    """

    id: int
    title: str
    year: int | None
    genres: tuple[str, ...]
    ratings: int
    mean: float | None
    likes: int
    imdb_id: int | None = None
    tmdb_id: int | None = None
    minutes: int | None = None
    age_rating: str | None = None
    titles: Mapping[str, str] = field(default_factory=dict, hash=False)
    directors: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The title with the year, for display."""
        return with_year(self.title, self.year)

    def title_in(self, language: str) -> str:
        """Return the title that readers of a language know, if it is known."""
        return self.titles.get(language, self.title)

    def label_in(self, language: str) -> str:
        """Return that title with the year, for display."""
        return with_year(self.title_in(language), self.year)

    @property
    def links(self) -> dict[str, str]:
        """The film's pages on other sites, by the site's name."""
        links = {"MovieLens": f"https://movielens.org/movies/{self.id}"}
        if self.imdb_id is not None:
            links["IMDb"] = f"https://www.imdb.com/title/tt{self.imdb_id:07d}/"
        if self.tmdb_id is not None:
            links["TMDb"] = f"https://www.themoviedb.org/movie/{self.tmdb_id}"
        return links


SELECT = """
SELECT movies.id, movies.title, year, coalesce(ratings, 0) AS ratings, mean,
       coalesce(likes, 0) AS likes, imdb_id, tmdb_id, minutes, age_rating,
       coalesce((SELECT jsonb_object_agg(shown_in, movie_titles.title) FROM movie_titles
                 WHERE movie_titles.movie_id = movies.id AND shown_in IS NOT NULL), '{}') AS titles,
       ARRAY(SELECT name FROM movie_genres JOIN genres ON genres.id = genre_id
             WHERE movie_genres.movie_id = movies.id ORDER BY name) AS genres,
       ARRAY(SELECT name FROM movie_people JOIN people ON people.id = person_id
             WHERE movie_people.movie_id = movies.id AND role = 'director'
             ORDER BY position) AS directors,
       ARRAY(SELECT name FROM movie_people JOIN people ON people.id = person_id
             WHERE movie_people.movie_id = movies.id AND role = 'cast'
             ORDER BY position LIMIT 3) AS leads
FROM movies LEFT JOIN movie_stats ON movie_stats.movie_id = movies.id
LEFT JOIN movie_details ON movie_details.movie_id = movies.id
"""


def by_ids(connection: Connection, movie_ids: Sequence[int]) -> list[Movie]:
    """Return the films with these ids, in this order; unknown ids are skipped."""
    rows = connection.execute(
        text(f"{SELECT} WHERE movies.id = ANY(:ids)"), {"ids": list(movie_ids)}
    )
    found = {row.id: movie_of(row) for row in rows}
    return [found[movie_id] for movie_id in movie_ids if movie_id in found]


def unknown(connection: Connection, movie_ids: Collection[int]) -> set[int]:
    """Return those ids (at most 63 bits) that no film has."""
    return set(
        connection.scalars(
            text(
                "SELECT asked FROM unnest(CAST(:ids AS bigint[])) AS asked "
                "WHERE NOT EXISTS (SELECT FROM movies WHERE movies.id = asked)"
            ),
            {"ids": list(movie_ids)},
        )
    )


def matching_ids(
    connection: Connection,
    *,
    genres: Sequence[str] = (),
    match_all: bool = False,
    year_from: int | None = None,
    year_to: int | None = None,
    least_ratings: int = 0,
    not_genres: Sequence[str] = (),
    max_minutes: int | None = None,
    max_age_rating: AgeRating | None = None,
    stream_in: str | None = None,
    original_language: str | None = None,
    made_in: str | None = None,
) -> list[int]:
    """Return the ids of films with any (or all) of these genres, years and that many ratings.

    Films with any of `not_genres` are left out; with `max_minutes`, those of unknown length too;
    with `max_age_rating`, those without one of `AGE_RATINGS`; with `stream_in`, those that can't be
    streamed in this country, as far as it is known; and with `original_language` or `made_in`,
    those of other languages or countries, or of unknown ones.
    """
    return list(
        connection.scalars(
            text(
                """
                SELECT movies.id FROM movies
                LEFT JOIN movie_stats ON movie_stats.movie_id = movies.id
                WHERE coalesce(ratings, 0) >= :least_ratings
                AND (CAST(:year_from AS int) IS NULL OR year >= :year_from)
                AND (CAST(:year_to AS int) IS NULL OR year <= :year_to)
                AND (:least_genres = 0 OR movies.id IN (
                    SELECT movie_id FROM movie_genres JOIN genres ON genres.id = genre_id
                    WHERE name = ANY(:genres) GROUP BY movie_id HAVING count(*) >= :least_genres))
                AND (:excludes_none OR movies.id NOT IN (
                    SELECT movie_id FROM movie_genres JOIN genres ON genres.id = genre_id
                    WHERE name = ANY(:not_genres)))
                AND (CAST(:max_minutes AS int) IS NULL OR movies.id IN (
                    SELECT movie_id FROM movie_details WHERE minutes <= :max_minutes))
                AND (CAST(:age_ratings AS text[]) IS NULL OR movies.id IN (
                    SELECT movie_id FROM movie_details WHERE age_rating = ANY(:age_ratings)))
                AND (CAST(:stream_in AS text) IS NULL OR movies.id IN (
                    SELECT movie_id FROM tmdb_streams WHERE country = :stream_in))
                AND (CAST(:original_language AS text) IS NULL OR movies.id IN (
                    SELECT movie_id FROM tmdb_origins
                    WHERE original_language = :original_language))
                AND (CAST(:made_in AS text) IS NULL OR movies.id IN (
                    SELECT movie_id FROM tmdb_origins WHERE :made_in = ANY(countries)))
                """
            ),
            {
                "genres": list(genres),
                "least_genres": len(set(genres)) if match_all else min(len(genres), 1),
                "year_from": year_from,
                "year_to": year_to,
                "least_ratings": least_ratings,
                "not_genres": list(not_genres),
                "excludes_none": not not_genres,
                "max_minutes": max_minutes,
                "age_ratings": None if max_age_rating is None else up_to(max_age_rating),
                "stream_in": stream_in,
                "original_language": original_language,
                "made_in": made_in,
            },
        )
    )


def up_to(age_rating: AgeRating) -> list[AgeRating]:
    """Return this age rating and those for younger people."""
    return list(AGE_RATINGS[: AGE_RATINGS.index(age_rating) + 1])


def extent(connection: Connection) -> Extent:
    """Return the extent of all films; reads every one of them."""
    row = connection.execute(
        text(
            "SELECT min(year), max(year), (SELECT coalesce(max(ratings), 0) FROM movie_stats),"
            " count(*), count(*) - (SELECT count(minutes) FROM movie_details),"
            " (SELECT coalesce(jsonb_object_agg(age_rating, films), '{}') FROM"
            " (SELECT age_rating, count(*) AS films FROM movie_details"
            " WHERE age_rating = ANY(:age_ratings) GROUP BY age_rating) AS each),"
            " (SELECT coalesce(jsonb_object_agg(original_language, films), '{}') FROM"
            " (SELECT original_language, count(*) AS films FROM tmdb_origins"
            " WHERE original_language IS NOT NULL GROUP BY original_language) AS each),"
            " (SELECT coalesce(jsonb_object_agg(country, films), '{}') FROM"
            " (SELECT country, count(*) AS films FROM tmdb_origins, unnest(countries) AS country"
            " GROUP BY country) AS each) FROM movies"
        ),
        {"age_ratings": list(AGE_RATINGS)},
    ).one()
    return Extent(*row)


def genres(connection: Connection) -> list[str]:
    """Return every genre that a film has, in alphabetical order."""
    return list(connection.scalars(text("SELECT name FROM genres ORDER BY name")))


def all_ids(connection: Connection) -> set[int]:
    """Return the ids of all films."""
    return set(connection.scalars(text("SELECT id FROM movies")))


def count(connection: Connection) -> int:
    """Count the films."""
    return int(connection.scalar(text("SELECT count(*) FROM movies")) or 0)


def frame(connection: Connection, movie_ids: Collection[int] | None = None) -> pd.DataFrame:
    """Return all films, or these, for a model: movie_id, title, year (Int64), genres (lists)."""
    films = pd.read_sql_query(
        text(
            "SELECT movies.id AS movie_id, title, year, "
            "coalesce(array_agg(name ORDER BY name) FILTER (WHERE name IS NOT NULL), '{}') "
            "AS genres FROM movies LEFT JOIN movie_genres ON movie_id = movies.id "
            "LEFT JOIN genres ON genres.id = genre_id "
            "WHERE CAST(:ids AS int[]) IS NULL OR movies.id = ANY(CAST(:ids AS int[])) "
            "GROUP BY movies.id ORDER BY movies.id"
        ),
        connection,
        params={"ids": None if movie_ids is None else list(movie_ids)},
    )
    return films.astype({"year": "Int64"})


def titles(connection: Connection) -> "pd.Series[str]":
    """Return the titles of all films by film ID."""
    films = pd.read_sql_query(text("SELECT id, title FROM movies"), connection, index_col="id")
    return films["title"]


def likes(connection: Connection) -> pd.DataFrame:
    """Return the number of likes of each film: columns movie_id, likes."""
    return pd.read_sql_query(text("SELECT movie_id, likes FROM movie_stats"), connection)


def movie_of(row: Row[Any]) -> Movie:
    """Build a film from a row of `SELECT`."""
    arrays = {name: tuple(row._mapping[name]) for name in ("genres", "directors", "leads")}
    return Movie(**{**row._mapping, **arrays})  # arrays arrive as lists
