"""A first visit over a slow connection, compared with an empty Streamlit page.

    python -m benchmarks first-sight

In Chromium with an empty cache, throttled to its "Fast 3G" preset: 1.44 Mbit/s down, 675 kbit/s up,
150 ms round trip.
"""

import shutil
import statistics
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.running import empty_page
from benchmarks.table import Row, at_most, longer
from tests.browser.conftest import FLAGS
from tests.serving import Server

FAST_3G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.44e6 / 8,
    "uploadThroughput": 675e3 / 8,
}
_PATIENCE_MS = 120_000
_PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
_FIVE = "#first-sight .title"
_OURS = ".st-key-five .card .stars button"
_EMPTY = ".stButton button"


def measure(server: Server, folder: Path, repeats: int = 3) -> list[Row]:
    """Return rows for the first paint and for interactivity; the folder is for the empty page."""
    with empty_page(folder) as empty, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=FLAGS, headless=True
        )
        try:
            ours, base = [], []
            for _ in range(repeats):
                ours.append(_visit(browser, server.address, _FIVE, _OURS))
                base.append(_visit(browser, empty, _EMPTY, _EMPTY))
        finally:
            browser.close()
    (seen, usable, sent), (base_seen, base_usable, _) = (
        [statistics.median(each) for each in zip(*visits, strict=True)] for visits in (ours, base)
    )
    return [
        at_most("first visit, fast 3G: five films painted", seen, 2.0, "s"),
        longer(
            "first visit, fast 3G: five films to an empty page's first paint", seen, base_seen, 0.2
        ),
        longer("first visit, fast 3G: until it can be used", usable, base_usable, 0.6),
        at_most("first visit: sent to the browser", sent / 1e6, 1.1, "MB"),
    ]


def _visit(browser: Browser, address: str, first: str, usable: str) -> tuple[float, float, float]:
    """Return the seconds until `first` is painted and until `usable` exists, and the bytes sent."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(_PATIENCE_MS)
    tools = context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send("Network.emulateNetworkConditions", FAST_3G)
    sent = []
    tools.on("Network.loadingFinished", lambda event: sent.append(event["encodedDataLength"]))
    began = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.locator(first).last.wait_for()
    page.wait_for_function(f"() => {_PAINTED}")
    painted = page.evaluate(_PAINTED) / 1000
    page.locator(usable).last.wait_for()
    page.locator("#first-sight").wait_for(state="detached")
    took = time.perf_counter() - began
    page.wait_for_timeout(3000)
    context.close()
    return painted, took, float(sum(sent))
