"""PostgreSQL stops, restarts, runs out of connections and is slow while a crowd rates."""

import signal
import threading
from contextlib import ExitStack, suppress
from urllib.error import HTTPError

import psutil
import psycopg
import pytest

from tests.faults.apps import connect, the_postmaster
from tests.faults.conftest import Servers
from tests.faults.crowd import Crowd
from tests.faults.product import ask, log_in, refusal, until, until_it_answers
from tests.serving import Server

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]


def test_gone_and_back(app: Server, servers: Servers) -> None:
    with Crowd(app) as crowd:
        the_postmaster(servers.data_dir).send_signal(signal.SIGKILL)
        crowd.wait_for_refusals("The database is not responding at the moment. Try again.", 10)
        servers.postgres.ensure_running()
        crowd.wait_for_ratings()
    crowd.report("PostgreSQL killed and back")


def test_restarted_in_the_middle_of_a_transaction(app: Server, servers: Servers) -> None:
    token = log_in(app, 8)
    before = until_it_answers(app, "ratings", token=token)["items"]
    rated = {each["movie_id"] for each in before}
    film = next(film for film in range(1, 100) if film not in rated)
    told: list[str] = []

    def rate() -> None:
        try:
            ask(app.address, f"ratings/{film}", token=token, method="PUT", json={"rating": 5})
        except HTTPError as error:
            told.append(refusal(error))

    with connect(servers.postgres.url) as holder:
        holder.autocommit = False
        # The rating is written, and its transaction waits for the person's row.
        holder.execute("SELECT 1 FROM users WHERE email = 'test8@mail.com' FOR NO KEY UPDATE")
        rating = threading.Thread(target=rate)
        rating.start()
        until(lambda: _is_waiting(servers))
        backend = psutil.Process(holder.info.backend_pid)
        backend.suspend()  # otherwise it might exit first, and the rating be stored just before
        the_postmaster(servers.data_dir).send_signal(signal.SIGINT)  # a fast shutdown
        rating.join()
        backend.resume()
        with suppress(psycopg.Error):
            holder.rollback()
    assert told == ["The database is not responding at the moment. Try again."]
    servers.postgres.ensure_running()
    assert until_it_answers(app, "ratings", token=token)["items"] == before
    until_it_answers(app, f"ratings/{film}", token=token, method="PUT", json={"rating": 5})


def _is_waiting(servers: Servers) -> bool:
    with connect(servers.postgres.url) as connection:
        found = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
            "AND query LIKE 'UPDATE users SET ratings_revision%'"
        ).fetchone()
        return found is not None and found[0] > 0


def test_out_of_connections(app: Server, servers: Servers) -> None:
    with Crowd(app, size=6) as crowd, ExitStack() as taken:
        # The app's connections are closed again and again, and others take their places.
        with connect(servers.postgres.url) as ending:
            for _ in range(20):
                ending.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE application_name = 'five-films'"
                )
                with suppress(psycopg.OperationalError):
                    while True:
                        taken.enter_context(connect(servers.postgres.url))
        crowd.wait_for_refusals("The database is busy at the moment. Try again.")
        taken.close()
        crowd.wait_for_ratings()
    crowd.report("PostgreSQL out of connections")


@pytest.mark.soak
def test_slow(app: Server, servers: Servers) -> None:
    with Crowd(app) as crowd:
        with connect(servers.postgres.url) as holder:
            holder.autocommit = False
            holder.execute("LOCK TABLE ratings IN ACCESS EXCLUSIVE MODE")
            crowd.wait_for_refusals(
                "The database is too slow at the moment. Nothing was changed; try again."
            )
            holder.rollback()
        crowd.wait_for_ratings()
    crowd.report("PostgreSQL slow")


@pytest.mark.soak
def test_hanging(app: Server, servers: Servers) -> None:
    with Crowd(app) as crowd:
        postmaster = the_postmaster(servers.data_dir)
        family = [postmaster, *postmaster.children(recursive=True)]
        for process in family:
            process.send_signal(signal.SIGSTOP)
        try:
            crowd.wait_for_refusals("The database is not responding at the moment. Try again.")
        finally:
            for process in family:
                process.send_signal(signal.SIGCONT)
        crowd.wait_for_ratings()
    crowd.report("PostgreSQL stopped and continued")
