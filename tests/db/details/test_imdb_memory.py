"""Memory for reading IMDb's files doesn't grow with what isn't of the database's films."""

import gzip
from pathlib import Path

import psutil
import pytest
from sqlalchemy import Engine

from db.details import load_imdb
from tests.db.details.files import COLUMNS
from tests.measurements import tell

pytestmark = [pytest.mark.soak, pytest.mark.data_layer, pytest.mark.timeout(900)]

MEGABYTES = 2**20
MOST_GROWTH = 60 * MEGABYTES
LINES = 3_000_000
PART = 50_000


def _titles(first: int) -> str:
    return "".join(
        f"tt{number:07d}\tmovie\tHeat {number}\tHeat\t0\t1950\t\\N\t90\tDrama\n"
        for number in range(first, first + PART)
    )


def _roles(first: int) -> str:
    return "".join(
        f"tt{number // 10:07d}\t{number % 10}\tnm{number:07d}\tactor\t\\N\t\\N\n"
        for number in range(first, first + PART)
    )


def _names(first: int) -> str:
    return "".join(
        f"nm{number:07d}\tActor {number}\t\\N\t\\N\t\\N\t\\N\n"
        for number in range(first, first + PART)
    )


def _write(folder: Path, lines: int) -> Path:
    folder.mkdir()
    for name, part in (
        ("title.basics", _titles),
        ("title.principals", _roles),
        ("name.basics", _names),
    ):
        with gzip.open(folder / f"{name}.tsv.gz", "wt", compresslevel=1, encoding="utf-8") as file:
            file.write("\t".join(COLUMNS[name]) + "\n")
            for first in range(1, lines, PART):
                file.write(part(first))
    return folder


def _peak(engine: Engine, folder: Path) -> int:
    """Load the files and return the peak memory in bytes."""
    process, peak = psutil.Process(), [0]
    load_imdb(
        engine,
        folder,
        progress=lambda *_: peak.append(max(peak.pop(), process.memory_info().rss)),
    )
    return peak[0]


def test_more_titles_need_no_more_memory(films: Engine, tmp_path: Path) -> None:
    before = _peak(films, _write(tmp_path / "few", LINES // 10))
    after = _peak(films, _write(tmp_path / "many", LINES))
    assert after - before < MOST_GROWTH
    tell(f"reading {3 * LINES:,} lines of IMDb's: {(after - before) / MEGABYTES:.0f} MB more")
