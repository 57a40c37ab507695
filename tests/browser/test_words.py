"""Other people's words in a browser: no address in them is a link, no table is run."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from config import Settings
from db.connection.engine import open_engine
from tests.browser.conftest import arrive
from tests.browser.visitors import let_in, newcomer
from tests.serving import Server

pytestmark = pytest.mark.browser

FILM = 1_900_000_001
TITLES = [
    "www.evil.example",
    "http://evil.example/x and me@evil.example",
    "[x](http://evil.example)",
]


@pytest.fixture
def films(server: Server) -> Iterator[None]:
    """Films that are called like addresses, with the numbers from `FILM` on."""
    engine = open_engine(Settings(_env_file=None, data_dir=server.data_dir))
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO movies (id, title, year) VALUES (:id, :title, 1999)"),
            [{"id": FILM + place, "title": title} for place, title in enumerate(TITLES)],
        )
    yield
    with engine.begin() as connection:
        for table in ("events", "marks", "ratings"):
            connection.execute(text(f"DELETE FROM {table} WHERE movie_id >= :id"), {"id": FILM})
        connection.execute(text("DELETE FROM movies WHERE id >= :id"), {"id": FILM})
    engine.dispose()


def _no_link_leads_there(page: Page) -> None:
    for link in page.locator("a").all():
        address = link.get_attribute("href") or ""
        assert "evil.example" not in address, address


@pytest.mark.usefixtures("films")
@pytest.mark.parametrize("place", range(len(TITLES)))
def test_a_title_is_no_link(page: Page, server: Server, place: int) -> None:
    let_in(page, server, newcomer(server))
    page.goto(f"{server.address}/film?id={FILM + place}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("evil.example")
    _no_link_leads_there(page)
    page.get_by_role("button", name="Watch later").first.click()
    expect(page.get_by_text("is on your list to watch later")).to_be_visible()
    _no_link_leads_there(page)

    page.goto(f"{server.address}/my_films?view=Lists")
    expect(page.get_by_role("link", name="evil").first).to_be_visible()
    _no_link_leads_there(page)
    page.get_by_role("button", name="Find a film").click()
    page.get_by_role("combobox", name="Title, person, year or tag").fill("evil example")
    expect(page.get_by_role("dialog").get_by_role("option").first).to_be_visible()
    _no_link_leads_there(page)


@pytest.mark.parametrize("name", ["www.evil.example", "http://evil.example", "x@evil.example"])
def test_a_name_is_no_link(page: Page, server: Server, name: str) -> None:
    let_in(page, server, newcomer(server, name=name))
    arrive(page, server)
    expect(page.get_by_role("heading", level=1)).to_contain_text("evil")
    _no_link_leads_there(page)
    page.goto(f"{server.address}/account")
    expect(page.get_by_role("heading", name="Your profile")).to_be_visible()
    _no_link_leads_there(page)


def test_a_table_has_no_download_of_its_own(page: Page, server: Server) -> None:
    """Streamlit writes cells as they are, and a spreadsheet runs what begins with =."""
    let_in(page, server, newcomer(server))
    arrive(page, server)
    page.get_by_role("button", name="5 of 5 stars").first.click()
    expect(page.get_by_text("Based on what you liked")).to_be_visible()
    page.goto(f"{server.address}/my_films")
    table = page.get_by_test_id("stDataFrame")
    expect(table).to_be_visible()
    table.hover()
    buttons = page.get_by_test_id("stElementToolbar").get_by_role("button")
    expect(buttons.and_(page.get_by_label("Search"))).to_be_visible()
    expect(buttons.and_(page.get_by_label("Download as CSV"))).to_have_count(0)
    expect(page.locator("a[href='/download/five-films-ratings.csv']")).to_be_visible()
