"""A presenter plays the story from start to end."""

import re

import pytest
from playwright.sync_api import Page, expect

from pages.parts.walkthrough.steps import STEPS
from tests.serving import Server

pytestmark = [pytest.mark.browser, pytest.mark.data_layer]


def test_all_ten_steps(page: Page, server: Server) -> None:
    page.goto(f"{server.address}/walkthrough?step=1")
    main = page.get_by_test_id("stMain")
    shown = {
        1: main.locator(".card .title").first,
        2: main.get_by_text("Typed: sci fi"),
        3: main.get_by_text("There is no genre “Westren”"),
        4: main.get_by_text("New here: the five are popular ones"),
        5: main.get_by_text("The ratings are in the database"),
        6: main.get_by_text(re.compile(r"New: [1-5] of 5")),
        7: main.get_by_text("Sum of the parts"),
        8: main.get_by_text("Known to us"),
        9: main.get_by_text("All charts, to look into").first,
        10: main.get_by_text("The map, to search and to click in").first,
    }
    for number, step in STEPS.items():
        expect(main.get_by_role("heading", name=f"{number} of 10: {step.heading}")).to_be_visible()
        main.get_by_role("button", name=step.button, exact=True).click()
        expect(shown[number]).to_be_visible()
        if number < 10:
            main.get_by_role("button", name="Next", exact=True).click()
            expect(page).to_have_url(re.compile(rf"step={number + 1}\b"))
    main.get_by_role("button", name="Reset", exact=True).click()
    expect(main.get_by_text("is removed, with its 3 ratings")).to_be_visible()
    expect(main.get_by_role("heading", name="1 of 10")).to_be_visible()


def test_a_click_on_the_map_opens_the_film(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 1280, "height": 1200})  # the whole map is in sight
    page.goto(f"{server.address}/map")
    expect(page.locator(".js-plotly-plot .legend")).to_be_visible()
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
