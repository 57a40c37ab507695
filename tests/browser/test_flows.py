"""What people do, in a real browser."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import cards, log_in, titles
from tests.serving import Server

pytestmark = pytest.mark.browser


def _go(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()


def test_a_stranger_gets_five_films_at_once(visit: Page) -> None:
    first = titles(visit)
    visit.get_by_role("button", name="Five more films").click()
    for place, title in enumerate(first):  # the cards change one after the other
        expect(cards(visit).nth(place)).not_to_have_text(title)
    assert not set(titles(visit)) & set(first)


def test_log_in_survives_a_reload_and_log_out_ends_it(visit: Page, server: Server) -> None:
    popular = titles(visit)
    log_in(visit, "test195@mail.com", "test")
    expect(visit.get_by_role("heading", name="Five films for Test 195")).to_be_visible()
    own = titles(visit)
    assert own != popular

    visit.reload()
    expect(visit.get_by_role("heading", name="Five films for Test 195")).to_be_visible()
    expect(cards(visit)).to_have_text(own)

    cookies = {cookie["name"]: cookie for cookie in visit.context.cookies()}
    assert cookies["five_films_session"]["httpOnly"]
    assert cookies["five_films_session"]["sameSite"] == "Lax"

    _go(visit, "Test 195")
    expect(visit.get_by_text("test195@mail.com")).to_be_visible()
    visit.get_by_role("button", name="Log out", exact=True).click()
    expect(visit.get_by_role("heading", name="Five films for tonight")).to_be_visible()
    expect(cards(visit)).to_have_text(popular)
    assert "five_films_session" not in {cookie["name"] for cookie in visit.context.cookies()}
    visit.reload()
    expect(visit.get_by_role("heading", name="Five films for tonight")).to_be_visible()


def test_a_stolen_ticket_is_worth_nothing(visit: Page, browser: Browser, server: Server) -> None:
    seen: list[str] = []
    visit.on("request", lambda request: seen.append(request.url))
    log_in(visit, "test196@mail.com", "test")
    expect(visit.get_by_role("heading", name="Five films for Test 196")).to_be_visible()
    (ticket,) = {url for url in seen if "/auth/session?ticket=" in url}

    thief = browser.new_page()
    thief.request.get(server.address, headers={"accept": "text/html"})  # for a secret of its own
    thief.goto(ticket)
    expect(thief.get_by_text("Please log in again")).to_be_visible()
    thief.close()


def test_a_wrong_password(visit: Page) -> None:
    log_in(visit, "test195@mail.com", "tset")
    expect(visit.get_by_text("don't go together")).to_be_visible()


def test_registering_logs_in(visit: Page) -> None:
    _go(visit, "Account")
    visit.get_by_role("radio", name="Register").click()
    expect(visit.get_by_role("heading", name="Register")).to_be_visible()
    visit.get_by_role("textbox", name="Email").fill("newcomer@mail.com")
    visit.get_by_role("textbox", name="Password", exact=True).fill("a fine long sentence")
    visit.get_by_role("textbox", name="Repeat the password").fill("a fine long sentence")
    visit.get_by_test_id("stFormSubmitButton").get_by_role("button").click()
    expect(visit.get_by_role("heading", name="Five films for newcomer")).to_be_visible()
    assert len(titles(visit)) == 5


def test_a_genre_picked_typed_and_mistyped(visit: Page) -> None:
    _go(visit, "By genre")
    visit.get_by_test_id("stButtonGroup").get_by_text("Western", exact=True).click()
    titles(visit)
    for card in visit.locator(".st-key-five .card").all():
        expect(card.locator(".genres")).to_contain_text("Western")

    typed = visit.get_by_label("… or type one")
    typed.fill("sci fi")
    typed.press("Enter")
    expect(visit.locator(".st-key-five .genres").first).to_contain_text("Sci-Fi")

    typed.fill("Westren")
    typed.press("Enter")
    expect(visit.get_by_text("There is no genre “Westren”")).to_contain_text("Film-Noir, Horror")
    visit.get_by_role("button", name="Did you mean Western?").click()
    expect(visit.locator(".st-key-five .genres").first).to_contain_text("Western")


def test_a_rating_changes_the_five_at_once_and_undo_brings_them_back(visit: Page) -> None:
    before = titles(visit)
    visit.get_by_role("button", name="5 of 5 stars").first.click()
    expect(visit.get_by_text(f"You gave {before[0]}")).to_be_visible()
    expect(cards(visit).first).not_to_have_text(before[0])
    assert before[0] not in titles(visit)
    expect(visit.get_by_text(f"Because you liked {before[0]}").first).to_be_visible()

    visit.get_by_role("button", name="Why?").first.click()
    expect(visit.get_by_role("dialog").locator(".js-plotly-plot")).to_be_visible()
    visit.keyboard.press("Escape")

    visit.get_by_role("button", name="Undo").click()
    expect(cards(visit)).to_have_text(before)


def test_a_deep_link_on_a_fresh_visit_goes_through_navigation(page: Page, server: Server) -> None:
    page.goto(f"{server.address}/by_genre")
    expect(page.get_by_role("heading", name="Five films of a genre")).to_be_visible()
    expect(page.get_by_role("link", name="Account").first).to_be_visible()


def test_pages_ask_no_other_host_for_anything(page: Page, server: Server) -> None:
    elsewhere: list[str] = []
    blocked: list[str] = []
    page.on(
        "request",
        lambda request: (
            elsewhere.append(request.url)
            if not request.url.startswith((server.address, "data:", "blob:"))
            else None
        ),
    )
    page.on(
        "console",
        lambda said: blocked.append(said.text) if "Security Policy" in said.text else None,
    )
    for place in ("", "film?id=1", "ratings"):
        page.goto(f"{server.address}/{place}")
        expect(page.get_by_text("GroupLens").first).to_be_visible()
    assert (elsewhere, blocked) == ([], [])


@pytest.mark.parametrize(
    "place", ["", "by_genre", "film?id=1", "my_films", "my_films?view=Import", "ratings", "account"]
)
def test_every_page_fits_a_phone(page: Page, server: Server, place: str) -> None:
    page.set_viewport_size({"width": 375, "height": 740})
    page.goto(f"{server.address}/{place}")
    expect(page.get_by_text("GroupLens").first).to_be_visible()
    too_wide = page.evaluate(
        "document.querySelector('[data-testid=stMain]').scrollWidth"
        " - document.querySelector('[data-testid=stMain]').clientWidth"
    )
    assert too_wide <= 0


def test_ratings_shows_charts_and_tables(visit: Page) -> None:
    _go(visit, "Ratings")
    expect(visit.locator(".js-plotly-plot")).to_have_count(1)
    expect(visit.get_by_test_id("stDataFrame")).to_have_count(1)
    expect(visit.get_by_text(re.compile("loaded on"))).to_be_visible()
