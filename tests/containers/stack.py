"""Five Films under Docker Compose, from a copy of the project that only its owner can read."""

import json
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import psutil

from tests.containers.engine import Engine, run
from tests.serving import ROOT

CLEAR_LINE = "\x1b[2K"
SETTINGS = re.compile(r"\$\{(\w+)")
_CALM_SECONDS = 2.0
# address, interface's number, prefix length, scope, flags (IFA_F_TENTATIVE is 0x40), interface
_TENTATIVE = re.compile(r"^\w{32} \w+ \w+ \w+ \w*[4-7c-f]\w ", re.MULTILINE)


class Stack:
    """A Compose project on ports of its own."""

    def __init__(self, engine: Engine, project: str, folder: Path, **settings: str) -> None:
        self.engine = engine
        self.folder = folder
        self.port, self.pgadmin_port = free_port(), free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        kept = SETTINGS.findall((ROOT / "docker-compose.yml").read_text())
        self.settings = {
            **{key: value for key, value in engine.environment.items() if key not in kept},
            "APP_PORT": f"127.0.0.1:{self.port}",
            "PGADMIN_PORT": f"127.0.0.1:{self.pgadmin_port}",
            "COMPOSE_PROJECT_NAME": project,
            "COMPOSE_ANSI": "never",
            **settings,
        }

    def compose(self, *arguments: str, **options: Any) -> str:
        """Run Compose; what it prints."""
        return run([*self.engine.compose, *arguments], self.settings, cwd=self.folder, **options)

    def up(self, *arguments: str, **settings: str) -> None:
        """Start services and wait until they are healthy, and a browser may look at them."""
        self.settings |= settings
        self.compose("up", "--detach", "--wait", *arguments)
        until_the_network_is_calm()

    def documented(self, command: str) -> str:
        """Run a line of the documentation in a shell."""
        shown = "docker compose" if self.engine.compose[0] == "docker" else self.engine.compose[0]
        return run(
            ["sh", "-euc", command.replace("docker compose", shown)],
            self.settings,
            cwd=self.folder,
        )

    def logs(self, *services: str) -> str:
        """What services have logged, without their names."""
        said = self.compose("logs", "--no-log-prefix", "--no-color", *services)
        return said.replace(CLEAR_LINE, "")

    def containers(self, service: str) -> list[str]:
        """The ids of a service's containers that run."""
        return self.compose("ps", "--quiet", service).split()

    def inspect(self, container: str) -> dict[str, Any]:
        """All that Docker knows of a container."""
        return dict(json.loads(self.engine.docker("inspect", container))[0])

    def sql(self, query: str, user: str = "five_films") -> str:
        """One value of the database."""
        return self.compose(
            *("exec", "-T", "postgres", "psql", "-U", user, "-d", "five_films", "-Atc", query)
        ).strip()

    def ask(
        self, path: str, *, token: str = "", form: Mapping[str, str] | None = None, **headers: str
    ) -> Any:
        """What a handle answers."""
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = None if form is None else urlencode(form).encode()
        asked = Request(f"{self.address}/api/{path}", data=data, headers=headers)
        with urlopen(asked, timeout=20) as answer:
            return json.load(answer)

    def log_in(self, email: str = "test195@mail.com", password: str = "test") -> str:
        """Log in; the token."""
        form = {"username": email, "password": password}
        return str(self.ask("auth/login", form=form)["access_token"])

    def wait_for_model(self, seconds: float = 180) -> None:
        """Wait until the whole model is served."""
        until(
            lambda: self.sql("SELECT count(*) FROM trainings WHERE ended_at IS NOT NULL") != "0",
            seconds,
        )
        token = self.log_in_or_none()
        if token is not None:
            until(lambda: self.ask("give-rec", token=token)["kind"] == "known", 60)

    def log_in_or_none(self) -> str | None:
        """A demo account's token; None where those are off."""
        try:
            return self.log_in()
        except HTTPError:
            return None

    def remove(self) -> None:
        """Take it all away, data too."""
        self.compose("--profile", "*", "down", "--volumes", "--timeout", "5")


def copy_of_project(folder: Path) -> Path:
    """The project as a clone under umask 077 has it: only its owner may read it."""
    target = folder / "five-films"
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    for name in run(listed, os.environ, cwd=ROOT).splitlines():
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target / name)
    for path in target.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return target


def until(is_so: Callable[[], object], seconds: float = 60) -> None:
    """Wait until something is so; what isn't there yet isn't so."""
    end = time.monotonic() + seconds
    while True:
        try:
            if is_so():
                return
            why: object = "it isn't so"
        except (URLError, OSError, AssertionError, subprocess.SubprocessError) as error:
            why = error
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {why}")
        time.sleep(0.3)


def until_the_network_is_calm(seconds: float = 30) -> None:
    """Wait until the interfaces that containers bring along are settled.

    Chromium breaks off all that it loads (ERR_NETWORK_CHANGED) when an address of the machine
    comes, goes, or turns out to be nobody else's, which takes IPv6 some seconds.
    """
    end = time.monotonic() + seconds
    before = None
    while (now := _network()) != before or _TENTATIVE.search(now):
        if time.monotonic() > end:
            raise AssertionError(f"the network still changes after {seconds} s")
        before = now
        time.sleep(_CALM_SECONDS)


def _network() -> str:
    ipv6 = Path("/proc/net/if_inet6")
    return f"{psutil.net_if_addrs()}\n{ipv6.read_text() if ipv6.exists() else ''}"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
