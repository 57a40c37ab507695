"""The latency of clicks in Chromium, compared with an empty Streamlit page with one button.

    python -m benchmarks clicks

It is measured in the page, from the click until the new content is in the page.
"""

import shutil
import statistics
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.running import empty_page
from benchmarks.table import Row, longer
from tests.browser.conftest import FLAGS
from tests.serving import Server

# Click one element and wait until the text of the watched elements has changed.
_CLICK = """
([click, watch]) => new Promise((done) => {
    const text = () => [...document.querySelectorAll(watch)].map((e) => e.textContent).join("|");
    const before = text();
    const begun = performance.now();
    const observer = new MutationObserver(() => {
        if (text() !== before && document.querySelectorAll(watch).length) {
            observer.disconnect();
            done(performance.now() - begun);
        }
    });
    observer.observe(document.body, {childList: true, subtree: true, characterData: true});
    document.querySelectorAll(click)[0].click();
})
"""
_CARDS = ".st-key-five .card .title"
_BUTTON = ".stButton button"
_EMPTY = (_BUTTON, "[data-testid=stMarkdown] p")
_CLICKS = {
    "five more films": ".st-key-more button",
    "five stars": ".st-key-five .stars [aria-label^='5']",
    "not interested": ".st-key-five [data-does=dismissed]",
}


def measure(server: Server, folder: Path, clicks: int = 15) -> list[Row]:
    """Return a row for each kind of click; the app is trained, the folder is for the empty page."""
    with empty_page(folder) as empty, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=FLAGS, headless=True
        )
        try:
            pages = browser.new_page(), browser.new_page()
            rows = []
            for what, click in _CLICKS.items():
                took, base = _medians(pages, server.address, empty, click, clicks)
                rows.append(longer(f"click to five cards: {what}", took, base, 1.5))
            return rows
        finally:
            browser.close()


def _medians(
    pages: tuple[Page, Page], address: str, empty: str, click: str, clicks: int
) -> tuple[float, float]:
    """Return the median seconds of Five Films and of the empty page, clicked in turns."""
    ours, base = pages
    ours.goto(address)
    ours.locator(_CARDS).nth(4).wait_for()
    base.goto(empty)
    base.locator(_BUTTON).wait_for()
    ours.wait_for_timeout(1000)
    took: tuple[list[float], list[float]] = ([], [])
    for _ in range(clicks + 2):
        for each, page, what in zip(took, pages, ((click, _CARDS), _EMPTY), strict=True):
            page.bring_to_front()
            each.append(float(page.evaluate(_CLICK, list(what))) / 1000)
            page.wait_for_timeout(300)
    return statistics.median(took[0][2:]), statistics.median(took[1][2:])
