"""The database server itself: its version, the schema's, and how much room the data take."""

from dataclasses import dataclass

from sqlalchemy import Connection, text


@dataclass(frozen=True)
class About:
    """What the server says of itself; `size` is the database's, in bytes."""

    version: str
    schema: str
    size: int


def about(connection: Connection) -> About:
    """Ask the server."""
    row = connection.execute(
        text(
            "SELECT split_part(current_setting('server_version'), ' ', 1) AS version, "
            "version_num AS schema, pg_database_size(current_database()) AS size "
            "FROM alembic_version"
        )
    ).one()
    return About(**row._mapping)
