"""Locks and reference counts, against other real processes."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from db.embedded import EmbeddedServerError
from db.embedded.locks import Reference, exclusive

ROOT = Path(__file__).parents[3]
HOLD = """
import sys
from pathlib import Path
from db.embedded.locks import Reference, exclusive
path = Path(sys.argv[2])
if sys.argv[1] == "reference":
    reference = Reference(path)
    reference.take()
    print("held", flush=True)
    sys.stdin.read()
else:
    with exclusive(path):
        print("held", flush=True)
        sys.stdin.read()
"""


@contextmanager
def holder(kind: str, path: Path) -> Iterator[subprocess.Popen[str]]:
    """Run another process that holds a lock until its input ends."""
    command = [sys.executable, "-c", HOLD, kind, str(path)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "held\n"
            yield process
        finally:
            process.kill()


def test_only_one_thread_holds_the_exclusive_lock(tmp_path: Path) -> None:
    inside = 0
    most = 0
    counting = threading.Lock()

    def enter() -> None:
        nonlocal inside, most
        with exclusive(tmp_path / "lock"):
            with counting:
                inside += 1
                most = max(most, inside)
            time.sleep(0.01)
            with counting:
                inside -= 1

    threads = [threading.Thread(target=enter) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_wait_for_the_exclusive_lock_is_limited(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with (
        holder("exclusive", lock),
        pytest.raises(EmbeddedServerError, match="Wait for it, or stop it"),
        exclusive(lock, seconds=0.2),
    ):
        pytest.fail("two processes hold the lock")


def test_killed_holder_releases_the_exclusive_lock(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with holder("exclusive", lock) as other:
        other.send_signal(signal.SIGKILL)
        other.wait()
        with exclusive(lock, seconds=1):
            assert lock.exists()


def test_error_inside_is_not_mistaken_for_a_busy_lock(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="ours"), exclusive(tmp_path / "lock"):
        raise ValueError("ours")


def test_references_of_other_apps_count_until_they_exit(tmp_path: Path) -> None:
    path = tmp_path / "apps"
    reference = Reference(path)
    assert reference.is_free()
    with holder("reference", path) as first, holder("reference", path) as second:
        reference.take()
        reference.drop()
        assert not reference.is_free()
        first.kill()
        first.wait()
        assert not reference.is_free()
        second.kill()
        second.wait()
        assert reference.is_free()


def test_reference_is_held_between_take_and_drop(tmp_path: Path) -> None:
    reference = Reference(tmp_path / "apps")
    assert not reference.is_held
    reference.take()
    reference.take()
    assert reference.is_held
    assert not Reference(tmp_path / "apps").is_free()
    reference.drop()
    reference.drop()
    assert not reference.is_held
    assert reference.is_free()


def test_reference_is_taken_again_if_the_folder_was_replaced(tmp_path: Path) -> None:
    path = tmp_path / "apps"
    reference = Reference(path)
    reference.take()
    path.unlink()
    assert Reference(path).is_free()
    reference.take()
    assert not Reference(path).is_free()
    reference.drop()


def test_forked_child_neither_holds_nor_drops_its_parents_reference(tmp_path: Path) -> None:
    reference = Reference(tmp_path / "apps")
    reference.take()
    context = multiprocessing.get_context("fork")

    def drop() -> None:
        held = reference.is_held
        reference.drop()
        os._exit(1 if held else 0)

    child = context.Process(target=drop)
    child.start()
    child.join()
    assert child.exitcode == 0
    assert not Reference(tmp_path / "apps").is_free()
    reference.drop()


def test_surviving_forked_child_does_not_count(tmp_path: Path) -> None:
    reference = Reference(tmp_path / "apps")
    reference.take()
    child = multiprocessing.get_context("fork").Process(target=time.sleep, args=(30,))
    child.start()
    try:
        reference.drop()
        assert reference.is_free()
    finally:
        child.kill()
        child.join()


def test_lock_files_are_private(tmp_path: Path) -> None:
    with exclusive(tmp_path / "lock"):
        assert (tmp_path / "lock").stat().st_mode & 0o777 == 0o600
