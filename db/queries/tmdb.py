"""What TMDb says of films. It is for show: nothing that a model learns from reads it.

TMDb permits storing it for six months; older rows are never returned.
"""

from collections.abc import Collection, Sequence
from typing import Literal, NamedTuple, TypeAlias

from sqlalchemy import Connection, text

from i18n.language import Language
from tmdb.film import KEPT_DAYS, Film, Kind

FRESH_DAYS = 30
"""After how many days a film is requested again: where it can be seen changes."""

TABLES = ("tmdb_films", "tmdb_words", "tmdb_offers")

Picture: TypeAlias = Literal["poster", "backdrop"]

_IS_KEPT = f"fetched_at > now() - interval '{KEPT_DAYS} days'"
_IS_FRESH = f"fetched_at > now() - interval '{FRESH_DAYS} days'"


class Wanted(NamedTuple):
    """A film to ask TMDb for, and its numbers."""

    movie_id: int
    tmdb_id: int | None
    imdb_id: int | None


class Offered(NamedTuple):
    """Where a film can be seen, and how."""

    kind: Kind
    provider: str


class Shown(NamedTuple):
    """What is shown of a film in a language; what isn't known in it is in English."""

    plot: str | None
    tagline: str | None
    trailer: str | None
    poster: str | None
    backdrop: str | None
    original_language: str | None
    countries: Sequence[str]
    is_fresh: bool


class Pictures(NamedTuple):
    """Which pictures a film has, and whether they are new enough not to be requested again."""

    has_poster: bool
    has_backdrop: bool
    is_fresh: bool


def wanted(connection: Connection, movie_ids: Collection[int] | None = None) -> list[Wanted]:
    """Return those of these films (None: all) that were never fetched, or not for `FRESH_DAYS`.

    Films without a number at TMDb or IMDb are left out. The most rated ones come first.
    """
    rows = connection.execute(
        text(
            f"""
            SELECT movies.id, movies.tmdb_id, coalesce(imdb_id, imdb_number) AS imdb_id
            FROM movies LEFT JOIN movie_details ON movie_details.movie_id = movies.id
            LEFT JOIN movie_stats ON movie_stats.movie_id = movies.id
            WHERE (CAST(:ids AS int[]) IS NULL OR movies.id = ANY(CAST(:ids AS int[])))
            AND coalesce(movies.tmdb_id, imdb_id, imdb_number) IS NOT NULL
            AND NOT EXISTS (SELECT FROM tmdb_films
                            WHERE tmdb_films.movie_id = movies.id AND {_IS_FRESH})
            ORDER BY coalesce(ratings, 0) DESC, movies.id
            """
        ),
        {"ids": None if movie_ids is None else list(movie_ids)},
    )
    return [Wanted(*row) for row in rows]


def store(connection: Connection, movie_id: int, film: Film | None) -> None:
    """Replace what is stored of a film; None says that TMDb doesn't have it.

    A film that isn't in the database any more is skipped.
    """
    connection.execute(
        text("DELETE FROM tmdb_films WHERE movie_id = :movie_id"), {"movie_id": movie_id}
    )
    known = film or Film(0)
    stored = connection.execute(
        text(
            "INSERT INTO tmdb_films (movie_id, tmdb_id, backdrop, original_language, countries)"
            " SELECT id, :tmdb_id, :backdrop, :original_language, :countries"
            " FROM movies WHERE id = :movie_id"
            " ON CONFLICT DO NOTHING"  # another process was faster
        ),
        {
            "movie_id": movie_id,
            "tmdb_id": known.tmdb_id or None,
            "backdrop": known.backdrop,
            "original_language": known.original_language,
            "countries": list(known.countries),
        },
    )
    if not stored.rowcount:
        return
    if known.words:
        connection.execute(
            text(
                "INSERT INTO tmdb_words VALUES"
                " (:movie_id, :language, :plot, :tagline, :trailer, :poster)"
            ),
            [
                {
                    "movie_id": movie_id,
                    "language": language,
                    "plot": words.plot,
                    "tagline": words.tagline,
                    "trailer": words.trailer,
                    "poster": words.poster,
                }
                for language, words in known.words.items()
            ],
        )
    if known.offers:
        connection.execute(
            text(
                "INSERT INTO tmdb_offers VALUES"
                " (:movie_id, :country, :kind, :provider_id, :provider, :position)"
                " ON CONFLICT DO NOTHING"
            ),
            [
                {
                    "movie_id": movie_id,
                    "country": offer.country,
                    "kind": offer.kind,
                    "provider_id": offer.provider_id,
                    "provider": offer.provider,
                    "position": min(position, 32767),
                }
                for position, offer in enumerate(known.offers)
            ],
        )


def of_film(connection: Connection, movie_id: int, language: Language) -> Shown | None:
    """Return what is shown of a film; None if nothing is stored, or TMDb doesn't have it."""
    row = connection.execute(
        text(
            f"""
            SELECT coalesce(own.plot, english.plot), coalesce(own.tagline, english.tagline),
                   coalesce(own.trailer, english.trailer), coalesce(own.poster, english.poster),
                   backdrop, original_language, countries, {_IS_FRESH}
            FROM tmdb_films
            LEFT JOIN tmdb_words AS own
                ON own.movie_id = tmdb_films.movie_id AND own.language = :language
            LEFT JOIN tmdb_words AS english
                ON english.movie_id = tmdb_films.movie_id AND english.language = 'en'
            WHERE tmdb_films.movie_id = :movie_id AND tmdb_id IS NOT NULL AND {_IS_KEPT}
            """
        ),
        {"movie_id": movie_id, "language": language},
    ).one_or_none()
    return None if row is None else Shown(*row)


def offers(connection: Connection, movie_id: int, country: str) -> list[Offered]:
    """Return where a film can be seen in a country, as TMDb orders it; empty if not known."""
    rows = connection.execute(
        text(
            "SELECT kind, provider FROM tmdb_offers JOIN tmdb_films USING (movie_id)"
            f" WHERE movie_id = :movie_id AND country = :country AND {_IS_KEPT} ORDER BY position"
        ),
        {"movie_id": movie_id, "country": country},
    )
    return [Offered(*row) for row in rows]


def pictures(connection: Connection, movie_ids: Collection[int]) -> dict[int, Pictures]:
    """Return which pictures these films have; a film of which nothing is stored is left out."""
    rows = connection.execute(
        text(
            "SELECT movie_id, coalesce(poster IS NOT NULL, false), backdrop IS NOT NULL,"
            f" {_IS_FRESH} FROM tmdb_films LEFT JOIN tmdb_words USING (movie_id)"
            f" WHERE movie_id = ANY(:ids) AND coalesce(language, 'en') = 'en' AND {_IS_KEPT}"
        ),
        {"ids": list(movie_ids)},
    )
    return {movie_id: Pictures(*others) for movie_id, *others in rows}


def path(connection: Connection, movie_id: int, picture: Picture, language: Language) -> str | None:
    """Return the path of a film's picture at TMDb; None if there is none."""
    row = connection.execute(
        text(
            "SELECT backdrop, poster FROM tmdb_films LEFT JOIN tmdb_words"
            " ON tmdb_words.movie_id = tmdb_films.movie_id AND language = :language"
            f" WHERE tmdb_films.movie_id = :movie_id AND {_IS_KEPT}"
        ),
        {"movie_id": movie_id, "language": language},
    ).one_or_none()
    found: str | None = None if row is None else getattr(row, picture)
    return found


def delete_expired(connection: Connection) -> int:
    """Delete what may not be stored any longer; return of how many films."""
    return connection.execute(text(f"DELETE FROM tmdb_films WHERE NOT {_IS_KEPT}")).rowcount
