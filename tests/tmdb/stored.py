"""Films of the tests' catalogue that the invented TMDb knows."""

from sqlalchemy import Connection, Engine, text

from db.queries import tmdb
from tests.tmdb.answers import BARE, SEVEN
from tests.tmdb.server import TOKEN, Tmdb
from tmdb.client import Client


def link(engine: Engine) -> None:
    """Link films: 7 and 8 to TMDb's, 6 to one that TMDb lacks, 5 to IMDb's number of SEVEN."""
    with engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE movies SET tmdb_id = new.tmdb, imdb_id = new.imdb FROM (VALUES "
                f"(7, {SEVEN['id']}, 70), (8, {BARE['id']}, NULL), (6, 404, NULL), (5, NULL, 7)"
                ") AS new (id, tmdb, imdb) WHERE movies.id = new.id"
            )
        )


def fetch(engine: Engine, server: Tmdb, *movie_ids: int) -> None:
    """Store what the server says of linked films."""
    client = Client(TOKEN, api=server.api, images=server.pictures)
    with engine.begin() as connection:
        for each in tmdb.wanted(connection, movie_ids):
            tmdb.store(connection, each.movie_id, client.film(each.tmdb_id, each.imdb_id))
    client.close()


def age(connection: Connection, movie_id: int, days: int) -> None:
    """Make what is stored of a film this old."""
    connection.execute(
        text(
            "UPDATE tmdb_films SET fetched_at = now() - make_interval(days => :days) "
            "WHERE movie_id = :movie_id"
        ),
        {"days": days, "movie_id": movie_id},
    )
