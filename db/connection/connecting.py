"""Connections to PostgreSQL, directly or through a pooler."""

from dataclasses import dataclass, field
from inspect import GEN_SUSPENDED, getgeneratorstate
from typing import Any, TypeVar

import psycopg
from psycopg import errors, sql
from psycopg.abc import PQGen

PATIENCE_SECONDS = 5.0
"""How long the server may stay silent beyond its own statement timeout, or on a ping."""

# A server that disappears silently (a cable, a firewall) is detected after half a minute, even
# during a data load or a training, whose statements may take any time.
_DEFAULTS = {
    "connect_timeout": 5,
    "application_name": "five-films",
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": 30_000,  # ms
}

_USUAL_THRESHOLD = 5  # psycopg's default

_T = TypeVar("_T")


class WrongAddressError(psycopg.ProgrammingError):
    """The server is reachable but rejects what `DATABASE_URL` asks for; a retry doesn't help."""


class PatientConnection(psycopg.Connection[Any]):
    """A connection that gives up when the server stays silent for too long.

    The server's own `statement_timeout` doesn't help when the server hangs or its response is
    lost, and behind a proxy TCP may not notice either.

    Attributes
    ----------
    patience : float or None
        Seconds; None to wait without limit.
    of_each_transaction : sql.Composed or None
        The first statement of each transaction; None if the session has its settings already.
    """

    patience: float | None = None
    usual_patience: float | None = None
    of_each_transaction: sql.Composed | None = None

    def wait(self, gen: PQGen[_T], interval: float = 0.1, timeout: float | None = None) -> _T:
        """Wait as psycopg does, but close the connection after `patience`: its state is unknown."""
        if timeout is not None or self.patience is None:
            return super().wait(gen, interval, timeout)
        waiting = _delegating(gen)
        try:
            return super().wait(waiting, interval, self.patience)
        except psycopg.OperationalError:
            # psycopg's class for this is private; other errors come from inside the generator.
            if self.closed or getgeneratorstate(waiting) != GEN_SUSPENDED:
                raise
            self.pgconn.finish()
            raise psycopg.OperationalError(
                f"the server has not responded for {self.patience:.0f} seconds"
            ) from None


def _delegating(gen: PQGen[_T]) -> PQGen[_T]:
    """Return the same generator as one written in Python, whose state can be inspected."""
    return (yield from gen)


@dataclass
class Sessions:
    """Opens connections with our settings, directly or through a pooler.

    A pooler rejects settings as start-up parameters, and leaks a session's settings and prepared
    statements to the next client. So they are set in each transaction there, and nothing is
    prepared.

    Attributes
    ----------
    settings : dict of str to str
        Settings of each session.
    patience : float or None
        Seconds that a server may stay silent; None: without limit.
    prepares : bool
        Whether `DATABASE_URL` says when statements are prepared.
    prepare_threshold : int or None
        After how many executions a statement is prepared, if `prepares`; None: never.
    is_pooled : bool or None
        Whether a pooler was detected; None before the first connection.
    """

    settings: dict[str, str]
    patience: float | None
    prepares: bool = False
    prepare_threshold: int | None = None
    is_pooled: bool | None = field(default=None, init=False)

    def open(self, *args: Any, **parameters: Any) -> PatientConnection:
        """Open a connection and apply the settings.

        Parameters
        ----------
        *args : Any
            As for `psycopg.connect`.
        **parameters : Any
            Likewise; they take precedence over our defaults.

        Returns
        -------
        PatientConnection

        Raises
        ------
        psycopg.OperationalError
            If the server can't be reached or refuses the login.
        WrongAddressError
            If the server doesn't know a setting.
        """
        connection = PatientConnection.connect(*args, **{**_DEFAULTS, **parameters})
        try:
            self._initialise(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _initialise(self, connection: PatientConnection) -> None:
        connection.patience = connection.usual_patience = self.patience
        # A pooler invents the process id that it reports to clients, to identify who cancels.
        reported_pid = connection.pgconn.backend_pid
        connection.autocommit = True
        connection.prepare_threshold = None
        try:
            found = connection.execute(
                self._set(sql.SQL("pg_backend_pid() <> {}").format(reported_pid))
            )
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
