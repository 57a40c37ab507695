"""The Account page in real browsers: a new password, leaving."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import log_in, register
from tests.serving import Server

pytestmark = pytest.mark.browser

PASSWORD, NEW = "a fine long sentence", "another fine sentence"


def _name(email: str) -> str:
    return email.partition("@")[0]


def _account(page: Page, email: str) -> None:
    page.get_by_role("link", name=_name(email), exact=True).first.click()
    expect(page.get_by_role("heading", name="Your profile")).to_be_visible()


def _open(page: Page, what: str) -> None:
    page.get_by_test_id("stExpander").get_by_text(what, exact=True).first.click()


def test_a_new_password_logs_the_other_browser_out(
    visit: Page, browser: Browser, server: Server
) -> None:
    email = register(visit, server)
    other = browser.new_page()
    other.goto(server.address)
    expect(other.get_by_role("heading", name="Five films for tonight")).to_be_visible()
    log_in(other, email, PASSWORD)
    expect(other.get_by_role("heading", name=f"Five films for {_name(email)}")).to_be_visible()

    _account(visit, email)
    _open(visit, "Change the password")
    visit.get_by_role("textbox", name="Current password").fill(PASSWORD)
    visit.get_by_role("textbox", name="New password", exact=True).fill(NEW)
    visit.get_by_role("textbox", name="Repeat the new password").fill(NEW)
    visit.get_by_test_id("stFormSubmitButton").get_by_text("Change the password").click()
    expect(visit.get_by_role("heading", name=f"Five films for {_name(email)}")).to_be_visible()

    other.get_by_role("button", name="Five more films").click()
    expect(other.get_by_role("heading", name="Five films for tonight")).to_be_visible()
    expect(other.get_by_role("link", name="Account", exact=True).first).to_be_visible()
    visit.reload()
    expect(visit.get_by_role("heading", name=f"Five films for {_name(email)}")).to_be_visible()
    other.close()


def _fields(page: Page) -> list[tuple[Any, ...]]:
    """What browsers are told of each field: label, type, name, purpose."""
    read = "(e) => [e.ariaLabel, e.type, e.name, e.autocomplete, e.autocapitalize, e.spellcheck]"
    return [tuple(each.evaluate(read)) for each in page.locator(".stForm .stTextInput input").all()]


def test_password_managers_and_phones_know_the_fields(visit: Page, server: Server) -> None:
    visit.goto(f"{server.address}/account")
    visit.locator("input[name=current-password]").wait_for()
    assert _fields(visit) == [
        ("Email", "email", "username", "username", "none", False),
        ("Password", "password", "current-password", "current-password", "none", False),
    ]
    expect(visit.get_by_text("test195@mail.com")).to_be_visible()
    expect(visit.locator("a[href^=mailto]")).to_have_count(0)

    visit.get_by_role("radio", name="Register").click()
    visit.locator("input[name=name]").wait_for()
    assert _fields(visit) == [
        ("Email", "email", "email", "email", "none", False),
        ("Name (optional)", "text", "name", "name", "", False),
        ("Password", "password", "new-password", "new-password", "none", False),
        ("Repeat the password", "password", "new-password", "new-password", "none", False),
    ]
    # All that is wrong is said at once, each below its field and as its description.
    visit.get_by_role("textbox", name="Email").fill("jane@mail")
    visit.get_by_role("textbox", name="Password", exact=True).fill("short")
    visit.get_by_role("textbox", name="Repeat the password").press("Enter")
    for label, wrong in (
        ("Email", "This is not an email address. It should look like name@example.org."),
        ("Password", "The password needs at least 8 characters."),
        ("Repeat the password", "The two passwords differ. Type the same one twice."),
    ):
        field = visit.get_by_role("textbox", name=label, exact=True)
        expect(field).to_have_accessible_description(wrong)
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(visit.get_by_role("alert").filter(has_text=wrong)).to_be_visible()
    expect(visit.locator("a[href^=mailto]")).to_have_count(0)

    email = f"{uuid4().hex[:8]}@mail.com"
    visit.get_by_role("textbox", name="Email").fill(email)
    visit.get_by_role("textbox", name="Password", exact=True).fill(PASSWORD)
    visit.get_by_role("textbox", name="Repeat the password").fill(PASSWORD)
    visit.keyboard.press("Enter")
    expect(visit.get_by_role("heading", name=f"Five films for {_name(email)}")).to_be_visible()

    _account(visit, email)
    _open(visit, "Change the password")
    _open(visit, "Delete my account")
    visit.locator(".st-key-leaving_password input[name]").wait_for()
    assert _fields(visit) == [
        ("Current password", "password", "current-password", "current-password", "none", False),
        ("New password", "password", "new-password", "new-password", "none", False),
        ("Repeat the new password", "password", "new-password", "new-password", "none", False),
        ("Type the word “delete”", "text", "", "off", "", True),
        ("Your password", "password", "current-password", "current-password", "none", False),
    ]
    whose = visit.locator("input[name=username][hidden]")
    expect(whose).to_have_count(2)
    assert {each.input_value() for each in whose.all()} == {email}

    visit.get_by_role("textbox", name="New password", exact=True).fill("short")
    visit.keyboard.press("Enter")
    expect(visit.get_by_text("That is not your current password.")).to_be_visible()
    visit.get_by_role("textbox", name="Your password").press("Enter")
    expect(visit.get_by_text("That is not the word “delete”")).to_be_visible()


def test_session_times_are_the_visitors(browser: Browser, server: Server) -> None:
    zone = "Pacific/Kiritimati"  # 14 hours ahead of UTC
    page = browser.new_page(timezone_id=zone)
    email = register(page, server)
    before = datetime.now(ZoneInfo(zone))
    _account(page, email)
    expect(page.get_by_text(f"Times are in your time zone ({zone}).")).to_be_visible()
    opened = page.get_by_test_id("stDataFrame").locator("[role=gridcell]").first
    hours = (f"{when:%Y-%m-%d %H:}" for when in (before - timedelta(minutes=5), before))
    expect(opened).to_have_text(re.compile("|".join(hours)))
    page.close()


def test_leaving(visit: Page, server: Server) -> None:
    email = register(visit, server)
    _account(visit, email)
    with visit.expect_download() as download:
        visit.get_by_text("Download what is known about me").click()
    assert email in download.value.path().read_text()

    _open(visit, "Delete my account")
    visit.get_by_role("textbox", name="Type the word “delete”").fill("delete")
    visit.get_by_role("textbox", name="Your password").fill(PASSWORD)
    visit.get_by_test_id("stFormSubmitButton").get_by_text("Delete my account").click()
    expect(visit.get_by_role("heading", name="Five films for tonight")).to_be_visible()
    assert "five_films_session" not in {cookie["name"] for cookie in visit.context.cookies()}
