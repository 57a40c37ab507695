"""A connection to PostgreSQL, to the server itself or through a pooler."""

from dataclasses import dataclass, field
from typing import Any, TypeVar

import psycopg
from psycopg import errors, sql
from psycopg.abc import PQGen

PATIENCE_SECONDS = 5.0
"""How long the server may say nothing beyond its own time limit, and to a mere "are you there"."""

# A server that has gone without a word (a cable, a firewall) is found out after half a minute, also
# by a load or a training, whose statements may take any time.
_DEFAULTS = {
    "connect_timeout": 5,
    "application_name": "five-films",
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": 30_000,  # ms
}

_USUAL_THRESHOLD = 5  # psycopg's own

_T = TypeVar("_T")


class WrongAddressError(psycopg.ProgrammingError):
    """The server is there and refuses what `DATABASE_URL` asks for; trying again doesn't help."""


class PatientConnection(psycopg.Connection[Any]):
    """Gives up a server that says nothing for so long.

    The server's own `statement_timeout` is of no use when the server hangs, or when its answer is
    lost on the way, and TCP may see nothing of it where a proxy stands between.

    Attributes
    ----------
    patience : float or None
        Seconds; None to wait for ever.
    of_each_transaction : sql.Composed or None
        What is to be done first in a transaction; None where the session has its settings.
    """

    patience: float | None = None
    usual_patience: float | None = None
    of_each_transaction: sql.Composed | None = None

    def wait(self, gen: PQGen[_T], interval: float = 0.1, timeout: float | None = None) -> _T:
        """See psycopg; after `patience` the connection is closed, for nobody knows its state."""
        if timeout is not None or self.patience is None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.patience)
        except errors._WaitTimeout:
            self.pgconn.finish()
            raise psycopg.OperationalError(
                f"the server has said nothing for {self.patience:.0f} seconds"
            ) from None


@dataclass
class Sessions:
    """Opens connections that have our settings, whatever stands before the server.

    A pooler refuses settings as start-up parameters, and gives a session's settings and prepared
    statements to whoever comes next. So they are set in each transaction there, and nothing is
    prepared.

    Attributes
    ----------
    settings : dict of str to str
        Of each session.
    patience : float or None
        Seconds that a server may say nothing; None: for ever.
    prepare_threshold : int or None
        After how many executions a statement is prepared, where `prepares`; None: never.
    is_pooled : bool or None
        Whether a pooler was found; None before the first connection.
    """

    settings: dict[str, str]
    patience: float | None
    prepares: bool = False
    prepare_threshold: int | None = None
    is_pooled: bool | None = field(default=None, init=False)

    def open(self, *args: Any, **parameters: Any) -> PatientConnection:
        """Connect.

        Raises
        ------
        psycopg.OperationalError
            When nobody answers, or who answers doesn't let us in.
        WrongAddressError
            When the server doesn't know a setting.
        """
        connection = PatientConnection.connect(*args, **{**_DEFAULTS, **parameters})
        try:
            self._begin(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _begin(self, connection: PatientConnection) -> None:
        connection.patience = connection.usual_patience = self.patience
        # A pooler makes up the process that it tells its clients, to find out who cancels.
        told = connection.pgconn.backend_pid
        connection.autocommit = True
        connection.prepare_threshold = None
        try:
            found = connection.execute(self._set(sql.SQL("pg_backend_pid() <> {}").format(told)))
        except (
            psycopg.ProgrammingError,
            psycopg.DataError,
            errors.CantChangeRuntimeParam,
        ) as error:
            raise WrongAddressError(f"DATABASE_URL: {error}") from error
        row = found.fetchone()
        connection.autocommit = False
        self.is_pooled = row is not None and bool(row[0])
        if self.is_pooled:
            connection.of_each_transaction = self._set(sql.SQL("true"))
        elif not self.prepares:
            connection.prepare_threshold = _USUAL_THRESHOLD
        if self.prepares:
            connection.prepare_threshold = self.prepare_threshold

    def _set(self, only_for_transaction: sql.Composable) -> sql.Composed:
        return sql.SQL("SELECT {}").format(
            sql.SQL(", ").join(
                [
                    only_for_transaction,
                    *(
                        sql.SQL("set_config({}, {}, {})").format(name, value, only_for_transaction)
                        for name, value in self.settings.items()
                    ),
                ]
            )
        )
