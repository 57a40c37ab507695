"""The Account page in real browsers: a new password, leaving."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import arrive
from tests.browser.visitors import PASSWORD, let_in, newcomer
from tests.serving import Server

pytestmark = pytest.mark.browser

NEW = "another fine sentence"


def _name(email: str) -> str:
    return email.partition("@")[0]


def _account(page: Page, email: str) -> None:
    page.get_by_role("link", name=_name(email), exact=True).first.click()
    expect(page.get_by_role("heading", name="Your profile")).to_be_visible()


def _open(page: Page, what: str) -> None:
    page.get_by_test_id("stExpander").get_by_text(what, exact=True).first.click()


def test_a_new_password_logs_the_other_browser_out(
    page: Page, browser: Browser, server: Server
) -> None:
    email = newcomer(server)
    let_in(page, server, email)
    other = browser.new_page()
    let_in(other, server, email)
    arrive(other, server)
    expect(other.get_by_role("heading", name=f"Five films for {_name(email)}")).to_be_visible()

    page.goto(f"{server.address}/account")
    _open(page, "Change the password")
    page.get_by_role("textbox", name="Current password").fill(PASSWORD)
    page.get_by_role("textbox", name="New password", exact=True).fill(NEW)
    page.get_by_role("textbox", name="Repeat the new password").fill(NEW)
    page.get_by_test_id("stFormSubmitButton").get_by_text("Change the password").click()
    expect(page.get_by_role("heading", name=f"Five films for {_name(email)}")).to_be_visible()

    other.get_by_role("button", name="Five more films").click()
    expect(other.get_by_role("heading", name="Five films for tonight")).to_be_visible()
    expect(other.get_by_role("link", name="Account", exact=True).first).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name=f"Five films for {_name(email)}")).to_be_visible()
    other.close()


def _fields(page: Page) -> list[tuple[Any, ...]]:
    """What browsers are told of each field: label, type, name, purpose."""
    read = "(e) => [e.ariaLabel, e.type, e.name, e.autocomplete, e.autocapitalize, e.spellcheck]"
    return [tuple(each.evaluate(read)) for each in page.locator(".stForm .stTextInput input").all()]


def test_password_managers_and_phones_know_the_fields(page: Page, server: Server) -> None:
    page.goto(f"{server.address}/account")
    page.locator("input[name=current-password]").wait_for()
    assert _fields(page) == [
        ("Email", "email", "username", "username", "none", False),
        ("Password", "password", "current-password", "current-password", "none", False),
    ]
    expect(page.get_by_text("test195@mail.com")).to_be_visible()
    expect(page.locator("a[href^=mailto]")).to_have_count(0)

    page.get_by_role("radio", name="Register").click()
    page.locator("input[name=name]").wait_for()
    assert _fields(page) == [
        ("Email", "email", "email", "email", "none", False),
        ("Name (optional)", "text", "name", "name", "", False),
        ("Password", "password", "new-password", "new-password", "none", False),
        ("Repeat the password", "password", "new-password", "new-password", "none", False),
    ]
    # All that is wrong is said at once, each below its field and as its description.
    page.get_by_role("textbox", name="Email").fill("jane@mail")
    page.get_by_role("textbox", name="Password", exact=True).fill("short")
    page.get_by_role("textbox", name="Repeat the password").press("Enter")
    for label, wrong in (
        ("Email", "This is not an email address. It should look like name@example.org."),
        ("Password", "The password needs at least 8 characters."),
        ("Repeat the password", "The two passwords differ. Type the same one twice."),
    ):
        field = page.get_by_role("textbox", name=label, exact=True)
        expect(field).to_have_accessible_description(wrong)
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(page.get_by_role("alert").filter(has_text=wrong)).to_be_visible()
    expect(page.locator("a[href^=mailto]")).to_have_count(0)

    email = f"{uuid4().hex[:8]}@mail.com"
    page.get_by_role("textbox", name="Email").fill(email)
    page.get_by_role("textbox", name="Password", exact=True).fill(PASSWORD)
    page.get_by_role("textbox", name="Repeat the password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=f"Five films for {_name(email)}")).to_be_visible()

    _account(page, email)
    _open(page, "Change the password")
    _open(page, "Delete my account")
    page.locator(".st-key-leaving_password input[name]").wait_for()
    assert _fields(page) == [
        ("Current password", "password", "current-password", "current-password", "none", False),
        ("New password", "password", "new-password", "new-password", "none", False),
        ("Repeat the new password", "password", "new-password", "new-password", "none", False),
        ("Type the word “delete”", "text", "", "off", "", True),
        ("Your password", "password", "current-password", "current-password", "none", False),
    ]
    whose = page.locator("input[name=username][hidden]")
    expect(whose).to_have_count(2)
    assert {each.input_value() for each in whose.all()} == {email}

    page.get_by_role("textbox", name="New password", exact=True).fill("short")
    page.keyboard.press("Enter")
    expect(page.get_by_text("That is not your current password.")).to_be_visible()
    page.get_by_role("textbox", name="Your password").press("Enter")
    expect(page.get_by_text("That is not the word “delete”")).to_be_visible()


def test_session_times_are_the_visitors(page: Page, server: Server) -> None:
    zone = "Pacific/Kiritimati"  # 14 hours ahead of UTC
    tools = page.context.new_cdp_session(page)
    tools.send("Emulation.setTimezoneOverride", {"timezoneId": zone})
    let_in(page, server, newcomer(server))
    before = datetime.now(ZoneInfo(zone))
    page.goto(f"{server.address}/account")
    expect(page.get_by_text(f"Times are in your time zone ({zone}).")).to_be_visible()
    opened = page.get_by_test_id("stDataFrame").locator("[role=gridcell]").first
    hours = (f"{when:%Y-%m-%d %H:}" for when in (before - timedelta(minutes=5), before))
    expect(opened).to_have_text(re.compile("|".join(hours)))


def test_leaving(page: Page, server: Server) -> None:
    email = newcomer(server)
    let_in(page, server, email)
    page.goto(f"{server.address}/account")
    with page.expect_download() as download:
        page.get_by_text("Download what is known about me").click()
    assert email in download.value.path().read_text()

    _open(page, "Delete my account")
    page.get_by_role("textbox", name="Type the word “delete”").fill("delete")
    page.get_by_role("textbox", name="Your password").fill(PASSWORD)
    page.get_by_test_id("stFormSubmitButton").get_by_text("Delete my account").click()
    expect(page.get_by_role("heading", name="Five films for tonight")).to_be_visible()
    assert "five_films_session" not in {cookie["name"] for cookie in page.context.cookies()}
