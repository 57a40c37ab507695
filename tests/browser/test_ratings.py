"""The Ratings page in Chromium: points that select rows, a file, filters on a phone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE_MS, PHONE
from tests.serving import Server

pytestmark = pytest.mark.browser


def test_a_point_of_a_chart_selects_its_row(page: Page, server: Server) -> None:
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{server.address}/ratings?view=Films&films=Most+rated&genre=Western&rated_from=2000")
    expect(page.get_by_text("Western · rated in 2000 or later:")).to_be_visible()
    expect(page.get_by_text("Nothing selected: all rows.")).to_be_visible()
    bars = page.locator(".js-plotly-plot .barlayer .point path")
    bars.nth(1).click(force=True)  # what Plotly lays over its charts takes the click
    expect(page.get_by_text(re.compile(r"Rows: 1 of \d+, selected in the chart"))).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as CSV", exact=True).click()
    lines = Path(download.value.path()).read_text().splitlines()
    assert "# Filters: Western · rated in 2000 or later" in lines
    assert len([line for line in lines if not line.startswith("# ")]) == 2
    page.get_by_role("button", name="All rows").click()
    expect(page.get_by_text("Nothing selected: all rows.")).to_be_visible()
    page.get_by_role("button", name="Clear filters").click()
    expect(page.get_by_text(re.compile(r"^All ratings: [\d,]+$"))).to_be_visible()
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
    expect(page.get_by_text("By people with so many ratings")).to_be_visible()
