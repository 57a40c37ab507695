"""How long a connection waits for a server that stays silent."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import Engine

from db.connection.connecting import PatientConnection

pytestmark = pytest.mark.data_layer


@pytest.fixture
def connection(engine: Engine) -> Iterator[PatientConnection]:
    """Return a connection that waits for half a second."""
    with engine.connect() as ours:
        driver = ours.connection.driver_connection
        assert isinstance(driver, PatientConnection)
        driver.patience = 0.5
        yield driver


def test_silent_server_is_given_up(connection: PatientConnection) -> None:
    with pytest.raises(psycopg.OperationalError, match="the server has not responded for"):
        connection.execute("SELECT pg_sleep(20)")
    assert connection.closed


def test_slow_server_is_waited_for_without_a_limit(connection: PatientConnection) -> None:
    connection.patience = None
    assert connection.execute("SELECT 1 FROM pg_sleep(1)").fetchone() == (1,)


def test_server_that_reports_an_error_is_not_silent(connection: PatientConnection) -> None:
    connection.execute("SET LOCAL statement_timeout = 100")
    with pytest.raises(errors.QueryCanceled, match="statement timeout"):
        connection.execute("SELECT pg_sleep(20)")
    assert not connection.closed


def test_server_that_closes_the_connection_is_not_silent(connection: PatientConnection) -> None:
    with pytest.raises(psycopg.OperationalError) as raised:
        connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    assert "has not responded" not in str(raised.value)
    assert connection.closed
