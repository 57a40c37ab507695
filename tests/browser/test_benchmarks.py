"""What is measured can be measured: every benchmark, as small as it can be."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from benchmarks import clicks, crowd, memory, pages, scoring, serving, starting
from benchmarks.running import log_in
from benchmarks.session import Session
from benchmarks.table import Row, faster, markdown
from tests.browser.conftest import CHROMIUM
from tests.serving import Server


def test_a_table_says_what_is_met() -> None:
    rows = [faster("a list", 0.001, 0.004, 5), Row("memory", "80 MB", "", None, "≤ 90 MB", True)]
    assert markdown(rows).splitlines()[2:] == [
        "| a list | 1.00 ms | 4.00 ms | 4.00 × | ≥ 5 × | **no** |",
        "| memory | 80 MB |  |  | ≤ 90 MB | yes |",
    ]


def test_scoring() -> None:
    rows = scoring.measure(sizes=(300,), people=5, repeats=1)
    assert len(rows) == 5
    assert all(row.ratio for row in rows)


def test_memory(server: Server) -> None:
    (row,) = memory.measure(server, sessions=2, clicks=3)
    assert "PostgreSQL" in row.what
    assert all(size > 1 for size in memory.megabytes(server.process.pid).values())


def test_crowd(server: Server) -> None:
    slowest, errors, growth = crowd.measure(server, sessions=3, seconds=4, warm_up=1, every=0.5)
    assert "95 % of" in slowest.what
    assert errors.is_met
    assert growth.ours.endswith("%")


@pytest.mark.skipif(shutil.which("wrk") is None, reason="there is no wrk")
def test_serving(server: Server, tmp_path: Path) -> None:
    rows = serving.measure(server, tmp_path, repeats=1, seconds=1)
    assert [row.target for row in rows] == ["≥ 2 ×", "≤ 1 ×", "≥ 3 ×", ""]


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")
def test_clicks(server: Server, tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as elsewhere:  # this thread is the test tool's own Playwright's
        measured = elsewhere.submit(clicks.measure, server, tmp_path, clicks=1).result()
    assert len(measured) == 3


def test_starting(server: Server) -> None:
    assert starting.warm_starts(server.data_dir, repeats=1).ratio


def test_every_page_can_be_opened_to_be_measured(server: Server) -> None:
    token = log_in(server.address, "test195@mail.com")
    for visit in pages.visits(film=1, person=195):
        with Session(server.address, token, visit.page, visit.query) as tab:
            assert tab.seconds > 0
