"""Running on hosts: stopped by SIGTERM, no outside contact, a read-only file system."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from tests.faults.conftest import Servers
from tests.faults.product import ask, until_it_answers
from tests.serving import Server

pytestmark = pytest.mark.faults

# Python runs it before anything else: connections to other machines are recorded and refused.
WATCH = """
import os, sys
def watch(event, args):
    place = args[1] if event == "socket.connect" else args[0]
    host = place[0] if isinstance(place, tuple) else place
    if host in (None, "127.0.0.1", "::1", "localhost") or not isinstance(host, str):
        return
    if event == "socket.connect" and not isinstance(place, tuple):
        return  # a socket in the file system
    with open(os.environ["WATCHED"], "a") as file:
        file.write(f"{event} {place}\\n")
    raise ConnectionRefusedError(f"nothing leaves this machine: {place}")
sys.addaudithook(
    lambda event, args: watch(event, args)
    if event in ("socket.connect", "socket.getaddrinfo")
    else None
)
"""


def _open_page(server: Server, origin: str | None = None) -> ClientConnection:
    """Open a page's WebSocket as a browser does."""
    place = f"{server.address.replace('http', 'ws', 1)}/_stcore/stream"
    from_here = Origin(origin or server.address)
    return connect(place, origin=from_here, subprotocols=[Subprotocol("streamlit")])


@pytest.fixture
def watched(tmp_path: Path) -> dict[str, str]:
    """Return the environment that makes Python record connections to other machines."""
    folder = tmp_path / "watch"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(WATCH)
    return {"PYTHONPATH": str(folder), "WATCHED": str(tmp_path / "asked")}


def test_no_other_host_is_contacted(
    servers: Servers, run: Callable[..., Server], watched: dict[str, str]
) -> None:
    asked = Path(watched["WATCHED"])
    server = run(
        **servers.environment, **watched, HOST="0.0.0.0"
    )  # where Streamlit would ask for its address
    with _open_page(server):
        pass
    for origin in ("https://evil.example", f"http://127.0.0.1:{server.port + 1}", "null"):
        with pytest.raises(InvalidStatus, match="403"):
            _open_page(server, origin)
    assert len(ask(server.address, "give-rec")["items"]) == 5
    assert not asked.exists(), asked.read_text()

    subprocess.run(
        [sys.executable, "-c", "from streamlit import net_util; net_util.get_external_ip()"],
        env=os.environ | watched,
        capture_output=True,
        check=True,
    )
    assert asked.read_text(), "the watch records nothing"


def test_the_origin_of_public_url_is_accepted_whatever_host_is_forwarded(
    servers: Servers, run: Callable[..., Server]
) -> None:
    server = run(**servers.environment, PUBLIC_URL="https://films.example.org")
    with _open_page(server, "https://films.example.org"):
        pass
    with pytest.raises(InvalidStatus, match="403"):
        _open_page(server, "https://evil.example")


def _silent_page(server: Server) -> socket.socket:
    """Open a page for a browser that vanished: it never confirms that the connection closes."""
    knocking = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    knocking.sendall(
        f"GET /_stcore/stream HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
        f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: streamlit\r\n"
        f"Origin: {server.address}\r\n\r\n".encode()
    )
    assert knocking.recv(100).startswith(b"HTTP/1.1 101")
    return knocking


def test_sigterm_stops_it_within_ten_seconds_with_pages_open(
    servers: Servers, run: Callable[..., Server]
) -> None:
    server = run(**servers.environment)
    with _open_page(server), _silent_page(server):
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(timeout=20)
    assert "Traceback" not in server.log.read_text()


@pytest.mark.parametrize(
    ("trusted", "counted"),
    [("127.0.0.1", "203.0.113.9"), ("127.0.0.1, 203.0.113.0/24", "6.6.6.6"), ("10.0.0.0/8", None)],
)
def test_only_trusted_proxies_may_set_the_address(
    servers: Servers, run: Callable[..., Server], trusted: str, counted: str | None
) -> None:
    """Use the last address that isn't a trusted proxy's."""
    server = run(**servers.environment, TRUSTED_PROXIES=trusted)
    email = f"nobody-{server.port}@mail.com"
    for _ in range(11):
        with pytest.raises(OSError, match=r"401|429"):
            ask(
                server.address,
                "auth/login",
                data=f"username={email}&password=wrong".encode(),
                headers={"X-Forwarded-For": "6.6.6.6, 203.0.113.9"},
            )
    server.wait_for_log(f"from {counted or '127.0.0.1'}", 10)
    server.stop()


def test_a_read_only_file_system(
    servers: Servers, run: Callable[..., Server], tmp_path: Path
) -> None:
    if shutil.which("bwrap") is None:
        pytest.skip("there is no bwrap on the PATH (on Debian: apt install bubblewrap)")
    ours = servers.environment
    can = subprocess.run(["bwrap", "--ro-bind", "/", "/", "true"], check=False)
    if can.returncode:
        pytest.skip("this user may not mount a file system")
    server = ReadOnly(tmp_path / "data", **ours)
    try:
        server.wait_until_healthy(60)
        server.wait_for_log("Ready")
        assert len(until_it_answers(server, "give-rec")["items"]) == 5
        assert not (tmp_path / "data").exists()
        assert "Traceback" not in server.log.read_text()
    finally:
        server.stop()


class ReadOnly(Server):
    """An app that can't write anywhere except to its output."""

    command = (
        *("bwrap", "--die-with-parent", "--ro-bind", "/", "/", "--dev-bind", "/dev", "/dev"),
        *("--ro-bind", "/dev/shm", "/dev/shm", "--proc", "/proc"),
        *(sys.executable, "serve.py"),
    )
