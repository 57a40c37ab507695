"""Malformed messages to the running product cause no traceback and use little memory."""

import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import httpx
import psutil
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Common_pb2 import DoubleArray, StringArray
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from tests.serving import Server

pytestmark = pytest.mark.faults

PAGES = ("", "account", "by_genre", "my_films", "ratings", "map", "walkthrough")


@contextmanager
def _tab(server: Server, *subprotocols: str, cookie: str = "") -> Iterator[ClientConnection]:
    with connect(
        f"{server.address.replace('http', 'ws', 1)}/_stcore/stream",
        origin=Origin(server.address),
        subprotocols=[Subprotocol(each) for each in ("streamlit", *subprotocols)],
        additional_headers={"Cookie": cookie} if cookie else None,
        max_size=None,
    ) as page:
        yield page


def _run(page: ClientConnection, message: BackMsg) -> list[ForwardMsg]:
    """Send a message, and wait until the script has run."""
    page.send(message.SerializeToString())
    answers: list[ForwardMsg] = []
    while not answers or answers[-1].WhichOneof("type") != "script_finished":
        answers.append(ForwardMsg.FromString(page.recv(timeout=30, decode=False)))
    return answers


def _widgets(answers: Iterable[ForwardMsg]) -> set[str]:
    elements = [answer.delta.new_element for answer in answers if answer.HasField("delta")]
    kinds = [element.WhichOneof("type") for element in elements]
    return {
        getattr(getattr(element, kind), "id", "")
        for element, kind in zip(elements, kinds, strict=True)
        if kind is not None
    } - {""}


def _nonsense() -> Iterator[WidgetState]:
    """Yield a value of each kind, for a widget without a name."""
    for field in WidgetState.DESCRIPTOR.fields:
        sent = WidgetState()
        if field.message_type:
            getattr(sent, field.name).SetInParent()
        elif field.name != "id":
            values: dict[int, object] = {field.TYPE_BYTES: b"\xff", field.TYPE_STRING: '[{"'}
            values |= {field.TYPE_BOOL: True, field.TYPE_DOUBLE: float("nan")}
            setattr(sent, field.name, values.get(field.type, 2**40))
        if sent.WhichOneof("value"):
            yield sent
    for words in (["nonsense"], ["0", "1", "2"]):
        yield WidgetState(string_array_value=StringArray(data=words))
    for numbers in ([1e300], [-1.0, float("inf"), float("nan")]):
        yield WidgetState(double_array_value=DoubleArray(data=numbers))
    for text in ("nonsense", "{}", '{"selection": {"points": [{"customdata": 7}]}}'):
        yield WidgetState(string_value=text)
        yield WidgetState(json_trigger_value=text)


@pytest.mark.parametrize("page", PAGES)
def test_nonsensical_widget_values_cause_no_traceback(app: Server, page: str) -> None:
    before = len(app.log.read_text())
    asking = BackMsg(rerun_script=ClientState(page_name=page))
    with _tab(app) as tab:
        widgets = _widgets(_run(tab, asking))
        assert widgets
        for sent in _nonsense():
            message = BackMsg()
            message.CopyFrom(asking)
            for widget in widgets:
                sent.id = widget
                message.rerun_script.widget_states.widgets.add().CopyFrom(sent)
            _run(tab, message)
            with _tab(app) as new_tab:  # which has rendered nothing yet
                _run(new_tab, message)
    assert "Traceback" not in app.log.read_text()[before:]


def test_aborted_requests_cause_no_traceback(app: Server) -> None:
    before = len(app.log.read_text())
    with _tab(app) as tab:
        tab.send("text")
        with pytest.raises(ConnectionClosed):
            tab.recv(timeout=30)
    cookie, token = _xsrf(app)
    with _tab(app, token, cookie=cookie) as tab:
        session = _session(tab)
        for place, method in [
            (f"/_stcore/upload_file/{session}/a", "PUT"),
            ("/api/imports/preview", "POST"),
            ("/api/auth/login", "POST"),
        ]:
            with socket.create_connection(("127.0.0.1", app.port)) as wire:
                wire.sendall(
                    f"{method} {place} HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\n"
                    f"X-Xsrftoken: {token}\r\nContent-Length: 1000\r\n"
                    "Content-Type: multipart/form-data; boundary=B\r\n\r\n--B\r\n".encode()
                )
                time.sleep(0.2)
    time.sleep(0.5)
    assert "Traceback" not in app.log.read_text()[before:]


def test_a_tab_with_endless_uploads_uses_little_memory(app: Server) -> None:
    cookie, token = _xsrf(app)
    with _tab(app, token, cookie=cookie) as tab:
        session = _session(tab)
        before = psutil.Process(app.process.pid).memory_info().rss
        for _ in range(30):
            answer = httpx.put(
                f"{app.address}/_stcore/upload_file/{session}/{uuid4()}",
                files={"file": ("ratings.csv", b"x" * 9_000_000)},
                headers={"Cookie": cookie, "X-Xsrftoken": token},
            )
            assert answer.status_code == 204
        grown = psutil.Process(app.process.pid).memory_info().rss - before
    assert grown < 100 * 2**20


def _xsrf(app: Server) -> tuple[str, str]:
    """Return the cookie and the token that uploads need."""
    token = httpx.get(f"{app.address}/_stcore/health").cookies["_streamlit_xsrf"]
    return f"_streamlit_xsrf={token}", token


def _session(tab: ClientConnection) -> str:
    answers = _run(tab, BackMsg(rerun_script=ClientState()))
    (new,) = [answer.new_session for answer in answers if answer.HasField("new_session")]
    return new.initialize.session_id
