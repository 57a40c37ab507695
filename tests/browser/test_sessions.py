"""Sessions that end while a page is open, in a browser: fragments and dialogs run alone there."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, text

from config import Settings
from db.connection.engine import open_engine
from db.queries import users
from db.queries.locks import training_lock
from tests.browser.conftest import arrive, cards, titles
from tests.browser.visitors import let_in, newcomer
from tests.serving import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def engine(server: Server) -> Iterator[Engine]:
    """The product's database."""
    engine = open_engine(Settings(data_dir=server.data_dir, _env_file=None))
    yield engine
    engine.dispose()


def _end_session(engine: Engine, email: str) -> None:
    with engine.begin() as connection:
        connection.execute(
            text("DELETE FROM sessions USING users WHERE user_id = users.id AND email = :email"),
            {"email": email},
        )


def _is_a_stranger(page: Page) -> None:
    expect(page.get_by_text("You have been logged out.")).to_be_visible()
    expect(page.get_by_role("heading", name="Five films for tonight")).to_be_visible()


def test_a_dialog_closes(page: Page, server: Server, engine: Engine) -> None:
    email = newcomer(server)
    let_in(page, server, email)
    arrive(page, server)
    rated = titles(page)[0]
    page.get_by_role("button", name="5 of 5 stars").first.click()
    expect(page.get_by_text("Based on what you liked")).to_be_visible()
    expect(cards(page).first).not_to_have_text(rated)  # the films come after the words
    page.get_by_role("button", name="Why?").first.click()
    expect(page.get_by_text("What if you hadn't liked")).to_be_visible()
    _end_session(engine, email)

    page.get_by_role("dialog").locator("label").first.click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    _is_a_stranger(page)


def test_a_card_rates_for_nobody(page: Page, server: Server, engine: Engine) -> None:
    email = newcomer(server)
    let_in(page, server, email)
    arrive(page, server)
    before = titles(page)
    _end_session(engine, email)

    page.get_by_role("button", name="5 of 5 stars").first.click()
    _is_a_stranger(page)
    assert titles(page) == before  # nobody has rated the first of them
    expect(cards(page)).to_have_count(5)


def test_what_runs_by_itself_stops(page: Page, server: Server, engine: Engine) -> None:
    email = newcomer(server)
    let_in(page, server, email)
    with engine.begin() as connection:
        user = users.by_email(connection, email)
        assert user is not None
        users.set_role(connection, user.id, "admin")
    with training_lock(engine, "the command line"):
        page.goto(f"{server.address}/operations?show=Models")
        expect(page.get_by_text("Only the app that started it knows its progress.")).to_be_visible()
        with engine.begin() as connection:
            users.set_role(connection, user.id, "user")
        expect(
            page.get_by_role("heading", name="This page needs an administrator's account")
        ).to_be_visible()
