"""Saying what one thinks, asking why, bringing ratings along."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, arrive, cards, register, titles
from tests.browser.visitors import let_in
from tests.serving import Server

pytestmark = pytest.mark.browser


def test_a_mark_takes_the_film_off_and_undo_brings_it_back(visit: Page) -> None:
    before = titles(visit)
    for mark in ("Not interested", "Seen it", "Watch later"):
        visit.get_by_role("button", name=mark).first.click()
        expect(cards(visit).first).not_to_have_text(before[0])
        assert before[0] not in titles(visit), mark
        visit.get_by_role("button", name="Undo").click()
        expect(cards(visit)).to_have_text(before)


def _said(page: Page) -> Locator:
    """Where screen readers hear what has changed."""
    return page.get_by_role("status").and_(page.locator(".announcer"))


def test_what_changes_is_announced_and_the_focus_stays_near(visit: Page, server: Server) -> None:
    first, second, *_ = titles(visit)
    visit.get_by_role("button", name="4 of 5 stars").first.press("Enter")
    expect(_said(visit)).to_have_text(
        re.compile(rf"^You rated {re.escape(first)}.* 4 out of 5 stars.$")
    )
    expect(cards(visit).first).to_be_focused()
    visit.get_by_role("button", name="Undo").press("Enter")
    expect(_said(visit)).to_have_text(re.compile(rf"^Undone: {re.escape(first)}"))
    visit.get_by_role("button", name="Five more films").press("Enter")
    expect(_said(visit)).to_have_text("Films 6 to 10 of the list.")
    expect(visit.get_by_role("button", name="Five more films")).to_be_focused()
    visit.get_by_role("button", name="Previous five").press("Enter")
    expect(_said(visit)).to_have_text("Films 1 to 5 of the list.")
    expect(visit.get_by_role("button", name="Previous five")).to_have_count(0)
    expect(visit.get_by_role("button", name="Five more films")).to_be_focused()
    assert titles(visit)[:2] == [first, second]

    for _ in range(2):
        marked = titles(visit)[0]
        visit.get_by_role("button", name="Watch later").first.press("Enter")
        expect(_said(visit)).to_have_text(re.compile(f"^Watch later: {re.escape(marked)}"))
        expect(cards(visit).first).to_be_focused()
    visit.goto(f"{server.address}/my_films?view=Lists")
    links = visit.get_by_test_id("stMain").get_by_test_id("stPageLink").get_by_role("link")
    expect(links).to_have_count(2)
    left = links.nth(1)
    visit.get_by_role("button", name="Remove").first.press("Enter")
    expect(_said(visit)).to_have_text(re.compile("^Removed: "))
    expect(links).to_have_count(1)
    expect(left.or_(links.first)).to_be_focused()
    links.first.press("Enter")
    expect(visit.get_by_text("Your answer: Watch later")).to_be_visible()
    visit.get_by_role("button", name="Clear my answer").press("Enter")
    expect(visit.get_by_text("Rate this film")).to_be_visible()
    expect(visit.get_by_role("radio", name="1 out of 5 stars")).to_be_focused()


def test_on_a_phone_what_was_said_is_in_sight_and_moves_nothing(visit: Page) -> None:
    visit.set_viewport_size(PHONE)
    before = titles(visit)
    visit.locator(".card").nth(3).scroll_into_view_if_needed()
    # Those of the first row: below it cards stand by how much is said in the row above them.
    places = [each.bounding_box() for each in visit.locator(".card .poster").all()[:2]]
    visit.locator(".card").nth(3).get_by_role("button", name="4 of 5 stars").click()
    expect(cards(visit)).not_to_have_text(before)
    expect(visit.get_by_text(f"You gave {before[3]}")).to_be_in_viewport()
    expect(visit.get_by_role("button", name="Undo")).to_be_in_viewport()
    # The browser keeps them in place while the words above take fewer lines, to a pixel.
    now = [each.bounding_box() for each in visit.locator(".card .poster").all()[:2]]
    assert now == [pytest.approx(place, abs=1) for place in places]


def test_guest_ratings_outlive_a_reload_and_go_to_the_account(visit: Page, server: Server) -> None:
    first = titles(visit)[0]
    visit.get_by_role("button", name="Watch later").first.click()
    expect(cards(visit).first).not_to_have_text(first)
    visit.reload()
    expect(cards(visit).first).to_be_visible()
    assert first not in titles(visit)

    register(visit, server)
    visit.goto(f"{server.address}/my_films?view=Lists")
    expect(visit.get_by_role("heading", name="Watch later (1)")).to_be_visible()
    expect(visit.get_by_test_id("stMain").get_by_role("link", name=first)).to_be_visible()


def test_why_and_what_if_on_a_phone(page: Page, server: Server) -> None:
    let_in(page, server, "test195@mail.com")
    arrive(page, server)
    expect(page.get_by_role("heading", name="Five films for Test 195")).to_be_visible()
    five = titles(page)
    page.set_viewport_size(PHONE)
    page.get_by_role("button", name="Why?").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Your five are:")).to_be_visible()

    chart = dialog.locator(".js-plotly-plot").bounding_box()
    parts = dialog.locator(".bartext, .annotation-text").all()
    assert chart is not None
    assert len(parts) > 10
    for part in parts:
        box = part.bounding_box()
        assert box is not None
        assert chart["x"] <= box["x"], part.text_content()
        assert box["x"] + box["width"] <= chart["x"] + chart["width"], part.text_content()
    dialog.get_by_test_id("stCheckbox").first.click()
    expect(dialog.get_by_text("Your five would be:")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert titles(page) == five


def test_a_link_with_filters_shows_the_same(visit: Page, server: Server) -> None:
    visit.get_by_role("button", name="Filters").click()
    visit.get_by_test_id("stButtonGroup").get_by_text("Western", exact=True).click()
    for place in range(5):  # the cards change one after the other
        expect(visit.locator(".st-key-five .genres").nth(place)).to_contain_text("Western")
    western = titles(visit)
    assert "genre=Western" in visit.url
    visit.goto("about:blank")
    visit.goto(f"{server.address}/?genre=Western")
    expect(cards(visit)).to_have_text(western)


def test_a_rating_is_changed_in_the_table(page: Page, server: Server) -> None:
    let_in(page, server, "test24@mail.com")
    page.goto(f"{server.address}/my_films")
    table = page.get_by_test_id("stDataFrame")
    rows = table.locator("[role=row]")
    expect(rows.nth(2)).to_be_attached()  # the canvas is drawn, then its rows are told
    before = rows.count()
    box = table.bounding_box()
    assert box is not None
    chosen = table.locator("[role=gridcell][aria-selected=true]")
    page.mouse.click(box["x"] + 60, box["y"] + 52)  # the first row's film, then by keyboard
    for column in range(2, 7):  # to the box in its last column, a step at a time
        page.keyboard.press("ArrowRight")
        expect(chosen).to_have_attribute("aria-colindex", str(column))
    page.keyboard.press("Space")
    expect(page.get_by_text("Your answer for")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    expect(rows).to_have_count(before)


def test_bringing_ratings_along(page: Page, server: Server, tmp_path: Path) -> None:
    file = tmp_path / "ratings.csv"
    file.write_text(
        "Date,Name,Year,Letterboxd URI,Rating\n"
        "2024-01-02,The Matrix,1999,https://boxd.it/1,5\n"
        "2024-01-03,Alien,1979,https://boxd.it/2,4.5\n"
        "2024-01-04,No Such Film,1999,https://boxd.it/3,1\n"
    )
    page.goto(f"{server.address}/my_films?view=Import")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Import 2 ratings").click()
    expect(page.get_by_text("Ratings added: 2")).to_be_visible()
    page.goto(server.address)
    expect(page.get_by_text("Based on the 2 films you have rated here")).to_be_visible()
