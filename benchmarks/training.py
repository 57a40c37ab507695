"""The time and memory of a training on the demo set: `python -m recsys train`.

    python -m benchmarks training

The time includes imports, reading, all stages, the baselines for analysts and storing. The memory
is the peak PSS of the command and its second process, sampled ten times a second, without the
database.
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.memory import megabytes
from benchmarks.table import Row, at_most
from db import embedded
from tests.serving import ROOT


def measure(folder: Path, repeats: int = 5) -> list[Row]:
    """Return rows for the time and the memory of a training, in this empty folder."""
    environment = os.environ | {"DATA_DIR": str(folder / "trained")}
    command = [sys.executable, "-m", "recsys"]
    try:
        subprocess.run(
            [*command, "load", "demo", "--json"],
            cwd=ROOT,
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        took = [_train([*command, "train", "--json"], environment) for _ in range(repeats)]
    finally:
        embedded.stop(folder / "trained")
    seconds = statistics.median(each for each, _ in took)
    megabytes = max(each for _, each in took)
    return [
        at_most("training on the demo set", seconds, 20, "s"),
        at_most("training on the demo set: memory", megabytes, 600, "MB"),
    ]


def _train(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Return the seconds and the peak of megabytes of a training."""
    began = time.perf_counter()
    most = 0.0
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        while process.poll() is None:
            most = max(most, megabytes(process.pid)["app"])
            time.sleep(0.1)
        seconds = time.perf_counter() - began
    if process.returncode:
        raise RuntimeError(f"the training ended with code {process.returncode}")
    return seconds, most
