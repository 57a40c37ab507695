"""Other Python processes: code that runs there, and trainings."""

import os
import sys
from contextlib import suppress
from pathlib import Path
from subprocess import run

import psutil

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def run_elsewhere(script: str) -> str:
    """Run a script in another Python process that can import `frames`; return its output."""
    path = os.pathsep.join([str(ROOT), str(HERE)])
    environment = {**os.environ, "PYTHONPATH": path}
    done = run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout.strip()


def trainings_under_way() -> list[psutil.Process]:
    """Return the processes in which this one has models trained."""
    found = []
    for child in psutil.Process().children():
        with suppress(psutil.Error):  # it has just ended
            if child.cmdline()[1:4] == ["-m", "recsys", "train"]:
                found.append(child)
    return found
