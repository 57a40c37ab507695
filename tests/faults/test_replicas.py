"""Two apps on one PostgreSQL and one Redis: changes made in one are visible in the other."""

import json
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from functools import partial
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen

import pytest
from sqlalchemy import Engine

from config import Settings
from db.queries import histories
from recsys.training.train import train
from tests.faults.product import ask, until
from tests.serving import ROOT, Server

pytestmark = pytest.mark.faults

_ask = partial(ask, timeout=20)
_until = partial(until, seconds=20)

HAPROXY = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin")


@pytest.fixture
def copied_database(database_of_films: str) -> str:
    """Return the small catalogue's database, with its model."""
    return database_of_films


@pytest.fixture
def replicas(settings: Settings, tmp_path: Path) -> Iterator[list[Server]]:
    """Yield two apps that are serving."""
    environment = {
        "DATABASE_URL": settings.database_url or "",
        "REDIS_URL": settings.redis_url or "",
        "DEMO_ACCOUNTS": "true",
        "FORWARDED_ALLOW_IPS": "*",
    }
    started = [Server(tmp_path / name / "data", **environment) for name in _folders(tmp_path)]
    try:
        for server in started:
            server.wait_until_healthy()
            server.wait_for_log("Ready")
        yield started
    finally:
        for server in started:
            server.stop()


def _folders(tmp_path: Path) -> list[str]:
    names = ["one", "two"]
    for name in names:
        (tmp_path / name).mkdir()
    return names


def _log_in(address: str) -> str:
    form = b"username=test1@mail.com&password=test"
    return str(_ask(address, "auth/login", data=form)["access_token"])


def test_changes_in_one_replica_are_visible_in_the_other(
    replicas: list[Server], engine: Engine
) -> None:
    one, two = (server.address for server in replicas)
    token = _log_in(one)
    assert _ask(two, "who-am-i", token=token)["email"] == "test1@mail.com"

    first = _ask(one, "give-rec", token=token)["items"][0]["movie_id"]
    assert _ask(two, "give-rec", token=token)["cached"]
    _ask(one, f"ratings/{first}", token=token, method="PUT", json={"rating": 5})
    at_two, at_one = (_ask(each, "give-rec", token=token) for each in (two, one))
    assert first not in {item["movie_id"] for item in at_two["items"]}
    assert at_one["items"] == at_two["items"]
    assert at_one["cached"]

    version = str(train(engine, seed=7, epochs=2, members=1, components=4).id)
    for address in (one, two):
        _until(lambda at=address: _ask(at, "give-rec", token=token)["model_version"] == version)  # type: ignore[misc]

    _ask(two, "auth/logout", token=token, method="POST")
    with pytest.raises(HTTPError, match="401"):
        _ask(one, "who-am-i", token=token)


def test_one_that_is_killed_takes_nothing_along(replicas: list[Server], engine: Engine) -> None:
    one, two = replicas
    token = _log_in(one.address)
    films = [item["movie_id"] for item in _ask(one.address, "give-rec", token=token)["items"]]
    for film in films[:3]:
        _ask(one.address, f"ratings/{film}", token=token, method="PUT", json={"rating": 4})
    one.kill()
    left = _ask(two.address, "give-rec", token=token)["items"]
    assert not {item["movie_id"] for item in left} & set(films[:3])
    with engine.connect() as connection:
        assert set(films[:3]) <= set(histories.frame(connection, 1)["movie_id"])


@pytest.fixture
def proxy(replicas: list[Server], tmp_path: Path) -> Iterator[str]:
    """Yield the address of the proxy of docker/haproxy.cfg in front of both."""
    if HAPROXY is None:
        pytest.skip("there is no haproxy on the PATH (on Debian: apt install haproxy)")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    config = (ROOT / "docker" / "haproxy.cfg").read_text()
    servers = [
        f"server {server.port} {server.address.removeprefix('http://')}" for server in replicas
    ]
    for ours, here in (
        ("bind :8501", f"bind 127.0.0.1:{port}"),
        ("/config/trusted-proxies", str(tmp_path / "trusted-proxies")),
        ("server-template app 1-16 app:8501 resolvers docker init-addr none", "\n".join(servers)),
    ):
        assert ours in config
        config = config.replace(ours, here)
    (tmp_path / "trusted-proxies").touch()
    file = tmp_path / "haproxy.cfg"
    file.write_text(config + "\n")
    with subprocess.Popen([HAPROXY, "-f", file]) as process:
        address = f"http://127.0.0.1:{port}"
        try:
            _until(lambda: urlopen(f"{address}/_stcore/health", timeout=2).read() == b"ok")
            yield address
        finally:
            process.terminate()


def _answered(server: Server) -> float:
    """Return the number of lists that this replica has served."""
    told = urlopen(f"{server.address}/metrics", timeout=10).read().decode()
    found = re.findall(
        r'^five_films_requests_total\{.*give-rec".*\} ([\d.e+]+)$', told, re.MULTILINE
    )
    return sum(map(float, found))


def test_a_browser_stays_with_a_replica_until_it_is_gone(
    replicas: list[Server], proxy: str
) -> None:
    token = _log_in(proxy)
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    asked = Request(f"{proxy}/api/give-rec", headers={"Authorization": f"Bearer {token}"})
    for _ in range(10):
        assert browser.open(asked, timeout=20).status == 200
    counts = [_answered(server) for server in replicas]
    assert sorted(counts) == [0, 10]

    replicas[counts.index(10)].kill()
    assert json.load(browser.open(asked, timeout=20))["kind"] == "known"
