"""No bytes break the parsers."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS
from tests.measurements import tell

ROOT = Path(__file__).parents[2]
RUNS = 20_000
PLANTED = """
import runpy, sys
from tests.fuzz import targets
def run(data):
    assert b"B" not in data[:1]
targets.TARGETS = {"planted": targets.Fuzzed(run, (b"A",))}
sys.argv = ["fuzz", "planted", "100000"]
runpy.run_module("tests.fuzz.__main__", run_name="__main__")
"""

needs_atheris = pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None, reason="atheris only supports Linux on x86_64"
)


def _fuzz(*command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, timeout=900
    )


@pytest.mark.parametrize("name", TARGETS)
def test_valid_input_is_accepted(name: str) -> None:
    for seed in TARGETS[name].seeds:
        TARGETS[name].run(seed)


@pytest.mark.soak
@pytest.mark.timeout(1000)
@needs_atheris
@pytest.mark.parametrize("name", TARGETS)
def test_no_input_breaks_the_target(name: str) -> None:
    done = _fuzz("-m", "tests.fuzz", name, str(RUNS))
    assert done.returncode == 0, done.stderr[-3000:]
    tell(f"fuzzing {name}: {RUNS:,} inputs, none broke it")


@pytest.mark.soak
@needs_atheris
def test_a_planted_bug_is_found() -> None:
    done = _fuzz("-c", PLANTED)
    assert done.returncode != 0
    assert "AssertionError" in done.stdout
