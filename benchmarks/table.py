"""The table of results, with a row for each measurement, and a description of the machine."""

import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """The result of a measurement.

    Attributes
    ----------
    what : str
        What was measured.
    ours, peer : str
        The values of Five Films and of the other software, with units; `peer` is empty without a
        comparison.
    ratio : float or None
        The ratio of the two; None without a comparison.
    target : str
        Empty without a target.
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
    """Compare seconds: the ratio is how many times as fast Five Films is."""
    return _row(what, _seconds(ours), _seconds(peer), peer / ours, least=least)


def more(what: str, ours: float, peer: float, least: float | None, unit: str) -> Row:
    """Compare rates: the ratio is how many times as high that of Five Films is."""
    return _row(what, f"{ours:,.0f} {unit}", f"{peer:,.0f} {unit}", ours / peer, least=least)


def longer(what: str, ours: float, peer: float, most: float | None) -> Row:
    """Compare seconds: the ratio is how many times as long Five Films takes."""
    return _row(what, _seconds(ours), _seconds(peer), ours / peer, most=most)


def at_most(what: str, ours: float, most: float, unit: str) -> Row:
    """Compare a value with an upper bound."""
    return Row(what, f"{ours:,.1f} {unit}", "", None, f"≤ {most:g} {unit}", ours <= most)


def medians(
    ours: Callable[[], object], peer: Callable[[], object], repeats: int
) -> tuple[float, float]:
    """Return the median seconds of both, run in turns, so that other load affects both equally."""
    took: tuple[list[float], list[float]] = ([], [])
    for _ in range(repeats + 1):
        for each, run in zip(took, (ours, peer), strict=True):
            began = time.perf_counter()
            run()
            each.append(time.perf_counter() - began)
    return statistics.median(took[0][1:]), statistics.median(took[1][1:])


def markdown(rows: Sequence[Row]) -> str:
    """Format the rows as a Markdown table."""
    lines = ["| what | ours | peer | ratio | target | met |", "|---|--:|--:|--:|--:|---|"]
    met = {True: "yes", False: "**no**", None: ""}
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f} ×"
        cells = (row.what, row.ours, row.peer, ratio, row.target, met[row.is_met])
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def machine() -> str:
    """Describe the machine: processor, cores, memory, Python, and the load of the last minute."""
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
