"""What is there before Streamlit, as a browser sees it."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.conftest import PATIENCE_MS, PHONE, cards
from tests.browser.visitors import prefer
from tests.serving import Server

pytestmark = pytest.mark.browser

MOST_BYTES = 1_100_000
PLACES = """root => [
    ...document.querySelectorAll(`${root} :is(h1, .cards, .card, .card .title)`)].map(each => {
        const place = each.getBoundingClientRect();
        return [each.textContent.trim(), place.x, place.y, place.width].map(
            value => typeof value === "number" ? Math.round(value) : value);
    })"""


def _without_scripts(page: Page) -> None:
    """Streamlit never comes."""

    def stop(route: Route) -> None:
        route.abort()

    page.route("**/static/js/**", stop)


def _titles(page: Page, within: str) -> list[str]:
    return [title.strip() for title in page.locator(f"{within} .title").all_inner_texts()]


def test_five_films_are_there_without_a_script(browser: Browser, server: Server) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server.address)
    assert page.title() == "Five Films"
    assert page.get_by_role("heading", level=1).all_inner_texts() == ["Five films for tonight"]
    assert len(_titles(page, "#first-sight")) == 5
    page.get_by_role("link", name="Account", exact=True).click()
    expect(page).to_have_url(f"{server.address}/account")
    page.go_back()
    page.locator("#first-sight .title").first.click()
    expect(page).to_have_url(re.compile(r"/film\?id="))
    expect(page).to_have_title(re.compile(" · Five Films$"))
    context.close()


@pytest.mark.parametrize("width", [390, 1280, 1920])
@pytest.mark.parametrize("language", ["en-GB", "ru-RU"])
def test_streamlits_page_comes_in_the_same_places(
    context: BrowserContext, server: Server, width: int, language: str
) -> None:
    first, page = context.new_page(), context.new_page()
    for each in (first, page):
        prefer(each, language)
        each.set_viewport_size({"width": width, "height": 900})
    _without_scripts(first)
    first.goto(server.address)
    first.evaluate("document.fonts.ready")
    before = first.evaluate(PLACES, "#first-sight")
    page.set_default_timeout(PATIENCE_MS)
    page.goto(server.address)
    expect(page.locator("#first-sight")).to_have_count(0)
    expect(cards(page)).to_have_count(5)
    page.evaluate("document.fonts.ready")
    after = page.evaluate(PLACES, "#root")
    assert [len(before), len(after)] == [12, 12]
    for was, is_now in zip(before, after, strict=True):
        assert was[0].split()[:3] == is_now[0].split()[:3]
        assert was[1:] == pytest.approx(is_now[1:], abs=2), was[0]


def test_where_one_has_scrolled_to_stays_in_sight(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    held: list[Route] = []
    page.route("**/static/js/index.*.js", lambda route: held.append(route))
    page.goto(server.address, wait_until="commit")
    expect(page.locator("#first-sight .title")).to_have_count(5)
    page.locator("#first-sight").evaluate("first => { first.scrollTop = 500; }")
    for route in held:
        route.continue_()
    expect(page.locator("#first-sight")).to_have_count(0)
    main = page.get_by_test_id("stMain").element_handle()
    page.wait_for_function("main => main.scrollTop === 500", arg=main)
    context.close()


def test_who_is_known_sees_places_and_then_their_own(page: Page, server: Server) -> None:
    page.goto(server.address)
    expect(page.locator("#first-sight")).to_have_count(0)
    page.locator(".st-key-five .card .stars button").first.click()
    expect(page.get_by_test_id("stMain")).to_contain_text("You gave")
    _without_scripts(page)
    page.goto(server.address)
    assert _titles(page, "#first-sight") == []
    expect(page.locator("#first-sight .card")).to_have_count(5)


def test_a_first_visit_sends_little(browser: Browser, server: Server) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    tools = context.new_cdp_session(page)
    tools.send("Network.enable")
    sizes: dict[str, float] = {}
    names: dict[str, str] = {}

    def asked(event: dict[str, Any]) -> None:
        names[event["requestId"]] = event["request"]["url"]

    def ended(event: dict[str, Any]) -> None:
        sizes[names.get(event["requestId"], "")] = event["encodedDataLength"]

    tools.on("Network.requestWillBeSent", asked)
    tools.on("Network.loadingFinished", ended)
    page.goto(server.address)
    expect(page.locator("#first-sight")).to_have_count(0)
    expect(cards(page)).to_have_count(5)
    page.wait_for_timeout(1000)
    assert sum(sizes.values()) <= MOST_BYTES, sorted(sizes.items(), key=lambda each: each[1])[-9:]
    assert not [name for name in sizes if "SourceS" in name], "ours take their places"
    context.close()
