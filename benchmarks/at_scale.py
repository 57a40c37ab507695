"""Loading, training, serving and all pages on generated data with the shape of ML-32M.

    python -m benchmarks large        # an hour, and 8 GB on the disk of the temporary folder

The pages are compared with those on the demo set. The CPU time of the command and of its database
is reported too: unlike the elapsed time, it hardly depends on the load of the machine.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil

from benchmarks import pages
from benchmarks.large import Shape, write
from benchmarks.memory import megabytes
from benchmarks.running import Product, product
from benchmarks.table import Row, at_most
from db import embedded
from tests.serving import ROOT, Server

_DEMO_ANALYST, _ANALYST = 195, 1


def measure(folder: Path, shape: Shape = Shape(), repeats: int = 5) -> list[Row]:  # noqa: B008
    """Run all measurements in this empty folder and return their rows."""
    write(folder / "release", shape)
    data = folder / "large"
    try:
        rows = [
            *_command(data, 300, 4096, "load", str(folder / "release")),
            *_command(data, 900, 2048, "train"),
        ]
        with product(folder / "demo") as small:
            rows += serve(data, small, repeats)
    finally:
        embedded.stop(data)
    return rows


def serve(data: Path, small: Server, repeats: int = 5) -> list[Row]:
    """Return rows for serving the data of this folder, compared with the demo set."""
    large = Product(data)
    try:
        large.wait_until_healthy()
        large.wait_for_log("Ready")
        rows = pages.measure(large, small, (_ANALYST, _DEMO_ANALYST), repeats)
        used = megabytes(large.process.pid)
    finally:
        large.stop()
    parts = ", ".join(f"{name} {size:.0f}" for name, size in used.items())
    return [at_most(f"memory after all pages ({parts})", used["app"], 1024, "MB"), *rows]


def _command(data: Path, seconds: float, most: float, *command: str) -> list[Row]:
    """Return rows for the time and memory of a command, including its child processes."""
    began, spent, peak = time.perf_counter(), 0.0, 0.0
    with subprocess.Popen(
        [sys.executable, "-m", "recsys", *command, "--json"],
        cwd=ROOT,
        env=os.environ | {"DATA_DIR": str(data)},
        stdout=subprocess.DEVNULL,
    ) as process:
        while process.poll() is None:
            peak = max(peak, sum(megabytes(process.pid).values()))
            spent = max(spent, _processor_seconds(process.pid))
            time.sleep(0.5)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with code {process.returncode}")
    what = f"{command[0]} ({spent:,.0f} processor seconds)"
    return [
        at_most(what, time.perf_counter() - began, seconds, "s"),
        at_most(f"{command[0]}: memory", peak, most, "MB"),
    ]


def _processor_seconds(pid: int) -> float:
    try:
        root = psutil.Process(pid)
        every = [process.cpu_times() for process in (root, *root.children(recursive=True))]
    except psutil.Error:  # any of them may have just ended
        return 0.0
    # Children's times are those of ended processes: PostgreSQL has one for each connection.
    return sum(
        each.user + each.system + each.children_user + each.children_system for each in every
    )
