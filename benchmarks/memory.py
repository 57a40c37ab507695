"""The memory of the app and its servers with many open tabs, after many clicks.

    python -m benchmarks memory

The proportional set size (PSS: shared pages are divided among processes) of the app, PostgreSQL and
Valkey, including child processes, from `/proc/*/smaps_rollup`.
"""

import re
from contextlib import ExitStack, suppress
from pathlib import Path

import psutil

from benchmarks.session import Session
from benchmarks.table import Row, at_most
from tests.serving import Server

_NEXT = ("Five more films", "Back to the first five")


def measure(server: Server, sessions: int = 20, clicks: int = 200) -> list[Row]:
    """Return a row for the total memory of an app with a trained model."""
    with ExitStack() as tabs:
        opened = [tabs.enter_context(Session(server.address)) for _ in range(sessions)]
        for number in range(clicks):
            tab = opened[number % sessions]
            tab.click(next(label for label in _NEXT if tab.has(label)))
        used = megabytes(server.process.pid)
    what = f"memory with {sessions} open tabs after {clicks} clicks"
    parts = ", ".join(f"{name} {size:.0f}" for name, size in used.items())
    return [at_most(f"{what} ({parts})", sum(used.values()), 512, "MB")]


def megabytes(pid: int) -> dict[str, float]:
    """Return the PSS of the app (or a command) and its embedded servers, including children."""
    used = {"app": 0.0, "PostgreSQL": 0.0, "Valkey": 0.0}
    with suppress(OSError, psutil.Error):  # any of them may have just ended
        app = psutil.Process(pid)
        for process in (app, *app.children(recursive=True)):
            name = process.name()
            part = "PostgreSQL" if "postgres" in name else "Valkey" if "valkey" in name else "app"
            used[part] += _pss(process.pid)
    return used


def _pss(pid: int) -> float:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = re.search(r"^Pss: +(\d+) kB", rollup, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0
