"""The connection breaks while people click: nothing is lost, and nothing is done twice."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import text

from config import Settings
from db.connection.engine import open_engine
from tests.browser.conftest import PATIENCE_MS, cards, titles
from tests.faults.network import Proxy
from tests.serving import Server

pytestmark = pytest.mark.browser

LOST = "The connection is lost, so nothing can be rated or changed right now."


@pytest.fixture
def network(server: Server) -> Iterator[Proxy]:
    """What lies between the browser and the app."""
    proxy = Proxy(server.port)
    yield proxy
    proxy.refuse()


@pytest.fixture
def beyond(page: Page, network: Proxy) -> Page:
    """Somebody's browser on the other side of it, on the first page."""
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"http://127.0.0.1:{network.port}")
    expect(page.locator("#first-sight")).to_have_count(0)
    return page


def _is_away(page: Page) -> Locator:
    return page.locator(":root[data-connection=away]")


def _ratings(server: Server) -> int:
    """How many ratings of guests are kept."""
    engine = open_engine(Settings(_env_file=None, data_dir=server.data_dir))
    with engine.connect() as connection:
        found = connection.scalar(text("SELECT count(*) FROM guest_ratings"))
    engine.dispose()
    return int(found or 0)


def test_nothing_can_be_clicked_while_the_connection_is_away(
    beyond: Page, network: Proxy, server: Server
) -> None:
    before = titles(beyond)
    kept = _ratings(server)
    network.refuse()
    expect(_is_away(beyond)).to_be_attached()
    beyond.get_by_role("button", name="5 of 5 stars").first.click()
    expect(beyond.get_by_role("alert").filter(has_text=LOST)).to_be_visible()
    expect(beyond.get_by_role("button", name="Five more films")).to_be_disabled()
    network.mend()
    expect(_is_away(beyond)).to_have_count(0)
    expect(beyond.get_by_role("alert").filter(has_text=LOST)).to_have_count(0)
    expect(cards(beyond)).to_have_text(before)
    assert _ratings(server) == kept

    beyond.get_by_role("button", name="5 of 5 stars").first.click()
    expect(beyond.get_by_text(f"You gave {before[0]}")).to_be_visible()
    assert _ratings(server) == kept + 1


def test_a_click_that_got_lost_is_told_again_and_counts_once(
    beyond: Page, network: Proxy, server: Server
) -> None:
    before = titles(beyond)
    kept = _ratings(server)
    network.swallow()
    beyond.get_by_role("button", name="4 of 5 stars").first.click()
    beyond.wait_for_timeout(500)  # it is on its way into the black hole
    network.mend()
    expect(beyond.get_by_text(f"You gave {before[0]}")).to_be_visible()
    expect(cards(beyond).first).not_to_have_text(before[0])  # the films come after the words
    assert before[0] not in titles(beyond)
    assert _ratings(server) == kept + 1
    beyond.get_by_role("button", name="Undo").click()
    expect(cards(beyond)).to_have_text(before)
    assert _ratings(server) == kept


def test_stars_of_a_films_page_that_got_lost_are_told_again(
    page: Page, network: Proxy, server: Server
) -> None:
    kept = _ratings(server)
    page.goto(f"http://127.0.0.1:{network.port}/film?id=318")
    stars = page.get_by_role("radio", name="4 out of 5 stars")
    expect(stars).to_be_enabled()
    network.swallow()
    stars.click()
    page.wait_for_timeout(500)
    network.mend()
    expect(page.get_by_text("Your answer: 4 ★")).to_be_visible()
    assert _ratings(server) == kept + 1


def test_the_first_click_after_a_restart_counts(
    beyond: Page, network: Proxy, server: Server
) -> None:
    before = titles(beyond)
    kept = _ratings(server)
    another = Server(server.data_dir)
    try:
        another.wait_until_healthy()
        another.wait_for_log("Ready")
        network.lead_to(another.port)  # which knows nothing of the page that is open
        expect(_is_away(beyond)).to_be_attached()
        expect(_is_away(beyond)).to_have_count(0)
        beyond.get_by_role("button", name="5 of 5 stars").first.click()
        expect(beyond.get_by_text(f"You gave {before[0]}")).to_be_visible()
        assert _ratings(server) == kept + 1
    finally:
        another.stop()


def test_a_browser_that_is_offline_rates_nothing(visit: Page, server: Server) -> None:
    before = titles(visit)
    kept = _ratings(server)
    visit.context.set_offline(True)
    expect(_is_away(visit)).to_be_attached()
    visit.get_by_role("button", name="5 of 5 stars").first.press("Enter")
    expect(visit.get_by_role("alert").filter(has_text=LOST)).to_be_visible()
    visit.context.set_offline(False)
    expect(_is_away(visit)).to_have_count(0)
    visit.get_by_role("button", name="5 of 5 stars").first.press("Enter")
    expect(visit.get_by_text(f"You gave {before[0]}")).to_be_visible()
    assert _ratings(server) == kept + 1
