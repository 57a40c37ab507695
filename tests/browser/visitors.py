"""Visitors as a test needs them, without the forms that lead there: those have tests of their own.

To log in or to register by hand loads three pages.
"""

from uuid import uuid4

import httpx
from playwright.sync_api import Page

from accounts import sessions
from accounts.sessions import VISITOR_COOKIE
from config import Settings
from db.connection.engine import open_engine
from db.queries import users
from tests.serving import Server

PASSWORD = "a fine long sentence"


def newcomer(server: Server, **given: str) -> str:
    """Register somebody; the email."""
    email = f"{uuid4().hex[:8]}@mail.com"
    wish = {"email": email, "password": PASSWORD} | given
    httpx.post(f"{server.address}/api/auth/register", json=wish).raise_for_status()
    return email


def let_in(page: Page, server: Server, email: str) -> None:
    """Log this page's browser in, with a ticket, as the form does; the page stays as it is."""
    browser = page.context
    browser.request.get(server.address, headers={"accept": "text/html"})
    cookies = {each["name"]: each["value"] for each in browser.cookies(server.address)}
    engine = open_engine(Settings(_env_file=None, data_dir=server.data_dir))
    with engine.connect() as connection:
        user = users.by_email(connection, email)
    assert user is not None
    ticket = sessions.create_ticket(
        engine, sessions.open_session(engine, user, 1), cookies[VISITOR_COOKIE]
    )
    engine.dispose()
    answer = browser.request.get(f"{server.address}/auth/session?ticket={ticket}", max_redirects=0)
    assert answer.headers["location"] == "/"


def prefer(page: Page, language: str) -> None:
    """Have this page ask for a language, as a browser that is set to it does."""
    tools = page.context.new_cdp_session(page)
    agent = page.evaluate("navigator.userAgent")
    tools.send("Emulation.setUserAgentOverride", {"userAgent": agent, "acceptLanguage": language})
