"""What browsers may send over the WebSocket, as Streamlit takes it."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit.proto.BackMsg_pb2 import (
    BackendOperationRequest,
    BackMsg,
    DataframeChunkRequestPayload,
    InstallSkillsRequestPayload,
)
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Common_pb2 import FileURLsRequest, StringArray
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.state.common import WidgetMetadata
from streamlit.runtime.state.session_state import SessionState, WStates

from pages.server import widget_states
from pages.server.messages import MessagesMiddleware

WANTED = [
    BackMsg(rerun_script=ClientState(query_string="id=1")),
    BackMsg(stop_script=True),
    BackMsg(app_heartbeat=True),
    BackMsg(file_urls_request=FileURLsRequest(file_names=["ratings.csv"])),
    BackMsg(
        backend_operation_request=BackendOperationRequest(
            dataframe_chunk=DataframeChunkRequestPayload()
        )
    ),
]


async def _echo(websocket: WebSocket) -> None:
    await websocket.accept()
    with suppress(WebSocketDisconnect):
        while True:
            await websocket.send_bytes(await websocket.receive_bytes())


@pytest.fixture
def client() -> TestClient:
    routes = [WebSocketRoute("/", _echo)]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(MessagesMiddleware)]))


def test_what_our_pages_send_is_passed_on(client: TestClient) -> None:
    with client.websocket_connect("/") as page:
        for message in WANTED:
            page.send_bytes(message.SerializeToString())
            assert BackMsg.FromString(page.receive_bytes()) == message


def test_each_kind_of_message_that_streamlit_takes_has_been_looked_at() -> None:
    """A new one is dropped until a page needs it."""
    assert {kind.name for kind in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields} == {
        *("rerun_script", "stop_script", "app_heartbeat", "file_urls_request"),
        *("backend_operation_request", "clear_cache", "set_run_on_save", "load_git_info"),
        *("debug_disconnect_websocket", "debug_shutdown_runtime"),
    }
    operations = BackendOperationRequest.DESCRIPTOR.oneofs_by_name["payload"].fields
    assert {operation.name for operation in operations} == {
        *("deferred_file", "install_skills", "dismiss_skills_nudge", "dataframe_chunk")
    }


@pytest.mark.parametrize(
    "unwanted",
    [
        BackMsg(),
        BackMsg(clear_cache=True),
        BackMsg(debug_shutdown_runtime=True),
        BackMsg(
            backend_operation_request=BackendOperationRequest(
                install_skills=InstallSkillsRequestPayload()
            )
        ),
        BackMsg(file_urls_request=FileURLsRequest(file_names=["x"] * 11)),
    ],
)
def test_others_are_dropped(client: TestClient, unwanted: BackMsg) -> None:
    with client.websocket_connect("/") as page:
        page.send_bytes(unwanted.SerializeToString())
        page.send_bytes(WANTED[0].SerializeToString())
        assert BackMsg.FromString(page.receive_bytes()) == WANTED[0]


def test_one_that_cannot_be_read_closes_the_socket(client: TestClient) -> None:
    with client.websocket_connect("/") as page:
        page.send_bytes(b"\xff\xff")
        with pytest.raises(WebSocketDisconnect) as closed:
            page.receive_bytes()
    assert closed.value.code == 1007


@pytest.fixture
def _checked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("set_widget_from_proto", "__getitem__"):
        monkeypatch.setattr(WStates, name, getattr(WStates, name))  # put back at the end
    widget_states.check()


def _only_films(sent: StringArray | None, _key: str = "") -> list[str]:
    return [] if sent is None else [{"Ikiru": "Ikiru"}[each] for each in sent]


def _widget(deserializer: Callable[..., Any] = _only_films) -> WidgetMetadata[Any]:
    return WidgetMetadata(
        id="films",
        deserializer=deserializer,
        serializer=lambda value: value,
        value_type="string_array_value",
    )


@pytest.mark.usefixtures("_checked")
@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (WidgetState(id="films", string_array_value=StringArray(data=["Ikiru"])), ["Ikiru"]),
        (WidgetState(id="films"), []),  # emptied
        (WidgetState(id="films", string_array_value=StringArray(data=["none"])), None),
        (WidgetState(id="films", int_value=7), None),
        (WidgetState(id="films", json_value="{"), None),
    ],
)
@pytest.mark.parametrize("is_new", [True, False])
def test_a_value_that_makes_no_sense_is_as_if_not_sent(
    sent: WidgetState, kept: list[str] | None, is_new: bool
) -> None:
    """A widget that is new is met by the script after its value has come."""
    session = SessionState()
    states = session._new_widget_state
    if not is_new:
        states.set_widget_metadata(_widget())
    session.set_widgets_from_proto(WidgetStates(widgets=[sent]))
    states.set_widget_metadata(_widget())
    assert states.get("films") == kept
