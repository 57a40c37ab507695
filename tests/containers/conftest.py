"""An engine, the images, and one Compose project that most tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import browser_type_launch_args  # noqa: F401
from tests.containers import images
from tests.containers.engine import Engine, engine
from tests.containers.stack import Stack, copy_of_project

HARD_PASSWORD = r"p:a\s'w$1 $HOME"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All need an engine; the first one waits for stand-ins and builds."""
    for item in items:
        if "tests/containers/" in item.nodeid:
            item.add_marker(pytest.mark.containers)
            item.add_marker(pytest.mark.timeout(900))


@pytest.fixture(scope="session")
def docker() -> Iterator[Engine]:
    """An engine that has the base images."""
    with engine() as started:
        images.provide(started)
        yield started


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project that only its owner can read, as under umask 077."""
    return copy_of_project(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="session")
def image(docker: Engine, project: Path) -> str:
    """The app's image, built."""
    Stack(docker, "five-films-build", project).compose("build", "--quiet", "app")
    return "five-films"


@pytest.fixture(scope="session")
def stack(docker: Engine, project: Path, image: str) -> Iterator[Stack]:
    """All services as they come, but for a password that is hard to write."""
    stack = Stack(docker, "five-films-test", project, POSTGRES_PASSWORD=HARD_PASSWORD)
    stack.remove()
    try:
        stack.up()
        stack.wait_for_model()
        yield stack
    finally:
        stack.remove()
