"""The database server: its version, the schema's revision, and the size of the database."""

from dataclasses import dataclass

from sqlalchemy import Connection, text


@dataclass(frozen=True)
class About:
    """Facts about the server; `size` is the database's, in bytes."""

    version: str
    schema: str
    size: int


def about(connection: Connection) -> About:
    """Query the server's versions and the database's size."""
    row = connection.execute(
        text(
            "SELECT split_part(current_setting('server_version'), ' ', 1) AS version, "
            "version_num AS schema, pg_database_size(current_database()) AS size "
            "FROM alembic_version"
        )
    ).one()
    return About(**row._mapping)
