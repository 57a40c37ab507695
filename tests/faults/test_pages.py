"""The message on a page during a fault, and its recovery with a click."""

import signal

import pytest

from benchmarks.session import Session
from tests.faults.apps import connect, the_postmaster
from tests.faults.conftest import Servers
from tests.faults.product import servers as running
from tests.faults.product import until
from tests.serving import Server

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]

AWAY = "The database is not responding at the moment. Try again. Nothing you did before is lost."
SLOW = (
    "The database is too slow at the moment. Nothing was changed; try again. "
    "Nothing you did before is lost."
)


def test_the_database_is_gone(app: Server, servers: Servers) -> None:
    with Session(app.address) as tab:
        assert len(tab.titles) == 5
        the_postmaster(servers.data_dir).send_signal(signal.SIGKILL)
        # The process behind a connection exits when it notices, maybe after one more response.
        until(lambda: not running(servers.data_dir, "postgres"), 30)
        tab.click("Five more films")
        assert AWAY in tab.alerts
        with Session(app.address) as another:
            assert AWAY in another.alerts
            servers.postgres.ensure_running()
            for each in (tab, another):
                each.click("Try again")
                assert AWAY not in each.alerts
                assert len(each.titles) == 5
    assert "Traceback" not in app.log.read_text()


def test_redis_is_gone(app: Server, servers: Servers) -> None:
    with Session(app.address) as tab:
        (valkey,) = running(servers.data_dir, "valkey-server")
        valkey.send_signal(signal.SIGKILL)
        tab.click("Five more films")
        assert len(tab.titles) == 5
    servers.valkey.ensure_running()
    assert "Traceback" not in app.log.read_text()


@pytest.mark.soak
def test_the_database_is_slow(app: Server, servers: Servers) -> None:
    with Session(app.address) as tab:
        with connect(servers.postgres.url) as holder:
            holder.autocommit = False
            tables = holder.execute(
                "SELECT string_agg(tablename, ', ') FROM pg_tables WHERE schemaname = 'public'"
            ).fetchone()
            assert tables is not None
            holder.execute(f"LOCK TABLE {tables[0]} IN ACCESS EXCLUSIVE MODE".encode())
            tab.click("Five more films")
            assert SLOW in tab.alerts
            holder.rollback()
        tab.click("Try again")
        assert SLOW not in tab.alerts
        assert len(tab.titles) == 5
    assert "Traceback" not in app.log.read_text()
