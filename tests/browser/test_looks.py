"""Every page, looked at: names and contrast (axe), width on a phone, nothing that jumps."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, Literal, TypeAlias
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, Playwright, ViewportSize, expect

from tests.browser.conftest import PATIENCE_MS, PHONE, log_in, open_profile
from tests.serving import ROOT, Server

pytestmark = pytest.mark.browser

Scheme: TypeAlias = Literal["light", "dark"]
DESK = ViewportSize(width=1280, height=900)
VIEWS: tuple[tuple[ViewportSize, Scheme], ...] = ((DESK, "light"), (PHONE, "dark"))
MOST_SHIFT = 0.1  # what https://web.dev/articles/cls calls good
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
QUIET_MS = 300

# What has moved without anybody's doing, and when anything changed last.
WATCH = """
window.shifted = 0;
new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) window.shifted += shift.hadRecentInput ? 0 : shift.value;
}).observe({type: "layout-shift", buffered: true});
window.changed = performance.now();
new MutationObserver(() => (window.changed = performance.now())).observe(
    document, {childList: true, subtree: true, attributes: true, characterData: true});
"""
# The script has run to its end, nothing is a skeleton any more, and nothing changes.
IS_DRAWN = """
(quiet) => document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "notRunning"
    && document.querySelector("[data-testid=stMain]").innerText.includes("GroupLens")
    && !document.querySelector("[data-testid=stSkeleton]")
    && performance.now() - window.changed > quiet
"""
TOO_WIDE = """
() => {
    const main = document.querySelector("[data-testid=stMain]");
    return main.scrollWidth - main.clientWidth;
}
"""

STRANGERS = ["", "by_genre?genre=Western", "account", "film?id=nonsense"]
ADMINS = [
    "my_films?view=Import",
    "film?id=318",
    "ratings?view=Films",
    "map?find_film=godfather",
    "quality",
    "walkthrough?step=2",
    "inspector?user=195",
    "operations",
    "operations?show=Models",
    "account",
]


@pytest.fixture(scope="module")
def stranger(
    playwright: Playwright, browser_type_launch_args: dict[str, Any], server: Server
) -> Iterator[Page]:
    """A page that nobody is logged in to, for all tests here."""
    with open_profile(playwright, browser_type_launch_args, server) as context:
        context.add_init_script(WATCH)
        context.set_default_timeout(PATIENCE_MS)
        yield context.new_page()


@pytest.fixture(scope="module")
def admin(
    playwright: Playwright, browser_type_launch_args: dict[str, Any], server: Server
) -> Iterator[Page]:
    """A page that an administrator is logged in to, for all tests here."""
    email, password = f"{uuid4().hex[:8]}@example.org", "a fine long sentence"
    body = json.dumps({"email": email, "password": password}).encode()
    headers = {"content-type": "application/json"}
    urlopen(Request(f"{server.address}/api/auth/register", body, headers), timeout=30).close()
    subprocess.run(
        [sys.executable, "-m", "recsys", "role", email, "admin"],
        cwd=ROOT,
        env={"DATA_DIR": str(server.data_dir)},
        check=True,
    )
    with open_profile(playwright, browser_type_launch_args, server) as context:
        context.add_init_script(WATCH)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.goto(f"{server.address}/account")
        log_in(page, email, password)
        expect(page.get_by_role("heading", name="Five films for")).to_be_visible()
        yield page


def _until_drawn(page: Page) -> None:
    page.wait_for_function(IS_DRAWN, arg=QUIET_MS)


def _violations(page: Page) -> list[str]:
    """What axe finds: rule, where, and what is wrong."""
    page.evaluate(
        "(axe) => window.axe ?? document.head.append("
        "Object.assign(document.createElement('script'), {textContent: axe}))",
        AXE_SCRIPT,
    )
    found = page.evaluate(
        "(rules) => axe.run({runOnly: rules, resultTypes: ['violations']})", RULES
    )["violations"]
    return [
        f"{rule['id']} at {node['target']}: {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]


def _look(page: Page, server: Server, place: str) -> None:
    """At a desk in the light, then at a phone in the dark."""
    for size, scheme in VIEWS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        page.goto(f"{server.address}/{place}")
        _until_drawn(page)
        assert page.evaluate("window.shifted") < MOST_SHIFT
        assert page.evaluate(TOO_WIDE) <= 0
        assert _violations(page) == []


@pytest.mark.parametrize("place", STRANGERS)
def test_a_page_for_anybody(stranger: Page, server: Server, place: str) -> None:
    _look(stranger, server, place)


@pytest.mark.parametrize("place", ADMINS)
def test_a_page_for_an_administrator(admin: Page, server: Server, place: str) -> None:
    _look(admin, server, place)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_opens_over_a_page(stranger: Page, server: Server, scheme: Scheme) -> None:
    stranger.set_viewport_size(DESK)
    stranger.emulate_media(color_scheme=scheme)
    stranger.goto(f"{server.address}/?genre=Western")
    _until_drawn(stranger)
    stranger.get_by_role("button", name="Why?").first.click()
    expect(stranger.get_by_role("dialog").locator(".js-plotly-plot")).to_be_visible()
    _until_drawn(stranger)
    assert _violations(stranger) == []
    stranger.keyboard.press("Escape")
    expect(stranger.get_by_role("dialog")).to_have_count(0)
    stranger.get_by_role("button", name="Filters").click()
    expect(stranger.get_by_text("At least this many ratings")).to_be_visible()
    _until_drawn(stranger)
    assert _violations(stranger) == []
    stranger.keyboard.press("Escape")
    stranger.keyboard.type("falien")
    expect(stranger.get_by_role("option").first).to_be_visible()
    assert _violations(stranger) == []
    stranger.goto(f"{server.address}/nothing")
    assert _violations(stranger) == []


def test_what_is_wrong_is_found(stranger: Page, server: Server) -> None:
    stranger.goto(f"{server.address}/account")
    _until_drawn(stranger)
    stranger.evaluate(
        "document.querySelector('[data-testid=stMain] h1').style.color = 'rgb(128 128 128 / 30%)'"
    )
    (found,) = _violations(stranger)
    assert found.startswith("color-contrast")
