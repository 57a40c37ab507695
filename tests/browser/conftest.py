"""Chromium, and one running product for all browser tests of a worker."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from filelock import FileLock
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    Playwright,
    ViewportSize,
    expect,
)

from db import embedded
from tests.serving import CheapServer, Server, free_port

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
# Pages share what is compiled, and it isn't optimised, for they don't live long. Not in benchmarks.
QUICK_FLAGS = ["--process-per-site", "--js-flags=--no-flush-bytecode --no-opt --no-maglev"]
PATIENCE_MS = 30_000
FRIEND = f"http://localhost:{free_port()}"
"""Another site, whose pages may use the API."""
PHONE = ViewportSize(width=390, height=844)

expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tried once more where it fails: on a machine that is overloaded Chromium loses an input.

    Twice in thousands of runs a click or a key had no effect. pytest counts what it tried again
    as "rerun", and a real fault fails again.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium; never a download."""
    if CHROMIUM is None:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail("REQUIRE_BROWSER is set and there is no chromium on the PATH")
        pytest.skip("there is no chromium on the PATH (on Debian: apt install chromium)")
    return {"executable_path": CHROMIUM, "args": FLAGS + QUICK_FLAGS, "headless": True}


@contextmanager
def open_profile(
    playwright: Playwright, launch_args: dict[str, Any], server: Server
) -> Iterator[BrowserContext]:
    """Chromium that compiles Streamlit's scripts only once: for each page it is half of the work.

    Its first page stays open, so that the process of the app's pages lives on, and has a text of
    the app alone. A context without a folder would compile anew, too.
    """
    with tempfile.TemporaryDirectory(prefix="five-films-", ignore_cleanup_errors=True) as folder:
        profile = playwright.chromium.launch_persistent_context(folder, **launch_args)
        profile.pages[0].goto(f"{server.address}/_stcore/health")
        yield profile
        profile.close()


@pytest.fixture(scope="session")
def profile(
    playwright: Playwright, browser_type_launch_args: dict[str, Any], server: Server
) -> Iterator[BrowserContext]:
    """The Chromium of all browser tests of a worker."""
    with open_profile(playwright, browser_type_launch_args, server) as profile:
        yield profile


@pytest.fixture(scope="session")
def browser(profile: BrowserContext) -> Browser:
    """The same Chromium, for contexts of other kinds."""
    assert profile.browser is not None
    return profile.browser


@pytest.fixture
def context(profile: BrowserContext) -> Iterator[BrowserContext]:
    """That browser as new: only its first page is open, and nothing stored but the cache."""
    first, *_ = profile.pages
    yield profile
    for page in profile.pages:
        if page is not first:
            page.close()
    profile.set_offline(False)
    everything = {"origin": "*", "storageTypes": "cookies,local_storage,indexeddb,cache_storage"}
    tools = profile.new_cdp_session(first)
    tools.send("Storage.clearDataForOrigin", everything)
    tools.detach()


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo set and its model, whose servers have stopped; to be copied.

    The first worker that needs it makes it, and the others wait for it.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    trained = shared / "trained"
    with FileLock(shared / "trained.lock"):
        if not trained.exists():
            (shared / "training").mkdir()
            data_dir = shared / "training" / "data"
            server = CheapServer(data_dir)
            try:
                server.wait_until_healthy()
                server.wait_for_log("Ready")
            finally:
                server.stop()
                embedded.stop(data_dir)
            data_dir.rename(trained)
    return trained


@pytest.fixture(scope="session")
def server(trained: Path) -> Iterator[Server]:
    """The product on the demo set, with its model trained."""
    with tempfile.TemporaryDirectory(prefix="five-films-", ignore_cleanup_errors=True) as name:
        data_dir = Path(name) / "data"
        # As root, the servers' files belong to another user.
        subprocess.run(["cp", "--archive", trained, data_dir], check=True)
        server = CheapServer(data_dir, CORS_ORIGINS=FRIEND)
        try:
            server.wait_until_healthy()
            server.wait_for_log("Ready")
            _wait_for_first_sight(server)
            yield server
        finally:
            server.stop()
            embedded.stop(data_dir)


def _wait_for_first_sight(server: Server) -> None:
    """Until the first page comes with its films, which a busy machine may not make in time."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while 'id="first-sight"' not in httpx.get(server.address, headers={"accept": "text/html"}).text:
        assert time.monotonic() < deadline, "the first page comes without its films"
        time.sleep(0.2)


@pytest.fixture
def visit(page: Page, server: Server) -> Page:
    """A stranger's browser on the first page."""
    arrive(page, server)
    expect(page.get_by_role("heading", name="Five films for tonight")).to_be_visible()
    return page


def arrive(page: Page, server: Server) -> None:
    """Open the first page, and wait until Streamlit's has come."""
    page.set_default_timeout(PATIENCE_MS)
    page.goto(server.address)
    expect(page.locator("#first-sight")).to_have_count(0)


def cards(page: Page) -> Locator:
    """The titles of the films in the list of five, each a link to its page."""
    return page.locator(".st-key-five .card .title")


def titles(page: Page) -> list[str]:
    """What they are called, once all five are there."""
    expect(cards(page)).to_have_count(5)
    return cards(page).all_inner_texts()


def log_in(page: Page, email: str, password: str) -> None:
    """Fill the log-in form in and send it."""
    page.get_by_role("link", name="Account", exact=True).first.click()
    page.get_by_role("textbox", name="Email").fill(email)
    page.get_by_role("textbox", name="Password").fill(password)
    page.get_by_test_id("stFormSubmitButton").get_by_role("button", name="Log in").click()


def register(page: Page, server: Server, password: str = "a fine long sentence") -> str:
    """Make an account of a name of its own, which is logged in then; its email."""
    email = f"{uuid4().hex[:8]}@mail.com"
    page.goto(f"{server.address}/account")
    page.get_by_role("radio", name="Register").click()
    # The log-in form has an Email too: wait until it has gone.
    expect(page.get_by_role("textbox", name="Repeat the password")).to_be_visible()
    page.get_by_role("textbox", name="Email").fill(email)
    page.get_by_role("textbox", name="Password", exact=True).fill(password)
    page.get_by_role("textbox", name="Repeat the password").fill(password)
    page.get_by_test_id("stFormSubmitButton").get_by_role("button").click()
    name = email.partition("@")[0]
    expect(page.get_by_role("heading", name=f"Five films for {name}")).to_be_visible()
    return email
