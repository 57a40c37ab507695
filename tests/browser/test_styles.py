"""Choosing how far popularity counts, in a real browser."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests.browser.conftest import PHONE, cards, register, titles
from tests.browser.visitors import prefer
from tests.serving import Server

pytestmark = pytest.mark.browser

DESK = ViewportSize(width=1280, height=900)
WELL_KNOWN = re.compile(r"\?style=popular$")
ADVENTUROUS = re.compile(r"\?style=adventurous$")


def _chosen(page: Page) -> Locator:
    return page.locator(".st-key-style button[data-selected=true]")


def _choose(page: Page, label: str) -> None:
    """Choose a style and wait for its films; its name, address and caption come before them."""
    before = titles(page)
    page.locator(".st-key-style").get_by_text(label, exact=True).click()
    expect(_chosen(page)).to_have_text(label)
    expect(cards(page)).not_to_have_text(before)


def test_a_choice_stands_in_the_address_and_the_way_back_leads_back(visit: Page) -> None:
    expect(_chosen(visit)).to_have_text("Balanced")
    _choose(visit, "Adventurous")
    expect(visit).to_have_url(ADVENTUROUS)
    expect(visit.get_by_text("Films that few people have discovered yet.")).to_be_visible()
    few_know = titles(visit)
    _choose(visit, "Well-known")
    expect(visit).to_have_url(WELL_KNOWN)
    many_know = titles(visit)
    assert not {*few_know} & {*many_know}
    visit.go_back()
    expect(visit).to_have_url(ADVENTUROUS)
    expect(_chosen(visit)).to_have_text("Adventurous")
    expect(cards(visit)).to_have_text(few_know)


def test_a_link_shows_the_same_to_others_and_they_keep_theirs(
    visit: Page, browser: Browser, server: Server
) -> None:
    _choose(visit, "Well-known")
    expect(visit).to_have_url(WELL_KNOWN)
    other = browser.new_page()
    other.goto(visit.url)
    expect(_chosen(other)).to_have_text("Well-known")
    assert titles(other) == titles(visit)
    other.goto(server.address)
    expect(_chosen(other)).to_have_text("Balanced")
    other.close()
    visit.goto(f"{server.address}/by_genre?genre=Western")
    expect(_chosen(visit)).to_have_text("Well-known")


def test_a_strangers_choice_is_there_after_registering(visit: Page, server: Server) -> None:
    _choose(visit, "Adventurous")
    expect(visit).to_have_url(ADVENTUROUS)
    register(visit, server)
    expect(_chosen(visit)).to_have_text("Adventurous")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("locale", ["en-US", "ru-RU"])
def test_all_three_stand_in_one_row(
    page: Page, server: Server, size: ViewportSize, locale: str
) -> None:
    prefer(page, locale)
    page.set_viewport_size(size)
    page.goto(server.address)
    buttons = page.locator(".st-key-style button")
    expect(buttons).to_have_count(3)
    boxes = [each.bounding_box() for each in buttons.all()]
    assert len({box["y"] for box in boxes if box}) == 1
    assert all(box and box["x"] >= 0 and box["x"] + box["width"] <= size["width"] for box in boxes)
