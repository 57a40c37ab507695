"""PostgreSQL's COPY in its binary format, whose rows are a NumPy array.

https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format"
"""

import numpy as np
import psycopg
from sqlalchemy import Connection

BEGIN = b"PGCOPY\n\xff\r\n\0" + bytes(8)
END = b"\xff\xff"


def driver(connection: Connection) -> psycopg.Connection:
    """Return the underlying psycopg connection, inside the same transaction."""
    raw = connection.connection.driver_connection
    if not isinstance(raw, psycopg.Connection):
        raise TypeError("COPY needs the driver psycopg 3: postgresql+psycopg://…")
    return raw


def row_of(**columns: str) -> np.dtype[np.void]:
    """Return the dtype of a row: the number of columns, then each value after its length."""
    fields = [("fields", ">i2")]
    for name, kind in columns.items():
        fields += [(f"{name}_size", ">i4"), (name, kind)]
    return np.dtype(fields)
