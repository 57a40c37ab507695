"""How much of what people upload Streamlit keeps."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import streamlit
from httpx import Response
from starlette.middleware import Middleware
from starlette.testclient import TestClient
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from pages.server import uploads


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """Streamlit with a page that does nothing."""
    monkeypatch.setattr(Runtime, "_instance", None)
    page = tmp_path / "page.py"
    page.write_text("")
    app = streamlit.App(page, middleware=[Middleware(uploads.UploadsMiddleware)])
    with TestClient(app) as client:
        client.get("/_stcore/health")  # for its cookie
        yield client


@contextmanager
def _tab(client: TestClient) -> Iterator[str]:
    """A tab that is open; its session."""
    with client.websocket_connect("/_stcore/stream", subprotocols=["streamlit"]) as page:
        page.send_bytes(BackMsg(rerun_script=ClientState()).SerializeToString())
        session = ""
        while not session:
            message = ForwardMsg.FromString(page.receive_bytes())
            session = message.new_session.initialize.session_id
        yield session


def _upload(client: TestClient, session: str, name: str, size: int = 1000) -> Response:
    answer: Response = client.put(
        f"/_stcore/upload_file/{session}/{name}",
        files={"file": (name, b"x" * size)},
        headers={"X-Xsrftoken": client.cookies["_streamlit_xsrf"]},
    )
    return answer


def _kept() -> dict[str, list[str]]:
    store = Runtime.instance().uploaded_file_mgr
    assert isinstance(store, MemoryUploadedFileManager)
    return {session: list(files) for session, files in store.file_storage.items()}


def test_the_oldest_file_of_a_tab_makes_room(client: TestClient) -> None:
    with _tab(client) as session:
        for name in "abc":
            assert _upload(client, session, name).status_code == 204
        assert _kept() == {session: ["b", "c"]}


def test_all_tabs_share_what_there_is(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 5000)
    with _tab(client) as one:
        assert _upload(client, one, "a", 3000).status_code == 204
        with _tab(client) as another:
            refused = _upload(client, another, "b", 3000)
            assert (refused.status_code, refused.text) == (
                503,
                "Many people upload files just now. Try again in a minute.",
            )
    with _tab(client) as another:  # the first tab has been closed
        assert _upload(client, another, "b", 3000).status_code == 204
        assert _kept() == {another: ["b"]}


def test_files_of_closed_tabs_are_forgotten(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _tab(client) as closed:
        assert _upload(client, closed, "a").status_code == 204
    with _tab(client) as still_open:
        assert _upload(client, still_open, "b").status_code == 204
        assert set(_kept()) == {closed, still_open}
        monkeypatch.setattr(uploads, "SECONDS_AWAY", 0.05)
        assert client.portal is not None
        forgetting = client.portal.start_task_soon(uploads.forget_those_of_closed_tabs)
        until = time.monotonic() + 10
        while closed in _kept() and time.monotonic() < until:
            time.sleep(0.05)
        forgetting.cancel()
        assert _kept() == {still_open: ["b"]}


def test_who_has_no_tab_uploads_nothing(client: TestClient) -> None:
    assert _upload(client, "nobody", "a").status_code == 400
    assert _kept() == {}


def test_a_file_has_to_say_how_long_it_is(client: TestClient) -> None:
    with _tab(client) as session:
        answer = client.put(f"/_stcore/upload_file/{session}/a", content=iter([b"x"] * 10))
        assert answer.status_code == 411
