"""The documentation of the handles in a real browser: complete by itself, and of use."""

import json
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Page, Request, expect

from tests.serving import Server

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("place", "shown"), [("docs", "Give Rec Genre"), ("redoc", "Who Am I")])
def test_nothing_comes_from_another_host(
    page: Page, server: Server, place: str, shown: str
) -> None:
    complaints: list[str] = []
    strangers: list[str] = []

    def note_complaint(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    def note_stranger(request: Request) -> None:
        if not request.url.startswith((f"{server.address}/", "data:", f"blob:{server.address}/")):
            strangers.append(request.url)

    page.on("console", note_complaint)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", note_stranger)
    page.goto(f"{server.address}/{place}")
    expect(page.get_by_text(shown).last).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert page.url == f"{server.address}/api/{place}"
    assert strangers == []
    assert complaints == []


def _try_out(page: Page, handle: str, **typed: str) -> tuple[str, Any]:
    """Send a handle's request from its panel; the status and the JSON that are shown."""
    panel = page.locator(".opblock").filter(
        has=page.locator(f".opblock-summary-path[data-path='{handle}']")
    )
    if not panel.locator(".opblock-body").is_visible():
        panel.locator(".opblock-summary-control").click()
        panel.get_by_role("button", name="Try it out").click()
    for name, value in typed.items():
        panel.locator(f"tr[data-param-name='{name}'] input").fill(value)
    with page.expect_response(lambda answer: f"/api{handle}" in answer.url) as waited:
        panel.get_by_role("button", name="Execute").click()
    status = str(waited.value.status)
    shown = panel.locator(".live-responses-table .response").first
    expect(shown.locator(".response-col_status")).to_contain_text(status)
    words = shown.locator(".response-col_description .highlight-code code").first
    expect(words).to_contain_text("}")
    return status, json.loads(words.inner_text())


def test_somebody_logs_in_and_tries_the_handles(page: Page, server: Server) -> None:
    page.goto(f"{server.address}/docs")
    page.get_by_role("button", name="Authorize").first.click()
    form = page.locator(".auth-container")
    form.get_by_label("username").fill("test195@mail.com")
    form.get_by_label("password").fill("test")
    form.locator("button.authorize").click()
    expect(form.get_by_text("Authorized", exact=True)).to_be_visible()
    form.get_by_role("button", name="Close").click()

    assert _try_out(page, "/who-am-i")[1]["email"] == "test195@mail.com"

    status, mine = _try_out(page, "/give-rec")
    assert (status, mine["kind"], len(mine["items"])) == ("200", "known", 5)

    status, films = _try_out(page, "/give-rec-genre", genre="action")
    assert (status, films["kind"], len(films["items"])) == ("200", "known", 5)
    assert all("Action" in film["genres"] for film in films["items"])

    status, refusal = _try_out(page, "/give-rec-genre", genre="nonsense")
    assert status == "404"
    assert refusal["detail"].startswith("there is no genre 'nonsense'")
    assert "Action" in refusal["available_genres"]
