"""The Account page in real browsers: a new password, leaving."""

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
    expect(page.get_by_role("heading", name="Who am I")).to_be_visible()


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
    visit.get_by_role("textbox", name="Password now").fill(PASSWORD)
    visit.get_by_role("textbox", name="New password", exact=True).fill(NEW)
    visit.get_by_role("textbox", name="New password once more").fill(NEW)
    visit.get_by_test_id("stFormSubmitButton").get_by_text("Change the password").click()
    expect(visit.get_by_role("heading", name=f"Five films for {_name(email)}")).to_be_visible()

    other.get_by_role("button", name="Five more films").click()
    expect(other.get_by_role("heading", name="Five films for tonight")).to_be_visible()
    expect(other.get_by_role("link", name="Account", exact=True).first).to_be_visible()
    visit.reload()
    expect(visit.get_by_role("heading", name=f"Five films for {_name(email)}")).to_be_visible()
    other.close()


def test_leaving(visit: Page, server: Server) -> None:
    email = register(visit, server)
    _account(visit, email)
    with visit.expect_download() as download:
        visit.get_by_text("Download what is known about me").click()
    assert email in download.value.path().read_text()

    _open(visit, "Delete my account")
    visit.get_by_role("textbox", name="Type your email to confirm").fill(email)
    visit.get_by_test_id("stFormSubmitButton").get_by_text("Delete my account").click()
    expect(visit.get_by_role("heading", name="Five films for tonight")).to_be_visible()
    assert "five_films_session" not in {cookie["name"] for cookie in visit.context.cookies()}
