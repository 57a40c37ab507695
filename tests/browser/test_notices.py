"""What a page says in Streamlit's place: no WebSocket comes about, a proxy refuses a file."""

from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.visitors import prefer
from tests.serving import Server

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("locale", "words"),
    [("en-GB", "can't connect to its server"), ("ru-RU", "не может соединиться с сервером")],
)
def test_a_page_without_a_websocket_says_what_to_look_at(
    page: Page, server: Server, locale: str, words: str
) -> None:
    prefer(page, locale)
    page.route_web_socket("**/_stcore/stream", lambda refused: refused.close())
    page.clock.install()
    page.goto(server.address)
    page.clock.fast_forward("00:10")
    notice = page.locator(".no-websocket")
    expect(notice).to_contain_text(words)
    expect(notice).to_contain_text("PUBLIC_URL")
    expect(notice).to_contain_text(server.address)


def test_a_page_with_one_says_nothing(page: Page, server: Server) -> None:
    page.clock.install()
    page.goto(server.address)
    expect(page.get_by_test_id("stMain").locator(".card")).to_have_count(5)
    page.clock.fast_forward("00:11")
    expect(page.locator(".no-websocket")).to_have_count(0)


def test_a_page_that_needs_none_says_nothing(page: Page, server: Server) -> None:
    page.clock.install()
    page.goto(f"{server.address}/nothing")
    page.clock.fast_forward("00:11")
    expect(page.get_by_role("heading", name="There is no page at this address")).to_be_visible()
    expect(page.locator(".no-websocket")).to_have_count(0)


@pytest.mark.parametrize(
    ("locale", "words", "close"),
    [
        ("en-GB", "rejects files of this size", "Close"),
        ("ru-RU", "слишком велик для прокси-сервера", "Закрыть"),
    ],
)
def test_an_upload_that_a_proxy_refuses_is_explained_until_the_next(
    page: Page, server: Server, locale: str, words: str, close: str
) -> None:
    file = FilePayload(name="ratings.csv", mimeType="text/csv", buffer=b"movieId,rating\n1,5\n")
    prefer(page, locale)
    page.route("**/_stcore/upload_file/**", lambda refused: refused.fulfill(status=413))
    page.goto(f"{server.address}/my_films?view=Import")
    chooser = page.get_by_test_id("stFileUploader").locator("input[type=file]")
    notice = page.get_by_role("alert").filter(has_text="client_max_body_size 11m")

    chooser.set_input_files(file)
    expect(notice).to_contain_text(words)
    notice.get_by_role("button", name=close).click()
    expect(notice).to_have_count(0)

    chooser.set_input_files(file)
    expect(notice).to_have_count(1)
    page.unroute("**/_stcore/upload_file/**")
    chooser.set_input_files(file)
    expect(notice).to_have_count(0)


def test_a_file_of_ten_megabytes_is_taken_and_a_larger_one_refused_before_it_is_sent(
    page: Page, server: Server, tmp_path: Path
) -> None:
    """So that a refusal by its size can only be a proxy's."""
    page.goto(f"{server.address}/my_films?view=Import")
    chooser = page.get_by_test_id("stFileUploader").locator("input[type=file]")

    def file(size: int) -> Path:
        file = tmp_path / f"{size}.csv"  # another name, or nothing has changed for Chromium
        file.write_bytes(b"movieId,rating,timestamp,note\n1,5,1000000000,".ljust(size, b"x"))
        return file

    chooser.set_input_files(file(10_000_000))
    expect(page.get_by_role("button", name="Import 1 rating")).to_be_visible()
    chooser.set_input_files(file(10_000_001))
    expect(page.get_by_text("File must be 10.0MB or smaller")).to_be_visible()
    expect(page.locator(".too-large")).to_have_count(0)
