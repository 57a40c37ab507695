"""What a click feels like in Chromium, beside an empty Streamlit page with one button.

    python -m benchmarks.clicks [--clicks 15]

The product is started on the demo set in an empty folder and trained first. Times are from the
click to the moment the new content is in the page, as the page itself sees it.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from db import embedded
from tests.serving import Server

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
EMPTY = """
import streamlit as st
st.session_state.n = st.session_state.get("n", 0) + st.button("Click")
st.write(f"clicked {st.session_state.n}")
"""

# Clicks where it is told to, and waits until what is watched reads otherwise.
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
_CARDS = ".st-key-five [class*=st-key-title-] a"


def main() -> None:
    """Measure, and print medians in milliseconds with ratios to the empty page."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--clicks", type=int, default=15)
    clicks = arguments.parse_args().clicks
    with tempfile.TemporaryDirectory(prefix="five-films-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "empty.py").write_text(EMPTY)
        server = Server(folder / "data")
        empty = subprocess.Popen(
            [
                *(sys.executable, "-m", "streamlit", "run", "empty.py"),
                *("--server.port", "8599", "--server.headless", "true"),
            ],
            cwd=folder,
            stdout=subprocess.DEVNULL,
        )
        try:
            server.wait_until_healthy()
            server.wait_for_log("Ready")
            _report(server.address, clicks)
        finally:
            empty.terminate()
            server.stop()
            embedded.stop(folder / "data")


def _report(address: str, clicks: int) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=FLAGS, headless=True
        )
        page = browser.new_page()
        page.goto("http://127.0.0.1:8599")
        base = _median(page, clicks, ".stButton button", "[data-testid=stMarkdown] p")

        def at(path: str) -> Page:
            page.goto(address + path)
            page.locator(_CARDS).nth(4).wait_for()
            return page

        measured: dict[str, Callable[[], float]] = {
            "five more films": lambda: _median(at("/"), clicks, ".st-key-more button", _CARDS),
            "five stars": lambda: _median(
                at("/"), clicks, ".st-key-five [data-testid=stFeedback] [aria-label^='5']", _CARDS
            ),
            "not interested": lambda: _median(
                at("/"), clicks, ".st-key-five [class*=st-key-mark-dismissed] button", _CARDS
            ),
        }
        print(f"{'empty page':<18} {base:6.0f} ms")
        for name, measure in measured.items():
            took = measure()
            print(f"{name:<18} {took:6.0f} ms  {took / base:.2f} ×")
        browser.close()


def _median(page: Page, clicks: int, click: str, watch: str) -> float:
    page.locator(click).first.wait_for(state="attached")
    page.wait_for_timeout(1000)
    took = []
    for _ in range(clicks + 2):
        took.append(float(page.evaluate(_CLICK, [click, watch])))
        page.wait_for_timeout(400)
    return statistics.median(took[2:])


if __name__ == "__main__":
    main()
