"""The app behind nginx, with the configuration of docs/deploy.md."""

import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import BrowserType, FilePayload, expect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from tests.browser.conftest import browser_type_launch_args  # noqa: F401
from tests.faults.conftest import Servers
from tests.faults.product import until
from tests.serving import ROOT, Server, free_port

pytestmark = pytest.mark.faults

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
NAME = "films.example.org"
BROWSER = "127.0.0.5"  # not the proxy's own address, which is trusted


@pytest.fixture(scope="module")
def app(servers: Servers, run: Callable[..., Server]) -> Server:
    """Return an app with a PUBLIC_URL."""
    return run(**servers.environment, PUBLIC_URL=f"https://{NAME}")


@pytest.fixture(scope="module")
def port(app: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Yield the port of nginx, which has its own certificate."""
    with _nginx(tmp_path_factory.mktemp("nginx"), app) as port:
        yield port


@pytest.fixture(scope="module")
def port_for_small_files(app: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Yield the port of an nginx without client_max_body_size, which accepts 1 MB."""
    with _nginx(tmp_path_factory.mktemp("nginx"), app, client_max_body_size="1m") as port:
        yield port


@contextmanager
def _nginx(folder: Path, app: Server, *, client_max_body_size: str = "11m") -> Iterator[int]:
    """Run nginx with the example of docs/deploy.md, and yield its port."""
    if NGINX is None:
        pytest.skip("there is no nginx on the PATH (on Debian: apt install nginx)")
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={NAME}"),
            *("-keyout", str(folder / "key"), "-out", str(folder / "certificate")),
        ],
        check=True,
        capture_output=True,
    )
    port = free_port()
    (example,) = re.findall(
        r"```nginx\n(.+?)```", (ROOT / "docs" / "deploy.md").read_text(), re.DOTALL
    )
    for ours, here in (
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("/etc/ssl/films.pem", str(folder / "certificate")),
        ("/etc/ssl/films.key", str(folder / "key")),
        ("http://127.0.0.1:8501", app.address),
        ("client_max_body_size 11m", f"client_max_body_size {client_max_body_size}"),
    ):
        assert example.count(ours) == 1
        example = example.replace(ours, here)
    temporary = "\n".join(
        f"{kind}_temp_path {folder / kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.geteuid() == 0 else ""  # which may write in the test's folder
    file = folder / "nginx.conf"
    file.write_text(
        f"{user} daemon off; pid {folder / 'pid'}; error_log stderr; events {{}}\n"
        f"http {{ access_log off;\n{temporary}\n{example}\n}}\n"
    )
    with subprocess.Popen([NGINX, "-c", str(file)]) as process:
        try:
            until(lambda: _is_up(port), seconds=20)
            yield port
        finally:
            process.terminate()


def _is_up(port: int) -> bool:
    with suppress(httpx.ConnectError):
        return _client(port).get("/_stcore/health").text == "ok"
    return False


def _client(port: int) -> httpx.Client:
    return httpx.Client(
        base_url=f"https://127.0.0.1:{port}",
        headers={"Host": NAME},
        transport=httpx.HTTPTransport(verify=False, local_address=BROWSER),
        timeout=30,
    )


def test_a_login_sets_secure_cookies(port: int) -> None:
    client = _client(port)
    assert "; Secure" in client.get("/").headers["set-cookie"]
    form = {"username": "test1@mail.com", "password": "test"}
    token = client.post("/api/auth/login", data=form).json()["access_token"]
    answer = client.get("/api/give-rec", headers={"Authorization": f"Bearer {token}"})
    assert answer.json()["kind"] == "known"


def _open_page(port: int, origin: str) -> None:
    trusting = ssl._create_unverified_context()
    place = f"wss://{NAME}:{port}/_stcore/stream"
    with connect(
        place,
        sock=socket.create_connection(("127.0.0.1", port)),
        ssl=trusting,
        origin=Origin(origin),
        subprotocols=[Subprotocol("streamlit")],
    ):
        pass


def test_only_pages_of_the_public_url_open_a_websocket(port: int) -> None:
    _open_page(port, f"https://{NAME}")
    with pytest.raises(InvalidStatus, match="403"):
        _open_page(port, "https://evil.example")


def test_the_throttle_counts_browsers_and_only_trusts_nginx(port: int, app: Server) -> None:
    client = _client(port)
    for _ in range(11):
        client.post(
            "/api/auth/login",
            data={"username": "nobody@mail.com", "password": "wrong"},
            headers={"X-Forwarded-For": "6.6.6.6, 203.0.113.9"},
        )
    app.wait_for_log(f"from {BROWSER}", 10)
    assert "203.0.113.9" not in app.log.read_text()
    assert "6.6.6.6" not in app.log.read_text()


def test_our_file_limit_applies_before_nginxs(port: int) -> None:
    """So the error is ours, as JSON; nginx refuses even larger files."""
    client = _client(port)
    form = {"username": "test1@mail.com", "password": "test"}
    token = client.post("/api/auth/login", data=form).json()["access_token"]
    own = {"Authorization": f"Bearer {token}"}
    too_large, far_too_large = (
        client.post("/api/imports/preview", headers=own, files={"file": ("x.csv", bytes(size))})
        for size in (int(10.5 * 2**20), 12 * 2**20)
    )
    assert "10 MB" in too_large.json()["detail"]
    assert far_too_large.status_code == 413
    assert "nginx" in far_too_large.text


def test_a_page_explains_that_nginx_refuses_a_file(
    port_for_small_files: int,
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],  # noqa: F811
) -> None:
    chosen = {**browser_type_launch_args}
    here = f"--host-resolver-rules=MAP {NAME}:443 127.0.0.1:{port_for_small_files}"
    chosen["args"] = [*chosen["args"], here]
    with browser_type.launch(**chosen) as browser:
        page = browser.new_page(ignore_https_errors=True)
        page.goto(f"https://{NAME}/my_films?view=Import")
        page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(
            FilePayload(name="ratings.csv", mimeType="text/csv", buffer=b"1\n" * 4_500_000)
        )
        notice = page.get_by_role("alert").filter(has_text="client_max_body_size 11m")
        expect(notice).to_contain_text("rejects files of this size")
