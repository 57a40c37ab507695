"""The time until the app is ready: a warm start, and the first start on an empty data folder.

    python -m benchmarks starting

A warm start is compared with that of an empty Streamlit page, from the command to a response of the
health endpoint. The first start loads the data set and trains. Popular films are ready when
`/api/give-rec` returns five, personal ones when they come from a trained model, which is a quick
one at first.
"""

import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from benchmarks.running import empty_page
from benchmarks.table import Row, at_most, longer
from db import embedded
from tests.serving import Server


def measure(folder: Path, repeats: int = 5) -> list[Row]:
    """Return rows for the first start and for warm starts, in this empty folder."""
    try:
        popular, personal = first_start(folder / "data")
        return [
            warm_starts(folder / "data", repeats),
            at_most("first start: five popular films", popular, 5, "s"),
            at_most("first start: personal films", personal, 15, "s"),
        ]
    finally:
        embedded.stop(folder / "data")


def warm_starts(data_dir: Path, repeats: int) -> Row:
    """Return a row for starts on existing data and starts of an empty page, in turns."""
    warm, empty = [], []
    for _ in range(repeats):
        warm.append(_until_healthy(data_dir))
        began = time.perf_counter()
        with tempfile.TemporaryDirectory() as name, empty_page(Path(name)):
            empty.append(time.perf_counter() - began)
    return longer("warm start to health", statistics.median(warm), statistics.median(empty), 3)


def first_start(data_dir: Path) -> tuple[float, float]:
    """Return the seconds until popular and until personal films; then stop the app."""
    began = time.perf_counter()
    server = Server(data_dir)
    try:
        _wait(server, lambda given: len(given["items"]) == 5)
        popular = time.perf_counter() - began
        _wait(server, lambda given: given["model_version"] is not None)
        return popular, time.perf_counter() - began
    finally:
        server.stop()


def _until_healthy(data_dir: Path) -> float:
    began = time.perf_counter()
    server = Server(data_dir)
    try:
        server.wait_until_healthy()
        return time.perf_counter() - began
    finally:
        server.stop()


def _wait(server: Server, is_there: Any, seconds: float = 300) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urlopen(f"{server.address}/api/give-rec", timeout=10) as answer:
                if is_there(json.load(answer)):
                    return
        except (URLError, OSError):
            pass
        time.sleep(0.05)
    raise TimeoutError(f"no films:\n{server.log.read_text()}")
