"""ML-32M's shape, generated: loading, training, serving, and every page beside the demo set.

    python -m benchmarks large        # an hour, and 8 GB on the disk of the temporary folder

Processor seconds of the command and of its database are given too: unlike the time on the clock
they hardly depend on what else the machine does.
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
    """All rows, in this empty folder."""
    write(folder / "release", shape)
    data = folder / "large"
    try:
        rows = [
            *_command(data, 300, 4096, "load", str(folder / "release")),
            *_command(data, 1800, 8192, "train"),
        ]
        with product(folder / "demo") as small:
            rows += serve(data, small, repeats)
    finally:
        embedded.stop(data)
    return rows


def serve(data: Path, small: Server, repeats: int = 5) -> list[Row]:
    """Rows for serving what is in this data folder, beside the demo set."""
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
    """Time and memory of a command, with all that it starts."""
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
    except psutil.Error:  # any of them may have ended just now
        return 0.0
    # The children's are of those that have ended: PostgreSQL has a process for each connection.
    return sum(
        each.user + each.system + each.children_user + each.children_system for each in every
    )
