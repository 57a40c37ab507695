"""The cards of a list, by keyboard and in another tab."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from config import Settings
from db.connection.engine import open_engine
from tests.browser.conftest import cards, titles
from tests.serving import Server

pytestmark = pytest.mark.browser


def test_all_of_a_card_is_reached_by_keyboard(visit: Page) -> None:
    first, second, *_ = titles(visit)
    cards(visit).first.focus()
    reached: list[str] = []
    while not reached or reached[-1] != second:
        reached.append(
            visit.evaluate(
                "document.activeElement.ariaLabel ?? document.activeElement.innerText.trim()"
            )
        )
        visit.keyboard.press("Tab")
    stars = [f"{number} of 5 stars" for number in range(1, 6)]
    marks = ["Not interested", "Seen it", "Watch later"]
    assert [reached[0], *reached[1:9]] == [first, *stars, *marks]
    assert reached[9].endswith("Why?")


def test_focus_stays_in_its_place_and_a_second_press_rates_nothing(visit: Page) -> None:
    first = titles(visit)[0]
    visit.get_by_role("button", name="Watch later").first.focus()
    visit.keyboard.press("Enter")
    expect(cards(visit).first).not_to_have_text(first)
    expect(cards(visit).first).to_be_focused()


def test_a_title_opens_in_another_tab(visit: Page) -> None:
    with visit.context.expect_page() as opened:
        cards(visit).first.click(modifiers=["Control"])
    expect(opened.value).to_have_url(re.compile(r"/film\?id=\d+$"))
    opened.value.close()


def test_a_title_opens_the_page_here(visit: Page) -> None:
    title = titles(visit)[1]
    cards(visit).nth(1).click()
    expect(visit.get_by_role("heading", name=title, exact=True)).to_be_focused()
    visit.go_back()
    expect(visit.get_by_role("heading", name="Five films for tonight")).to_be_visible()


def test_the_focus_waits_for_a_heading_that_is_not_there_yet(visit: Page) -> None:
    """For a moment Streamlit runs nothing, the old page is gone and the new one hasn't come."""
    visit.evaluate(
        """async () => {
            const nextFrame = () => new Promise(requestAnimationFrame);
            const heading = document.querySelector("[data-testid=stMain] h1");
            const title = document.querySelector(".card .title");
            const gap = document.createElement("div");
            title.focus();
            history.pushState(null, "", "/film");
            heading.replaceWith(gap);
            title.remove();
            for (let frame = 0; frame < 5; frame += 1) await nextFrame();
            gap.replaceWith(heading);
        }"""
    )
    expect(visit.get_by_role("heading", name="Five films for tonight")).to_be_focused()


def test_cards_fade_while_an_answer_is_late(visit: Page, server: Server) -> None:
    first = titles(visit)[0]
    fading = visit.locator(".st-key-five .late")
    engine = open_engine(Settings(_env_file=None, data_dir=server.data_dir))
    with engine.begin() as connection:
        connection.execute(text("LOCK TABLE movies"))
        visit.get_by_role("button", name="Watch later").first.click()
        expect(fading).to_be_visible()
    engine.dispose()
    expect(cards(visit).first).not_to_have_text(first)
    expect(fading).to_have_count(0)
