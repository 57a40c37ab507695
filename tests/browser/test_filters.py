"""Filters and presets in a real browser."""

import re

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.conftest import PHONE, cards, titles
from tests.browser.visitors import prefer
from tests.serving import Server

pytestmark = pytest.mark.browser

DESK = ViewportSize(width=1280, height=900)


def _open(page: Page) -> None:
    page.get_by_role("button", name="Filters", exact=False).first.click()
    expect(page.get_by_role("combobox", name="Not these genres")).to_be_visible()


def test_genres_are_left_out_by_keyboard_and_stay_out(visit: Page, server: Server) -> None:
    """The address has them, and so has the next visit without it, until they are cleared."""
    first = titles(visit)
    _open(visit)
    visit.get_by_role("combobox", name="Not these genres").focus()
    visit.keyboard.type("dram")
    visit.keyboard.press("Enter")
    expect(visit).to_have_url(re.compile(r"\?not_genres=Drama$"))
    expect(cards(visit)).not_to_have_text(first)
    expect(visit.locator(".st-key-five .genres").filter(has_text="Drama")).to_have_count(0)
    expect(visit.get_by_text("1 filter: not Drama")).to_be_visible()
    without_dramas = titles(visit)

    visit.goto(server.address)
    expect(cards(visit)).to_have_text(without_dramas)
    _open(visit)
    visit.get_by_role("button", name="Clear filters").click()
    expect(cards(visit)).to_have_text(first)
    expect(visit).to_have_url(re.compile(r"/$"))


def test_a_link_shows_a_preset_to_others(visit: Page, browser: Browser, server: Server) -> None:
    _open(visit)
    visit.get_by_role("button", name="Family night").click()
    expect(visit).to_have_url(re.compile(r"not_genres=Crime.*genre=Animation&genre=Children"))
    expect(visit.get_by_text("2 filters: Animation or Children · not Crime")).to_be_visible()
    visit.get_by_role("button", name="Short one").click()
    expect(visit).to_have_url(re.compile(r"max_minutes=95"))
    expect(visit.get_by_text("3 filters: Animation or Children · not Crime")).to_be_visible()
    family = titles(visit)
    other = browser.new_page()
    other.goto(visit.url)
    expect(cards(other)).to_have_text(family)
    other.goto(server.address)
    expect(cards(other)).not_to_have_text(family)
    other.close()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("locale", ["en-US", "ru-RU"])
def test_they_fit_the_screen(page: Page, server: Server, size: ViewportSize, locale: str) -> None:
    prefer(page, locale)
    page.set_viewport_size(size)
    page.goto(f"{server.address}/?not_genres=Horror,War,Western,Film-Noir&max_minutes=90")
    expect(cards(page)).to_have_count(5)
    page.locator(".st-key-filters button").first.click()
    body = page.get_by_test_id("stPopoverBody")
    expect(body.get_by_role("combobox").first).to_be_visible()
    box = body.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size["width"]
    assert body.evaluate("body => body.scrollWidth <= body.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
