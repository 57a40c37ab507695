"""A line of the table for each thing that is measured, and the machine above it."""

import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """What was measured.

    Attributes
    ----------
    what : str
    ours, peer : str
        With their units; the peer is empty where a figure stands for itself.
    ratio : float or None
        Ours to the peer's; None without a peer.
    target : str
        Empty where nothing was promised.
    is_met : bool or None
        None without a target.
    """

    what: str
    ours: str
    peer: str
    ratio: float | None
    target: str
    is_met: bool | None


def faster(what: str, ours: float, peer: float, least: float | None) -> Row:
    """Seconds of each; how many times as fast ours is."""
    return _row(what, _seconds(ours), _seconds(peer), peer / ours, least=least)


def more(what: str, ours: float, peer: float, least: float | None, unit: str) -> Row:
    """How many a second; how many times as many ours does."""
    return _row(what, f"{ours:,.0f} {unit}", f"{peer:,.0f} {unit}", ours / peer, least=least)


def longer(what: str, ours: float, peer: float, most: float | None) -> Row:
    """Seconds of each; how many times as long ours takes."""
    return _row(what, _seconds(ours), _seconds(peer), ours / peer, most=most)


def at_most(what: str, ours: float, most: float, unit: str) -> Row:
    """A figure with a bound."""
    return Row(what, f"{ours:,.1f} {unit}", "", None, f"≤ {most:g} {unit}", ours <= most)


def medians(
    ours: Callable[[], object], peer: Callable[[], object], repeats: int
) -> tuple[float, float]:
    """Seconds of both, taken in turns, so that what else the machine does meets both."""
    took: tuple[list[float], list[float]] = ([], [])
    for _ in range(repeats + 1):
        for each, run in zip(took, (ours, peer), strict=True):
            began = time.perf_counter()
            run()
            each.append(time.perf_counter() - began)
    return statistics.median(took[0][1:]), statistics.median(took[1][1:])


def markdown(rows: Sequence[Row]) -> str:
    """The table."""
    lines = ["| what | ours | peer | ratio | target | met |", "|---|--:|--:|--:|--:|---|"]
    met = {True: "yes", False: "**no**", None: ""}
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f} ×"
        cells = (row.what, row.ours, row.peer, ratio, row.target, met[row.is_met])
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def machine() -> str:
    """Processor, cores, memory, Python, and how busy the machine has been for a minute."""
    about = Path("/proc/cpuinfo")
    lines = about.read_text().splitlines() if about.exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if "model name" in line), "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{model or platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB, "
        f"Python {platform.python_version()}, {platform.system()}, "
        f"load {os.getloadavg()[0]:.1f} before it began"
    )


def _row(
    what: str,
    ours: str,
    peer: str,
    ratio: float,
    *,
    least: float | None = None,
    most: float | None = None,
) -> Row:
    if least is not None:
        return Row(what, ours, peer, ratio, f"≥ {least:g} ×", ratio >= least)
    if most is not None:
        return Row(what, ours, peer, ratio, f"≤ {most:g} ×", ratio <= most)
    return Row(what, ours, peer, ratio, "", None)


def _seconds(seconds: float) -> str:
    return f"{seconds * 1000:,.2f} ms" if seconds < 1 else f"{seconds:,.1f} s"
