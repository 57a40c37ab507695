"""Finding a film by keyboard, whatever Streamlit is doing."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from sqlalchemy import text

from config import Settings
from db.connection.engine import open_engine
from tests.browser.conftest import cards
from tests.catalogue import add_tags
from tests.serving import Server

pytestmark = pytest.mark.browser


def _box(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Title, person, year or tag")


def _found(page: Page) -> Locator:
    return page.get_by_role("dialog").get_by_role("option")


def test_by_keys_alone(visit: Page) -> None:
    more = visit.get_by_role("button", name="Five more films")
    more.focus()
    visit.keyboard.press("f")
    expect(_box(visit)).to_be_focused()
    visit.keyboard.press("Escape")
    expect(visit.get_by_role("dialog")).to_have_count(0)
    expect(more).to_be_focused()

    visit.keyboard.type("fterminator")  # "r" and "c" are Streamlit's keys elsewhere
    expect(_box(visit)).to_have_value("terminator")
    expect(_found(visit).nth(0)).to_have_text("The Terminator1984 · Action, Sci-Fi, Thriller")
    expect(_found(visit).nth(0)).to_have_attribute("aria-selected", "true")
    visit.keyboard.press("ArrowDown")
    expect(_found(visit).nth(1)).to_have_attribute("aria-selected", "true")
    expect(_box(visit)).to_have_attribute("aria-activedescendant", "found-1")
    visit.keyboard.press("ArrowUp")
    visit.keyboard.press("ArrowUp")  # round to the last one
    expect(_found(visit).last).to_have_attribute("aria-selected", "true")
    visit.keyboard.press("ArrowDown")
    visit.keyboard.press("Enter")
    expect(visit).to_have_title("The Terminator (1984) · Five Films")
    expect(visit).to_have_url(re.compile(r"/film\?id=1240$"))
    expect(visit.get_by_role("dialog")).to_have_count(0)


def test_enter_waits_for_what_was_typed_a_moment_ago(visit: Page) -> None:
    visit.keyboard.type("falien 1979")
    visit.keyboard.press("Enter")
    expect(visit).to_have_title("Alien (1979) · Five Films")


def test_f_is_a_letter_in_a_field_and_a_key_on_a_russian_keyboard(visit: Page) -> None:
    visit.get_by_role("link", name="By genre", exact=True).first.click()
    field = visit.get_by_label("… or type one")
    field.press_sequentially("film-noir")
    expect(field).to_have_value("film-noir")
    field.press("Enter")
    expect(cards(visit)).to_have_count(5)
    expect(visit.get_by_role("dialog")).to_have_count(0)
    field.evaluate("field => field.blur()")
    visit.evaluate(
        "document.body.dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'а', code: 'KeyF', bubbles: true}))"
    )
    expect(_box(visit)).to_be_focused()


def test_over_what_streamlit_has_opened(visit: Page) -> None:
    visit.get_by_role("button", name="Filters").click()
    least = visit.get_by_text("At least this many ratings")
    expect(least).to_be_visible()
    visit.keyboard.type("fterminator")
    expect(_found(visit).first).to_contain_text("The Terminator")
    visit.keyboard.press("Escape")
    expect(_box(visit)).to_have_count(0)
    expect(least).to_be_visible()
    visit.keyboard.press("Escape")

    visit.get_by_role("button", name="Why?").first.click()
    expect(visit.get_by_role("dialog", name="Why this film?")).to_be_visible()
    visit.keyboard.type("fterminator")
    expect(_box(visit)).to_have_value("terminator")
    expect(_box(visit)).to_be_focused()
    visit.keyboard.press("Enter")
    expect(visit).to_have_title("The Terminator (1984) · Five Films")
    expect(visit.get_by_role("dialog")).to_have_count(0)


def test_what_is_found_comes_in_a_telling_order(visit: Page) -> None:
    visit.get_by_role("button", name="Find a film").click()
    expect(_box(visit)).to_be_focused()
    for typed, first in (
        ("godfahter", "The Godfather1972 · Crime, Drama"),
        ("lord of the rings", "The Lord of the Rings: The Fellowship of the Ring2001"),
        ("1995", "Toy Story1995"),
        ("amelie", "Amelie (Le Fabuleux destin d'Amélie Poulain)2001"),
    ):
        _box(visit).fill(typed)
        expect(_found(visit).first).to_contain_text(first)
    _box(visit).fill("qqqqzzzz")
    expect(visit.get_by_text("No film has a title like “qqqqzzzz”.")).to_be_visible()
    expect(_found(visit)).to_have_count(0)
    _box(visit).fill("<script>alert(1)</script>")
    expect(visit.get_by_text("“<script>alert(1)</script>”")).to_be_visible()
    visit.mouse.click(5, 5)  # beside the box
    expect(visit.get_by_role("dialog")).to_have_count(0)


def test_a_tag_on_a_films_page_finds_the_films_that_have_it(page: Page, server: Server) -> None:
    """The demo set has none: this one is given to The Terminator and to Heat."""
    engine = open_engine(Settings(_env_file=None, data_dir=server.data_dir))
    tag = "cat & <mouse>"
    with engine.begin() as connection:
        add_tags(connection, {tag: {1240: 2, 6: 3}})
    try:
        page.goto(f"{server.address}/film?id=1240")
        chip = page.get_by_role("list", name="Tags").get_by_role("button", name=tag)
        chip.click()
        expect(_box(page)).to_have_value(tag)
        expect(_box(page)).to_be_focused()
        expect(_found(page).nth(0)).to_contain_text("Heat1995")
        expect(_found(page).nth(1)).to_contain_text("The Terminator1984")
        page.keyboard.press("Escape")
        expect(chip).to_be_focused()
        chip.press("Enter")
        expect(_found(page).nth(0)).to_contain_text("Heat1995")
        page.keyboard.press("Enter")
        expect(page).to_have_title("Heat (1995) · Five Films")
    finally:
        with engine.begin() as connection:
            connection.execute(text("DELETE FROM tags WHERE name = :tag"), {"tag": tag})
        engine.dispose()


def test_a_persons_page_is_found_by_name_and_from_a_films_page(page: Page, server: Server) -> None:
    """The demo set has no people: these are added to Heat, with a Russian title."""
    engine = open_engine(Settings(_env_file=None, data_dir=server.data_dir))
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO people (id, name) VALUES (520, 'Michael & <Mann>');"
                "INSERT INTO movie_people VALUES (6, 'director', 1, 520);"
                "INSERT INTO movie_titles VALUES (6, 'Схватка', '{RU}', '{}', 'ru')"
            )
        )
    try:
        page.goto(f"{server.address}/film?id=6")
        page.get_by_role("list", name="Director").get_by_role("link").click()
        expect(page).to_have_title("Michael & <Mann> · Five Films")
        page.locator(".card").get_by_role("link", name="Heat").click()
        expect(page).to_have_title("Heat (1995) · Five Films")
        page.keyboard.type("fheat")
        expect(_found(page).nth(0)).to_have_text("Heat1995 · Action, Crime, Thriller")
        _box(page).fill("michael mann")  # in no title, so the person comes first
        expect(_found(page).nth(0)).to_have_text("Michael & <Mann>Person · Films: 1")
        page.keyboard.press("Enter")
        expect(page).to_have_title("Michael & <Mann> · Five Films")
        page.get_by_role("button", name="Русский").click()
        expect(page.get_by_role("heading", name="Сначала любимые всеми")).to_be_visible()
        expect(page.locator("html")).to_have_attribute("lang", "ru")
        page.keyboard.type("fсхват")
        expect(_found(page).nth(0)).to_have_text("Схватка1995 · Боевик, криминал, триллер")
        page.keyboard.press("Enter")
        expect(page).to_have_title("Схватка (1995) · Five Films")
    finally:
        with engine.begin() as connection:
            connection.execute(text("TRUNCATE people, movie_people, movie_titles"))
        engine.dispose()


def test_a_search_that_fails_says_so(visit: Page) -> None:
    def refuse(route: Route) -> None:
        route.fulfill(status=503)

    visit.route("**/api/movies?*", refuse)
    visit.keyboard.type("fheat")
    expect(visit.get_by_text("Search is not available right now.")).to_be_visible()
    visit.unroute("**/api/movies?*")
    visit.keyboard.type(" 1995")
    expect(_found(visit).first).to_contain_text("Heat1995")


def test_before_streamlit_has_come(page: Page, server: Server) -> None:
    def stop(route: Route) -> None:
        route.abort()

    page.route("**/static/js/**", stop)
    page.goto(server.address)
    page.keyboard.type("fheat 1995")
    page.keyboard.press("Enter")
    expect(page).to_have_title("Heat (1995) · Five Films")
