"""The language switch, as a browser sees it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE_MS, PHONE, log_in
from tests.browser.visitors import PASSWORD, let_in, newcomer, prefer
from tests.serving import Server

pytestmark = pytest.mark.browser


def test_a_language_is_kept_for_the_account(page: Page, server: Server) -> None:
    page.set_default_timeout(PATIENCE_MS)
    email = newcomer(server)
    let_in(page, server, email)
    page.goto(server.address)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    switch = page.get_by_role("button", name="Русский")
    switch.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Пять фильмов для вас")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    expect(page.get_by_role("button", name="English")).to_be_visible()

    page.goto(f"{server.address}/account")
    page.get_by_role("button", name="Выйти", exact=True).click()
    expect(page.get_by_role("heading", name="Five films for tonight")).to_be_visible()
    log_in(page, email, PASSWORD)
    expect(page.get_by_role("heading", name="Пять фильмов для вас")).to_be_visible()


def test_the_browsers_language_and_a_link_in_the_other(page: Page, server: Server) -> None:
    prefer(page, "ru-RU")
    page.set_viewport_size(PHONE)
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{server.address}/by_genre?genre=Comedy&genre=Horror&match=all+of+them")
    expect(page.get_by_role("heading", name="Пять фильмов жанра")).to_be_visible()
    for chosen in ("Комедия", "Ужасы", "все сразу"):
        expect(page.locator('[data-selected="true"]', has_text=chosen)).to_be_visible()
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wider) == 0
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Five films of a genre")).to_be_visible()
    for chosen in ("Comedy", "Horror", "all of them"):
        expect(page.locator('[data-selected="true"]', has_text=chosen)).to_be_visible()
