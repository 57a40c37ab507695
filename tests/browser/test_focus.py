"""Where the keyboard's focus is can be seen, on everything that takes it."""

from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE_MS
from tests.browser.visitors import let_in
from tests.serving import Server

pytestmark = pytest.mark.browser

LEAST_PX, LEAST_CONTRAST = 2, 3  # WCAG 2.2, 2.4.13 and 1.4.11

# What has the focus, and how wide its outline is and how well it stands out from what is around it;
# null for nothing. Inputs that aren't seen have theirs on what stands for them.
OUTLINE = """
() => {
    const pixel = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
    const channels = (colour) => {
        pixel.clearRect(0, 0, 1, 1);
        pixel.fillStyle = colour;
        pixel.fillRect(0, 0, 1, 1);
        return [...pixel.getImageData(0, 0, 1, 1).data];
    };
    const luminance = (colour) => channels(colour).slice(0, 3)
        .map((each) => each / 255)
        .map((each) => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)
        .reduce((sum, each, place) => sum + each * [0.2126, 0.7152, 0.0722][place], 0);
    const contrast = (one, other) => {
        const [lower, higher] = [luminance(one), luminance(other)].sort((a, b) => a - b);
        return (higher + 0.05) / (lower + 0.05);
    };
    const isSeen = (style, box) =>
        style.opacity !== "0" && style.clip === "auto" && style.clipPath === "none"
        && box.width > 2;
    const around = (element) => {
        for (let each = element; each; each = each.parentElement) {
            const colour = getComputedStyle(each).backgroundColor;
            if (channels(colour)[3] === 255) return colour;
        }
    };

    const active = document.activeElement;
    if (active === document.body) return null;
    const name = (active.ariaLabel || active.innerText || active.dataset.testid || "").trim();
    const what = `${active.tagName} ${active.closest("[data-testid]").dataset.testid} ${name}`;
    let each = active.matches("input") ? active.closest("[data-focus-visible]") ?? active
        : active.closest("[data-testid=stDataFrameResizable]") ?? active;
    for (let up = 0; each && up < 5; each = each.parentElement, up += 1) {
        const style = getComputedStyle(each);
        if (style.outlineStyle === "none" || !isSeen(style, each.getBoundingClientRect())) continue;
        const isWithin = parseFloat(style.outlineOffset) < 0;
        return [what, parseFloat(style.outlineWidth),
                contrast(style.outlineColor, around(isWithin ? each : each.parentElement))];
    }
    return [what, 0, 1];
}
"""


def _until_drawn(page: Page) -> None:
    """The menu and all elements are there; the script's end comes before most of them."""
    expect(page.locator("#first-sight")).to_have_count(0)
    expect(page.get_by_text("GroupLens").first).to_be_visible()
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_attached()
    expect(page.get_by_test_id("stTopNavLink").first).to_be_visible()
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)


def _badly_seen(page: Page, most: int = 120) -> list[str]:
    """What has the focus without being well seen to have it, on the way through the page."""
    bad: list[str] = []
    reached = 0
    for _ in range(most):
        page.keyboard.press("Tab")
        found = page.evaluate(OUTLINE)
        if found is None:
            break
        what, width, contrast = found
        if width < LEAST_PX or contrast < LEAST_CONTRAST:
            bad.append(f"{what}: {width} px, {contrast:.1f}")
        reached += 1
    assert reached > 12  # the pages' links alone are as many
    return bad


@pytest.mark.parametrize(
    ("scheme", "places"),
    [
        ("light", ["by_genre?genre=Western", "film?id=318", "my_films", "ratings?view=Films"]),
        ("dark", ["", "my_films?view=Import", "account"]),
    ],
)
def test_what_has_the_focus_is_well_seen(
    page: Page, server: Server, scheme: Literal["light", "dark"], places: list[str]
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{server.address}/account")
    expect(page.get_by_role("textbox", name="Password")).to_be_visible()
    _until_drawn(page)
    assert _badly_seen(page) == []
    let_in(page, server, "test195@mail.com")
    for place in places:
        page.goto(f"{server.address}/{place}")
        _until_drawn(page)
        assert _badly_seen(page) == []


def test_the_focus_on_a_table_stays_seen_once_it_is_on_a_cell(page: Page, server: Server) -> None:
    """A moment after the canvas has it, a cell inside it does, which nobody sees."""
    let_in(page, server, "test195@mail.com")
    page.goto(f"{server.address}/my_films")
    page.get_by_test_id("data-grid-canvas").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("canvas td:focus")).to_have_count(1)
    what, width, contrast = page.evaluate(OUTLINE)
    assert width >= LEAST_PX, what
    assert contrast >= LEAST_CONTRAST, what
