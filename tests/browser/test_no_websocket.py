"""A page whose WebSocket doesn't come about says so."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.serving import Server

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("locale", "words"), [("en-GB", "can't open a WebSocket"), ("ru-RU", "не удаётся открыть")]
)
def test_a_page_without_a_websocket_says_what_to_look_at(
    browser: Browser, server: Server, locale: str, words: str
) -> None:
    page = browser.new_page(locale=locale)
    page.route_web_socket("**/_stcore/stream", lambda refused: refused.close())
    page.goto(server.address)
    notice = page.locator(".no-websocket")
    expect(notice).to_contain_text(words)
    expect(notice).to_contain_text("PUBLIC_URL")
    expect(notice).to_contain_text(server.address)
    page.close()


def test_a_page_with_one_says_nothing(visit: Page) -> None:
    visit.wait_for_timeout(11_000)
    expect(visit.locator(".no-websocket")).to_have_count(0)
