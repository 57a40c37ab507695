"""PostgreSQL's COPY in its binary format, whose rows are an array of numpy's.

https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format"
"""

import numpy as np
import psycopg
from sqlalchemy import Connection

BEGIN = b"PGCOPY\n\xff\r\n\0" + bytes(8)
END = b"\xff\xff"


def driver(connection: Connection) -> psycopg.Connection:
    """The connection of psycopg beneath, inside the same transaction."""
    beneath = connection.connection.driver_connection
    if not isinstance(beneath, psycopg.Connection):
        raise TypeError("COPY needs the driver psycopg 3: postgresql+psycopg://…")
    return beneath


def row_of(**columns: str) -> np.dtype[np.void]:
    """A row of these columns, by numpy's types: their number, then each after its length."""
    fields = [("fields", ">i2")]
    for name, kind in columns.items():
        fields += [(f"{name}_size", ">i4"), (name, kind)]
    return np.dtype(fields)
