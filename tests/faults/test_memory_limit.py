"""The product within 512 MB, enforced by the kernel, which kills processes beyond that."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from benchmarks.memory import megabytes
from benchmarks.session import Session
from db import embedded
from tests.faults.cgroups import MemoryGroup, NoGroupsError, memory_group
from tests.measurements import tell
from tests.serving import Server

pytestmark = [pytest.mark.faults, pytest.mark.soak, pytest.mark.timeout(900)]

LIMIT_MEGABYTES = 512
TOO_LITTLE_MEGABYTES = 400
SESSIONS = 20
CLICKS = 200
NEXT = ("Five more films", "Back to the first five")


@pytest.fixture
def group() -> Iterator[MemoryGroup]:
    """Yield a control group of 512 MB."""
    try:
        with memory_group(LIMIT_MEGABYTES) as group:
            yield group
    except NoGroupsError as error:
        pytest.skip(str(error))


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """Yield a folder on a real disk: files in a memory file system would count as memory."""
    with tempfile.TemporaryDirectory(
        prefix="five-films-", dir="/var/tmp", ignore_cleanup_errors=True
    ) as name:
        yield Path(name) / "data"
        embedded.stop(Path(name) / "data")


@contextmanager
def _within(group: MemoryGroup, data_dir: Path) -> Iterator[Server]:
    """Yield the app in the group, with all its children."""
    server = Server(data_dir)
    try:
        group.take(server.process.pid)
        server.wait_until_healthy()
        server.wait_for_log("Getting ready to serve", seconds=300)
        yield server
    finally:
        server.stop()
        embedded.stop(data_dir)


def _click_through(server: Server) -> None:
    with ExitStack() as tabs:
        opened = [tabs.enter_context(Session(server.address)) for _ in range(SESSIONS)]
        for number in range(CLICKS):
            tab = opened[number % SESSIONS]
            tab.click(next(label for label in NEXT if tab.has(label)))
            assert len(tab.titles) == 5


def test_it_serves_twenty_people_within_512_megabytes(group: MemoryGroup, data_dir: Path) -> None:
    first = Server(data_dir)
    try:
        first.wait_for_log("Ready", seconds=600)
    finally:
        first.stop()
    embedded.stop(data_dir)

    with _within(group, data_dir) as server:
        server.wait_for_log("Ready", seconds=300)
        _click_through(server)
        used = sum(megabytes(server.process.pid).values())
        tell(
            f"{SESSIONS} people, {CLICKS} clicks, within {LIMIT_MEGABYTES} MB: {used:.0f} MB in "
            f"use, {group.most_megabytes:.0f} MB with cached files, {group.killed} killed"
        )
        assert group.killed == 0


def test_a_first_start_within_512_megabytes_ends_with_a_model(
    group: MemoryGroup, data_dir: Path
) -> None:
    with _within(group, data_dir) as server:
        server.wait_for_log("Ready", seconds=300)
        tell(
            f"a first start within {LIMIT_MEGABYTES} MB: trained, {group.most_megabytes:.0f} MB "
            f"at most with cached files, {group.killed} killed"
        )
        assert group.killed == 0
        _click_through(server)


def test_a_training_that_does_not_fit_harms_nobody(group: MemoryGroup, data_dir: Path) -> None:
    """With too little memory for a training, popular films are served."""
    group.limit(TOO_LITTLE_MEGABYTES)
    with _within(group, data_dir) as server:
        server.wait_for_log("less memory is free", seconds=300)
        _click_through(server)
        assert server.process.poll() is None
        assert server.log.read_text().count("less memory is free") == 1, "logged once"
        assert group.killed == 0
