"""A Docker engine: the machine's own where it reaches a registry, else one started here."""

import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "five-films-containers"
PROBE = "hello-world"
START_SECONDS = 60
OTHER_RUN_SECONDS = 840  # less than the time limit of a test, which counts the wait


class NoEngineError(RuntimeError):
    """There is no Docker engine and none can be started; the text says what to install."""


@dataclass(frozen=True)
class Engine:
    """A running engine.

    Attributes
    ----------
    environment : mapping
        Variables for Docker's programs.
    compose : tuple of str
        The command of Compose 2.
    has_registry : bool
        Whether images can be pulled.
    """

    environment: Mapping[str, str]
    compose: tuple[str, ...]
    has_registry: bool

    def docker(self, *arguments: str, **options: object) -> str:
        """Run docker; what it prints."""
        return run(["docker", *arguments], self.environment, **options)


def run(command: list[str], environment: Mapping[str, str], **options: object) -> str:
    """Run a program; what it prints. An error has what it said on standard error."""
    ended = subprocess.run(  # type: ignore[call-overload]
        command, env={**environment}, capture_output=True, text=True, check=False, **options
    )
    if ended.returncode:
        raise AssertionError(
            f"{' '.join(command)} ended with {ended.returncode}:\n"
            f"{ended.stdout[-4000:]}\n{ended.stderr[-4000:]}"
        )
    return str(ended.stdout)


@contextmanager
def engine() -> Iterator[Engine]:
    """The engine of this machine where it can pull images, else a new one of our own.

    Raises
    ------
    NoEngineError
        When there is neither.
    """
    environment = dict(os.environ)
    if shutil.which("docker") and _pulls(environment):
        yield Engine(environment, _compose(environment), has_registry=True)
        return
    with _started() as socket:
        environment["DOCKER_HOST"] = f"unix://{socket}"
        yield Engine(environment, _compose(environment), has_registry=_pulls(environment))


def _pulls(environment: Mapping[str, str]) -> bool:
    pulled = subprocess.run(
        ["docker", "pull", "--quiet", PROBE],
        env=environment,
        capture_output=True,
        check=False,
        timeout=120,
    )
    return pulled.returncode == 0


@contextmanager
def _started() -> Iterator[Path]:
    """An engine whose images stay in the cache folder, ended by its PID."""
    dockerd = shutil.which("dockerd") or shutil.which("dockerd", path="/usr/sbin")
    if dockerd is None or os.geteuid() != 0:
        raise NoEngineError(
            "these tests need a Docker engine that reaches a registry; or root and Debian's "
            "packages docker.io, iptables and mmdebstrap to start one and to make its images"
        )
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        _lock(lock)
        with _daemon(dockerd) as socket:
            _remove_what_a_killed_run_left(socket)
            yield socket


@contextmanager
def _daemon(dockerd: str) -> Iterator[Path]:
    socket = CACHE / "docker.sock"
    (CACHE / "pid").unlink(missing_ok=True)
    command = [dockerd, "--data-root", f"{CACHE}/data", "--exec-root", f"{CACHE}/exec"]
    command += ["--pidfile", f"{CACHE}/pid", "--host", f"unix://{socket}"]
    with (
        (CACHE / "dockerd.log").open("w") as log,
        subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT) as process,
    ):
        try:
            _wait(process, socket)
            yield socket
        finally:
            process.terminate()
            process.wait(timeout=60)


def _remove_what_a_killed_run_left(socket: Path) -> None:
    """Containers, which the engine has started again, with their volumes and networks."""
    docker = ["docker", "--host", f"unix://{socket}"]
    left = run([*docker, "ps", "--all", "--quiet"], os.environ).split()
    if left:
        run([*docker, "rm", "--force", *left], os.environ)
        run([*docker, "network", "prune", "--force"], os.environ)
    volumes = run([*docker, "volume", "ls", "--quiet"], os.environ).split()
    if volumes:
        run([*docker, "volume", "rm", *volumes], os.environ)


def _lock(file: TextIO) -> None:
    """Wait until no other run uses the cache folder."""
    until = time.monotonic() + OTHER_RUN_SECONDS
    while True:
        try:
            return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if time.monotonic() > until:
                raise NoEngineError(f"another run has used {CACHE} for too long") from error
        time.sleep(1)


def _wait(process: "subprocess.Popen[bytes]", socket: Path) -> None:
    until = time.monotonic() + START_SECONDS
    asked = ["docker", "--host", f"unix://{socket}", "info"]
    while subprocess.run(asked, capture_output=True, check=False).returncode:
        if process.poll() is not None or time.monotonic() > until:
            said = (CACHE / "dockerd.log").read_text()[-2000:]
            raise NoEngineError(f"dockerd doesn't start:\n{said}")
        time.sleep(0.2)


def _compose(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Compose 2: the plugin, or the one that Debian's trixie has, unpacked in the cache folder."""
    asked = subprocess.run(
        ["docker", "compose", "version", "--short"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if asked.returncode == 0 and asked.stdout.lstrip("v").startswith(("2.", "3.", "4.", "5.")):
        return ("docker", "compose")
    program = CACHE / "compose/usr/libexec/docker/cli-plugins/docker-compose"
    if not program.exists():
        _unpack_compose(CACHE / "compose")
    return (str(program),)


def _unpack_compose(folder: Path) -> None:
    (folder / "lists").mkdir(parents=True, exist_ok=True)
    sources = folder / "sources.list"
    sources.write_text(
        "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] "
        "http://deb.debian.org/debian trixie main\n"
    )
    apt = ["apt-get", "--quiet=2"]
    for option in (
        f"Dir::Etc::SourceList={sources}",
        "Dir::Etc::SourceParts=/dev/null",
        f"Dir::State::Lists={folder / 'lists'}",
        f"Dir::Cache={folder / 'cache'}",
        "APT::Sandbox::User=root",
    ):
        apt += ["--option", option]
    run([*apt, "update"], os.environ)
    run([*apt, "download", "docker-compose/trixie"], os.environ, cwd=folder)
    (package,) = folder.glob("docker-compose_*.deb")
    run(["dpkg", "--extract", str(package), str(folder)], os.environ)
