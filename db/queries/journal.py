"""The journal of data loads and imports."""

import pandas as pd
from sqlalchemy import Connection, text


def note_import(
    connection: Connection,
    user_id: int,
    service: str,
    *,
    added: int,
    changed: int,
    unchanged: int,
    unknown: int,
) -> None:
    """Record an import, in its transaction; counts are films."""
    connection.execute(
        text(
            "INSERT INTO imports (user_id, service, added, changed, unchanged, unknown) "
            "VALUES (:user_id, :service, :added, :changed, :unchanged, :unknown)"
        ),
        {
            "user_id": user_id,
            "service": service,
            "added": added,
            "changed": changed,
            "unchanged": unchanged,
            "unknown": unknown,
        },
    )


def imports(connection: Connection, most: int = 50) -> pd.DataFrame:
    """Return the last imports: imported_at, email, service, added, changed, unchanged, unknown."""
    return pd.read_sql_query(
        text(
            "SELECT imported_at, email, service, added, changed, unchanged, unknown "
            "FROM imports JOIN users ON users.id = user_id ORDER BY imports.id DESC LIMIT :most"
        ),
        connection,
        params={"most": most},
    )


def loads(connection: Connection, most: int = 50) -> pd.DataFrame:
    """Return the last data loads: loaded_at, source, movies, raters, ratings, rejected (lines)."""
    return pd.read_sql_query(
        text(
            "SELECT loaded_at, source, movies, raters, ratings, rejected "
            "FROM loads ORDER BY id DESC LIMIT :most"
        ),
        connection,
        params={"most": most},
    )
