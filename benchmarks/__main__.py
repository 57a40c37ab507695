"""`python -m benchmarks`: run benchmarks and print one table as Markdown."""

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks import (
    at_scale,
    clicks,
    crowd,
    first_sight,
    memory,
    scoring,
    serving,
    starting,
    training,
)
from benchmarks.running import product
from benchmarks.serving import WrkMissingError
from benchmarks.table import Row, machine, markdown

ALL = ("scoring", "training", "starting", "serving", "first-sight", "clicks", "memory")
LONG = ("crowd", "large")
OF_THE_PRODUCT = frozenset({"serving", "first-sight", "clicks", "memory", "crowd"})


def main() -> int:
    """Run the named benchmarks, or all of them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "what",
        nargs="*",
        metavar="WHAT",
        help=f"{', '.join(ALL)} (the default is all of these), {', '.join(LONG)}",
    )
    chosen = parser.parse_args().what or list(ALL)
    if unknown := set(chosen) - {*ALL, *LONG}:
        known = ", ".join((*ALL, *LONG))
        parser.error(f"there is no {', '.join(sorted(unknown))}; choose from {known}")
    about = machine()
    rows: list[Row] = []
    try:
        if "scoring" in chosen:
            rows += scoring.measure()
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
            folder = Path(name)
            if "training" in chosen:
                rows += training.measure(folder)
            if "large" in chosen:
                rows += at_scale.measure(folder)
            if "starting" in chosen:
                rows += starting.measure(folder)
            if OF_THE_PRODUCT & set(chosen):
                rows += _of_the_product(folder, chosen)
    except WrkMissingError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{about}\n\n{markdown(rows)}")
    return 0


def _of_the_product(folder: Path, chosen: list[str]) -> list[Row]:
    rows: list[Row] = []
    with product(folder) as server:
        if "memory" in chosen:  # first, because the others fill its memory
            rows += memory.measure(server)
        if "crowd" in chosen:
            rows += crowd.measure(server)
        if "first-sight" in chosen:
            rows += first_sight.measure(server, folder)
        if "clicks" in chosen:
            rows += clicks.measure(server, folder)
        if "serving" in chosen:
            rows += serving.measure(server, folder)
    return rows


if __name__ == "__main__":
    sys.exit(main())
