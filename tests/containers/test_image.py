"""The image by itself: what is in it, and how it runs without Compose."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.containers.engine import Engine
from tests.containers.images import names
from tests.containers.stack import Stack, free_port, until

MOST_BYTES = 900_000_000
# Of python:3.13-slim-trixie, unpacked, with room; the stand-in is larger.
SLIM_BYTES = 130_000_000
LIMITED = ("--read-only", "--tmpfs=/tmp", "--cap-drop=ALL", "--security-opt=no-new-privileges")

UNIT_TESTS = """FROM five-films
USER root
COPY requirements-dev.txt requirements-peers.txt ./
RUN pip --python /opt/five-films/bin/python install --quiet --require-hashes \\
        -r requirements-dev.txt \\
    && pip --python /opt/five-films/bin/python install --quiet --require-hashes --no-deps \\
        -r requirements-peers.txt
COPY . .
RUN chmod -R a+rX . && install -d -o films .hypothesis test-results
USER films
"""

SOON = ("--health-interval=1s", "--health-start-period=1s", "--health-retries=1")

Run = Callable[..., str]


@pytest.fixture
def start(docker: Engine, image: str) -> Iterator[Run]:
    """Starts a container of the image, which is removed with its volumes at the end."""
    started: list[str] = []

    def run(*options: str) -> str:
        started.append(docker.docker("run", "--detach", *options, image).strip())
        return started[-1]

    yield run
    for container in started:
        docker.docker("rm", "--force", "--volumes", container)


def test_slim_has_neither_what_implicit_needs_nor_a_compiler(docker: Engine, image: str) -> None:
    """Else a build on it would show nothing."""
    look = "command -v gcc || ls /usr/lib/*/libgomp.so.1 /usr/include/stdio.h 2> /dev/null || true"
    assert docker.docker("run", "--rm", names()["PYTHON"], "sh", "-c", look) == ""
    assert "libgomp" in docker.docker("run", "--rm", image, "sh", "-c", look)


def test_it_is_small(docker: Engine, image: str) -> None:
    base, whole = (
        int(docker.docker("image", "inspect", "--format", "{{.Size}}", each))
        for each in (names()["PYTHON"], image)
    )
    assert whole - base + min(base, SLIM_BYTES) < MOST_BYTES


def test_it_has_no_tests_no_sources_of_ours_that_it_does_not_need(
    docker: Engine, image: str
) -> None:
    look = "find / -xdev -type d -name tests -not -path '/usr/*' 2> /dev/null; ls -A"
    listed = docker.docker("run", "--rm", image, "sh", "-c", look).split()
    assert {"app.py", "docker", "recsys", ".streamlit"} <= {*listed}
    assert not {"tests", ".ci", "scripts", "docs", ".git", ".env", "Makefile"} & {*listed}
    assert not [each for each in listed if each.endswith("/tests")]


def test_what_lacks_a_wheel_is_compiled(docker: Engine, project: Path, image: str) -> None:
    """As on arm64, where lightfm-next has none."""
    compiling = Stack(docker, "five-films-compiled", project)
    build = "services: {app: {image: five-films-compiled, build: {context: ., target: builder}}}"
    (project / "compiled.yml").write_text(build)
    compiling.compose(
        *("-f", "compiled.yml", "build", "--quiet"),
        *("--build-arg", "PIP_NO_BINARY=lightfm-next"),
    )
    wheel = "cat /opt/five-films/lib/python3*/site-packages/lightfm_next-*.dist-info/WHEEL"
    tag = docker.docker("run", "--rm", "five-films-compiled", "sh", "-c", wheel)
    assert "manylinux" not in tag
    assert "linux_" in tag


def test_alone_it_trains_read_only_in_512_mb(docker: Engine, start: Run) -> None:
    port = free_port()
    container = start(
        *LIMITED,
        *("--memory=512m", "--memory-swap=512m", "--env=PORT=9000", "--volume=/data"),
        f"--publish=127.0.0.1:{port}:9000",
    )
    until(lambda: urlopen(f"http://127.0.0.1:{port}/_stcore/health").read() == b"ok", 60)

    def is_ready() -> bool:
        said = _said(docker, container)
        assert "Ready" in said, said[-3000:]  # tells why, if it never is
        return True

    until(is_ready, 180)
    assert "less is free" not in _said(docker, container), "the first training finds enough memory"
    health = "{{.State.Health.Status}}"
    until(lambda: docker.docker("inspect", "-f", health, container).strip() == "healthy", 60)
    said = docker.docker("exec", container, "python", "-m", "recsys", "models", "--json")
    assert '"is_active": true' in said


def test_a_data_folder_that_cannot_be_written_is_told_and_unhealthy(
    docker: Engine, start: Run, tmp_path: Path
) -> None:
    tmp_path.chmod(0o555)
    container = start(f"--volume={tmp_path}:/data", *SOON)
    state = "{{.State.Health.Status}} {{range .State.Health.Log}}{{.Output}}{{end}}"
    # At first, the app doesn't answer yet.
    said = "can't write to DATA_DIR /data"
    until(lambda: said in docker.docker("inspect", "--format", state, container), 100)
    assert "unhealthy" in docker.docker("inspect", "--format", state, container)
    assert "/data" in _said(docker, container)


def test_unit_tests_pass_in_the_image(docker: Engine, project: Path, image: str) -> None:
    """Python 3.13 with lightfm-next, which `make test` may not see."""
    (project / "unit-tests.Dockerfile").write_text(UNIT_TESTS)
    (project / "unit-tests.Dockerfile.dockerignore").write_text(".venv\n")
    build = "{context: ., dockerfile: unit-tests.Dockerfile}"
    (project / "unit-tests.yml").write_text(
        f"services: {{tests: {{image: five-films-unit-tests, build: {build}}}}}"
    )
    Stack(docker, "five-films-tests", project).compose("-f", "unit-tests.yml", "build", "--quiet")
    command = ["python", "-m", "pytest", "-q", "-n", str(os.cpu_count()), "-p", "no:cacheprovider"]
    command += ["tests/recsys", "tests/db", "tests/api", "-m", "not soak and not faults"]
    limits = ("--init", "--env=CI=true", "--tmpfs=/tmp:exec", "--shm-size=2g")
    said = docker.docker("run", "--rm", *limits, "five-films-unit-tests", *command)
    assert " passed" in said


def _said(docker: Engine, container: str) -> str:
    """What a container has written, to standard output or standard error."""
    ended = subprocess.run(
        ["docker", "logs", container],
        env={**docker.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
    )
    return ended.stdout
