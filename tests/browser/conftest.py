"""Chromium, and one running product for all browser tests."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from db import embedded
from tests.serving import Server

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 20_000

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium; never a download."""
    if CHROMIUM is None:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail("REQUIRE_BROWSER is set and there is no chromium on the PATH")
        pytest.skip("there is no chromium on the PATH (on Debian: apt install chromium)")
    return {"executable_path": CHROMIUM, "args": FLAGS, "headless": True}


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The product on the demo set, from an empty folder, with its model trained."""
    with tempfile.TemporaryDirectory(prefix="five-films-", ignore_cleanup_errors=True) as name:
        data_dir = Path(name) / "data"
        server = Server(data_dir)
        try:
            server.wait_until_healthy()
            server.wait_for_log("Ready")
            yield server
        finally:
            server.stop()
            embedded.stop(data_dir)


@pytest.fixture
def visit(page: Page, server: Server) -> Page:
    """A stranger's browser on the first page."""
    page.set_default_timeout(PATIENCE_MS)
    page.goto(server.address)
    expect(page.get_by_role("heading", name="Five films for tonight")).to_be_visible()
    return page
