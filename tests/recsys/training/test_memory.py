"""The memory available to a training."""

import sys
from pathlib import Path

import numpy as np
import psutil
import pytest

from recsys.training import memory
from recsys.training.memory import NotEnoughMemoryError

MEGABYTE = 2**20


def _group(folder: Path, files: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)


def _named(folder: Path, line: str) -> Path:
    own = folder / "own"
    own.write_text(f"3:cpuset:/\n{line}\n")
    return own


def test_memory_left_is_limit_minus_usage_plus_cached_files(tmp_path: Path) -> None:
    stat = f"anon 1\nactive_file {30 * MEGABYTE}\ninactive_file {20 * MEGABYTE}\n"
    used = {"memory.current": str(300 * MEGABYTE), "memory.stat": stat}
    _group(tmp_path / "groups/app", {"memory.max": str(512 * MEGABYTE), **used})
    own = _named(tmp_path, "0::/app")
    assert memory.left(own, tmp_path / "groups") == 262 * MEGABYTE

    _group(tmp_path / "groups", {"memory.max": str(400 * MEGABYTE), **used})
    assert memory.left(own, tmp_path / "groups") == 150 * MEGABYTE, "the lowest limit counts"


def test_control_groups_version_1(tmp_path: Path) -> None:
    stat = f"active_file 1\ntotal_active_file {MEGABYTE}\ntotal_inactive_file {MEGABYTE}\n"
    _group(
        tmp_path / "groups/memory/app",
        {
            "memory.limit_in_bytes": str(512 * MEGABYTE),
            "memory.usage_in_bytes": str(500 * MEGABYTE),
            "memory.stat": stat,
        },
    )
    own = _named(tmp_path, "4:hugetlb,memory:/app")
    assert memory.left(own, tmp_path / "groups") == 14 * MEGABYTE


@pytest.mark.parametrize("line", ["0::/app", "0::/elsewhere", "4:cpu:/app"])
def test_memory_left_without_a_limit_is_that_of_the_machine(tmp_path: Path, line: str) -> None:
    _group(tmp_path / "groups/app", {"memory.max": "max", "memory.current": "1"})
    own = _named(tmp_path, line)
    of_the_machine = psutil.virtual_memory().available
    assert memory.left(own, tmp_path / "groups") == pytest.approx(of_the_machine, rel=0.2)
    assert memory.left(tmp_path / "no file", tmp_path) == pytest.approx(of_the_machine, rel=0.2)


def test_little_memory_is_detected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "ENOUGH", 1)
    monkeypatch.setattr(memory, "LEAST", 0)
    assert not memory.is_little()
    monkeypatch.setattr(memory, "ENOUGH", 2**60)
    assert memory.is_little()
    monkeypatch.setattr(memory, "LEAST", 2**60)
    with pytest.raises(NotEnoughMemoryError, match="train on another machine"):
        memory.is_little()


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc can return free memory")
def test_free_memory_is_returned_to_the_system() -> None:
    pieces = [np.ones(90_000, np.uint8) for _ in range(600)]
    last = pieces[-1]  # allocated last, so that the others' memory would be retained
    pieces.clear()
    before = psutil.Process().memory_info().rss
    memory.give_back()
    assert before - psutil.Process().memory_info().rss > 30 * MEGABYTE
    assert last.all()
