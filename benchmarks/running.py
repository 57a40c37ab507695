"""The product and its peers, started for a measurement and ended with it."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from accounts import sessions
from config import Settings
from db import embedded
from db.connection.engine import open_engine
from db.queries import users
from tests.serving import ROOT, UNLIMITED, Server

EMPTY = """
import streamlit as st
st.session_state.n = st.session_state.get("n", 0) + st.button("Click")
st.write(f"clicked {st.session_state.n}")
"""


class Product(Server):
    """The product, whose caches a measurement may empty, as no page of it may."""

    command = (
        sys.executable,
        "-c",
        "import serve; from pages.server.messages import WANTED;"
        " WANTED.add('clear_cache'); serve.main()",
    )


@contextmanager
def product(folder: Path) -> Iterator[Server]:
    """The product on the demo set with its model trained, in an empty folder."""
    folder.mkdir(exist_ok=True)
    server = Product(folder / "data", **UNLIMITED)
    try:
        server.wait_until_healthy()
        server.wait_for_log("Ready")
        yield server
    finally:
        server.stop()
        embedded.stop(folder / "data")


@contextmanager
def empty_page(folder: Path) -> Iterator[str]:
    """An empty Streamlit page with one button; its address."""
    (folder / "empty.py").write_text(EMPTY)
    port = free_port()
    command = ("-m", "streamlit", "run", "empty.py", "--server.port", str(port))
    options = ("--server.address", "127.0.0.1", "--server.headless", "true")
    with running(*command, *options, folder=folder):
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}/_stcore/health")
        yield address


@contextmanager
def running(
    *command: str, folder: Path = ROOT, environment: Mapping[str, str] | None = None
) -> Iterator[None]:
    """A Python program that is ended at the end."""
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_for(address: str, seconds: float = 120) -> None:
    """Wait until this address answers.

    Raises
    ------
    TimeoutError
        When it doesn't.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urlopen(address, timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.01)
    raise TimeoutError(f"{address} doesn't answer")


def log_in(address: str, email: str, password: str = "test") -> str:
    """A token of an account; the password is that of demo accounts."""
    form = urlencode({"username": email, "password": password}).encode()
    with urlopen(Request(f"{address}/api/auth/login", form), timeout=30) as answer:
        return str(json.load(answer)["access_token"])


def browser_cookies(server: Server, person: int) -> str:
    """The cookies of a browser in which somebody is logged in."""
    engine = open_engine(Settings(_env_file=None, data_dir=server.data_dir))
    with engine.connect() as connection:
        user = users.by_id(connection, person)
    if user is None:
        raise ValueError(f"there is no person {person}")
    visitor = sessions.new_token()
    opened = sessions.open_session(engine, user, days=1)
    ticket = sessions.create_ticket(engine, opened, visitor)
    token = sessions.redeem_ticket(engine, ticket, visitor)
    engine.dispose()
    return f"{sessions.SESSION_COOKIE}={token}; {sessions.VISITOR_COOKIE}={visitor}"


def free_port() -> int:
    """A port where nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
