"""Addresses that hold: one entry of the history for each page, and what was chosen under Back."""

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import PATIENCE_MS, PHONE, cards, titles
from tests.browser.visitors import let_in
from tests.serving import Server

pytestmark = pytest.mark.browser

WESTERNS = re.compile(r"/by_genre\?genre=Western&ratings=50$")
SCROLLED = "document.querySelector('[data-testid=stMain]').scrollTop"


def _entries(page: Page) -> int:
    entries: int = page.evaluate("history.length")
    return entries


def _go(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()


def _find(page: Page, typed: str) -> None:
    page.keyboard.type(f"f{typed}")
    page.keyboard.press("Enter")


def test_one_back_from_a_film_brings_the_list_as_it_was(page: Page, server: Server) -> None:
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{server.address}/by_genre?ratings=50")
    page.get_by_test_id("stButtonGroup").get_by_text("Western", exact=True).click()
    for place in range(5):
        expect(page.locator(".st-key-five .genres").nth(place)).to_contain_text("Western")
    expect(page).to_have_url(WESTERNS)
    westerns, entries = titles(page), _entries(page)
    page.evaluate(f"{SCROLLED} = 150")
    cards(page).nth(2).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(westerns[2])
    assert page.evaluate(SCROLLED) == 0
    assert _entries(page) == entries + 1
    page.go_back()
    expect(page).to_have_url(WESTERNS)
    expect(cards(page)).to_have_text(westerns)
    expect(page).to_have_title("By genre · Five Films")
    expect(page.get_by_text("50 ratings or more")).to_be_visible()
    page.wait_for_function(f"{SCROLLED} === 150")


def test_from_film_to_film_each_has_its_address(visit: Page) -> None:
    _find(visit, "the godfather")
    expect(visit).to_have_title("The Godfather (1972) · Five Films")
    _find(visit, "heat 1995")
    expect(visit).to_have_title("Heat (1995) · Five Films")
    expect(visit).to_have_url(re.compile(r"/film\?id=6$"))
    visit.reload()
    expect(visit.get_by_role("heading", name="Heat", exact=True)).to_be_visible()
    expect(visit).to_have_title("Heat (1995) · Five Films")
    visit.go_back()
    expect(visit.get_by_role("heading", name="The Godfather", exact=True)).to_be_visible()
    expect(visit).to_have_title("The Godfather (1972) · Five Films")
    visit.go_back()
    expect(visit.get_by_role("heading", name="Five films for tonight")).to_be_visible()
    expect(visit).to_have_title("Five Films")


def test_pages_with_choices_of_the_same_name_keep_their_own(page: Page, server: Server) -> None:
    """For you, By genre and Ratings have a `genre` each."""
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{server.address}/?genre=Horror")
    expect(page.locator(".st-key-five .genres").first).to_contain_text("Horror")
    horror, entries = titles(page), _entries(page)
    _go(page, "Ratings")
    expect(page.get_by_role("heading", name="What people have rated")).to_be_visible()
    expect(page.get_by_test_id("stMetric").first).to_contain_text("99,997")
    expect(page).to_have_url(f"{server.address}/ratings")
    page.get_by_text("Genres", exact=True).click()
    expect(page).to_have_url(f"{server.address}/ratings?view=Genres")
    _go(page, "Map")
    field = page.get_by_label("Find films on the map")
    field.fill("godfather")
    field.press("Enter")
    expect(page).to_have_url(f"{server.address}/map?find_film=godfather")
    page.get_by_test_id("stPageLink").get_by_role("link", name="The Godfather 1972").click()
    expect(page).to_have_title("The Godfather (1972) · Five Films")
    assert _entries(page) == entries + 3
    page.go_back()
    expect(field).to_have_value("godfather")
    expect(page.get_by_text("Found for “godfather”")).to_be_visible()
    page.go_back()
    expect(page).to_have_url(f"{server.address}/ratings?view=Genres")
    expect(page.get_by_role("heading", name="Genres", exact=True)).to_be_visible()
    page.go_back()
    expect(page).to_have_url(f"{server.address}/?genre=Horror")
    expect(cards(page)).to_have_text(horror)


def test_a_film_of_the_map_and_of_the_inspector(page: Page, server: Server) -> None:
    let_in(page, server, "test195@mail.com")
    page.goto(f"{server.address}/map")
    points = page.locator(".js-plotly-plot .scatterlayer .point")
    expect(points.nth(20)).to_be_attached()
    entries = _entries(page)
    points.nth(20).click(force=True)  # what Plotly lays over its charts takes the click
    expect(page).to_have_title(re.compile(r" \(\d{4}\) · Five Films$"))
    assert _entries(page) == entries + 1
    page.go_back()
    expect(page.get_by_role("heading", name="Map of films")).to_be_visible()
    expect(points.nth(20)).to_be_attached()
    expect(page).to_have_url(f"{server.address}/map")

    _go(page, "Inspector")
    person = page.get_by_label("Person", exact=True)
    person.fill("24")
    person.press("Enter")
    expect(page.get_by_role("heading", name="Person 24")).to_be_visible()
    page.locator(".st-key-look").get_by_text("Adventurous").click()
    expect(page).to_have_url(re.compile(r"user=24&style=adventurous$"))
    page.locator("[data-testid=stMarkdown] a[href^='/film?id=']").first.click()
    expect(page).to_have_title(re.compile(r" \(\d{4}\) · Five Films$"))
    page.go_back()
    expect(person).to_have_value("24")
    expect(page.get_by_role("heading", name="Person 24")).to_be_visible()
    chosen = page.locator(".st-key-look button[data-selected=true]")
    expect(chosen).to_have_text("Adventurous")
    page.go_back()
    expect(chosen).to_have_text("Balanced")


def test_where_there_is_no_page_it_says_so_and_leads_on(page: Page, server: Server) -> None:
    for address in ("nothing", "film/5", "static/nothing"):
        answer = page.goto(f"{server.address}/{address}")
        assert answer is not None
        assert answer.status == 404
        expect(page.get_by_role("heading", name="There is no page at this address")).to_be_visible()
    expect(page).to_have_title("No such page · Five Films")
    _find(page, "heat 1995")
    expect(page).to_have_title("Heat (1995) · Five Films")
    page.go_back()
    page.get_by_role("link", name="By genre").click()
    expect(page.get_by_role("heading", name="Five films of a genre")).to_be_visible()

    answer = page.goto(f"{server.address}/film?id=nonsense")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_text("There is no film at this address.")).to_be_visible()
    expect(page.locator(".st-key-popular .card")).to_have_count(5)


def test_a_theme_and_a_strangers_language_hold_on_every_path(
    context: BrowserContext, server: Server
) -> None:
    page, other = context.new_page(), context.new_page()
    for each in (page, other):
        each.emulate_media(color_scheme="light")
        each.set_default_timeout(PATIENCE_MS)
    page.goto(f"{server.address}/by_genre?genre=Western")
    cards(page).first.click()
    expect(page).to_have_title(re.compile(r" \(\d{4}\) · Five Films$"))
    page.get_by_test_id("stMainMenu").get_by_role("button").click()
    page.get_by_role("menuitemradio", name="Dark").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Русский").click()
    expect(page.get_by_text("Оцените фильм")).to_be_visible()
    page.go_back()  # to an address in English
    expect(page.get_by_role("heading", name="Пять фильмов жанра")).to_be_visible()
    expect(page.locator('[data-selected="true"]', has_text="Вестерн")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "ru")

    dark = "rgb(21, 17, 15)"
    for address, title in (
        ("account", "Аккаунт · Five Films"),
        ("film?id=6", "Heat (1995) · Five Films"),
        ("nothing", "Нет такой страницы · Five Films"),
    ):
        other.goto(f"{server.address}/{address}")
        expect(other).to_have_title(title)
        expect(other.locator("html")).to_have_attribute("lang", "ru")
        expect(other.locator("body, .stApp").last).to_have_css("background-color", dark)
    other.route("**/static/js/**", lambda route: route.abort())
    other.goto(server.address)
    expect(other.locator("#first-sight")).to_have_css("background-color", dark)
    expect(other.locator("#first-sight h1")).to_have_text("Пять фильмов на вечер")


def test_a_menu_closes_after_a_choice_and_on_reload(page: Page, server: Server) -> None:
    page.set_viewport_size(PHONE)
    page.set_default_timeout(PATIENCE_MS)
    page.goto(server.address)
    expect(page.locator("#first-sight")).to_have_count(0)
    menu, opens = page.get_by_test_id("stSidebar"), page.get_by_test_id("stExpandSidebarButton")
    opens.click()
    expect(menu).to_have_attribute("data-collapsed", "false")
    page.reload()
    expect(page.locator("#first-sight")).to_have_count(0)
    expect(menu).to_have_attribute("data-collapsed", "true")
    opens.click()
    expect(menu).to_have_attribute("data-collapsed", "false")
    menu.get_by_role("link", name="By genre").click()
    expect(page.get_by_role("heading", name="Five films of a genre")).to_be_visible()
    expect(menu).to_have_attribute("data-collapsed", "true")

    page.set_viewport_size({"width": 800, "height": 700})
    more = page.get_by_test_id("stTopNavPopover")
    page.get_by_test_id("stTopNavSection").click()
    more.get_by_text("Account", exact=True).click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    expect(more).to_have_count(0)


def test_at_200_percent_a_films_picture_leaves_room_for_its_title(
    browser: Browser, server: Server
) -> None:
    context = browser.new_context(viewport={"width": 640, "height": 360}, device_scale_factor=2)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{server.address}/film?id=858")
    expect(page.get_by_role("heading", name="The Godfather", exact=True)).to_be_in_viewport(ratio=1)
    picture = page.locator(".st-key-picture .poster").bounding_box()
    assert picture is not None
    assert picture["height"] <= 180
    context.close()
