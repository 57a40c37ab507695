"""A presenter plays the story from start to end."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from pages.walkthrough.steps import STEPS
from tests.browser.conftest import PATIENCE_MS
from tests.serving import Server

pytestmark = [pytest.mark.browser, pytest.mark.data_layer]


def test_a_clicker_goes_through_all_steps(context: BrowserContext, server: Server) -> None:
    """Page Down does what the step does, then goes on; the notes follow in another window."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{server.address}/walkthrough?step=1")
    main = page.get_by_test_id("stMain")
    with context.expect_page() as opened:
        main.get_by_role("link", name="Speaker notes").click()
    notes = opened.value.get_by_test_id("stMain")
    shown = {
        1: main.locator(".card .title").first,
        2: main.get_by_text("Typed: sci fi"),
        3: main.get_by_text("There is no genre “Westren”"),
        4: main.get_by_text("New here: the five are popular ones"),
        5: main.get_by_text("The ratings are in the database"),
        6: main.get_by_text(re.compile(r"New: [1-5] of 5")),
        7: main.get_by_text("Sum of the parts"),
        8: main.get_by_text("Has rated films: the five are personal"),
        9: main.get_by_text("All charts, to explore").first,
        10: main.get_by_text("The map, to search and explore").first,
        11: main.get_by_text("If you love"),
    }
    for number, step in STEPS.items():
        heading = f"{number} of {len(STEPS)}: {step.heading}"
        expect(main.get_by_role("heading", name=heading)).to_be_visible()
        page.keyboard.press("PageDown")
        expect(shown[number]).to_be_visible()
        if number == 3:
            expect(notes.get_by_text(step.notes.partition(".")[0])).to_be_visible()
        if number == 6:
            page.reload()
            expect(shown[number]).to_be_visible()
        if number == 8:
            page.reload()  # and the key comes before the buttons do
        if number < len(STEPS):
            page.keyboard.press("ArrowRight")
            expect(page).to_have_url(re.compile(rf"step={number + 1}\b"))
    field = main.get_by_role("textbox", name="Film 1")
    field.fill("toy")
    field.press("Space")
    expect(field).to_have_value("toy ")
    field.press("Enter")
    expect(shown[11]).to_be_hidden()
    opened.value.keyboard.press("PageUp")  # the notes' window has the clicker too
    expect(main.get_by_role("heading", name=f"10 of {len(STEPS)}")).to_be_visible()
    main.get_by_role("button", name="Reset", exact=True).click()
    expect(main.get_by_text("with its 3 ratings and its session")).to_be_visible()
    expect(main.get_by_role("heading", name=f"1 of {len(STEPS)}")).to_be_visible()


def test_a_click_on_the_map_opens_the_film(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 1280, "height": 1200})  # the whole map is in sight
    page.goto(f"{server.address}/map")
    expect(page.locator(".legend")).to_be_visible()
    expect(page.locator(".js-plotly-plot .annotation").first).to_be_visible()
    # The largest mark that stands alone: Plotly's own scales tell where it is.
    place = page.evaluate(
        """() => {
            const plot = document.querySelector('.js-plotly-plot');
            const {xaxis, yaxis} = plot._fullLayout;
            const at = plot.getBoundingClientRect();
            const films = plot._fullData.filter(trace => trace.customdata);
            const marks = films.flatMap(trace => Array.from(trace.x, (x, i) => ({
                x: xaxis.l2p(x), y: yaxis.l2p(trace.y[i]),
                size: trace.marker.size[i], film: trace.customdata[i]})));
            const alone = marks.filter(a => marks.every(
                b => b.film === a.film || Math.hypot(a.x - b.x, a.y - b.y) > 30));
            const best = alone.reduce((a, b) => (b.size > a.size ? b : a));
            return {x: at.x + xaxis._offset + best.x,
                    y: at.y + yaxis._offset + best.y, film: best.film};
        }"""
    )
    page.mouse.move(place["x"], place["y"])
    expect(page.locator(".hoverlayer .hovertext")).to_be_visible()
    page.mouse.click(place["x"], place["y"])
    expect(page).to_have_url(re.compile(rf"/film\?id={place['film']}\b"))
