"""The Ratings page in Chromium: points that select rows, a file, filters on a phone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE_MS, PHONE
from tests.serving import Server

pytestmark = pytest.mark.browser


def _download(page: Page, button: str) -> list[str]:
    with page.expect_download() as download:
        page.get_by_role("button", name=button, exact=True).click()
    return Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()


def test_a_point_of_a_chart_selects_its_row(page: Page, server: Server) -> None:
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{server.address}/ratings?view=Films&films=Most+rated&genre=Western&rated_from=2000")
    expect(page.get_by_text("Western · rated in 2000 or later")).to_be_visible()
    expect(page.get_by_text("The file contains all rows, the page only some.")).to_be_visible()
    every = _download(page, "Download as CSV")
    bars = page.locator(".js-plotly-plot .barlayer .point path")
    bars.nth(1).click(force=True)  # what Plotly lays over its charts takes the click
    expect(page.get_by_text(re.compile(r"Rows: 1 of \d+, selected in the chart"))).to_be_visible()
    one = _download(page, "Download as CSV")
    assert one[0] == every[0] == 'movie_id,Film,Ratings,Bayesian,Deviation,Mean,"4 ★ or more, %"'
    assert len(one) == 2
    assert one[1] == every[2]
    assert "Filters: Western · rated in 2000 or later" in _download(page, "About this file")
    page.get_by_role("button", name="All rows").click()
    expect(page.get_by_text("The file contains all rows, the page only some.")).to_be_visible()
    ratings = page.get_by_test_id("stMetric").filter(has_text=re.compile("^Ratings")).first
    expect(ratings).not_to_contain_text("99,997")
    page.get_by_role("button", name="Clear filters").click()
    expect(ratings).to_contain_text("99,997")
    expect(page).not_to_have_url(re.compile("genre|rated_from"))


def test_on_a_phone_nothing_is_wider_than_the_page(page: Page, server: Server) -> None:
    page.set_viewport_size(PHONE)
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{server.address}/ratings?view=Liked+together")
    cells = page.locator(".js-plotly-plot .barlayer .point path")
    expect(cells.first).to_be_attached()
    main = page.get_by_test_id("stMain")
    assert main.evaluate("each => each.scrollWidth <= each.clientWidth")
    page.get_by_role("button", name="Filters").click()
    expect(page.get_by_text("By people with this many ratings")).to_be_visible()
