"""Temporary removal of a table's keys and indexes: rebuilding them at once is much faster."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

_KEYS = """
SELECT format('ALTER TABLE %I DROP CONSTRAINT %I', CAST(:name AS text), conname),
       format('ALTER TABLE %I ADD CONSTRAINT %I %s', CAST(:name AS text), conname,
              pg_get_constraintdef(oid))
FROM pg_constraint WHERE conrelid = CAST(:name AS regclass) AND contype IN ('f', 'p')
ORDER BY conname
"""

_PLAIN_INDEXES = """
SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
FROM pg_index
WHERE indrelid = CAST(:name AS regclass)
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
ORDER BY indexrelid
"""


@contextmanager
def keys_off(connection: Connection, table: str) -> Iterator[None]:
    """Drop a table's keys and indexes, and create them again afterwards."""
    rows = [
        tuple(row)
        for query in (_KEYS, _PLAIN_INDEXES)
        for row in connection.execute(text(query), {"name": table})
    ]
    for drop, _ in rows:
        connection.exec_driver_sql(drop)
    yield
    for _, add in reversed(rows):
        connection.exec_driver_sql(add)
