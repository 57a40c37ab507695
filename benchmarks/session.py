"""An open tab without a browser: Streamlit's protocol over its WebSocket.

A tab only takes a few kilobytes, so that measurements reflect the server.
"""

import json
import re
import time
from types import TracebackType

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect


class PageFailedError(RuntimeError):
    """The page showed an exception."""


class Session:
    """A tab with a page and its buttons.

    Parameters
    ----------
    address : str
        The URL of the server.
    cookies : str, optional
        The cookies of a logged-in browser; by default the person is a guest.
    page : str
        The path of the page.
    query : str
        The query string of the page.

    Attributes
    ----------
    titles : list of str
        The titles of the films whose cards are shown.
    alerts : list of str
        The warnings and errors of the last page run.
    seconds : float
        The duration of the last page run, from the request to its end.
    """

    def __init__(
        self, address: str, cookies: str | None = None, page: str = "", query: str = ""
    ) -> None:
        self._connecting = connect(
            address.replace("http", "ws", 1) + "/_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item]
            max_size=None,
            open_timeout=60,
            additional_headers={"Cookie": cookies} if cookies else None,
        )
        self._buttons: dict[str, tuple[str, str]] = {}
        self.titles: list[str] = []
        self.alerts: list[str] = []
        self._page, self._query = page, query
        self.seconds = 0.0

    def clear_cache(self) -> None:
        """Clear the server's `st.cache_data` for all sessions."""
        message = BackMsg()
        message.clear_cache = True
        self._socket.send(message.SerializeToString())
        self._run(BackMsg())  # wait for it by running the page again

    def click(self, label: str) -> None:
        """Click the button with this label, and wait for the page run to end."""
        message = BackMsg()
        button, message.rerun_script.fragment_id = self._buttons[label]
        state = WidgetState(id=button, trigger_value=True)
        message.rerun_script.widget_states.widgets.append(state)
        self._run(message)

    def has(self, label: str) -> bool:
        """Return whether the page has a button with this label."""
        return label in self._buttons

    def __enter__(self) -> "Session":
        self._socket = self._connecting.__enter__()
        self._run(BackMsg())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._connecting.__exit__(kind, error, traceback)

    def _run(self, message: BackMsg) -> None:
        message.rerun_script.page_name = self._page
        message.rerun_script.query_string = self._query
        began = time.perf_counter()
        failures: list[str] = []
        self._socket.send(message.SerializeToString())
        buttons: dict[str, tuple[str, str]] = {}
        titles: list[str] = []
        alerts: list[str] = []
        while True:
            told = ForwardMsg()
            told.ParseFromString(self._socket.recv(timeout=300, decode=False))
            kind = told.WhichOneof("type")
            if kind == "delta" and told.delta.WhichOneof("type") == "new_element":
                element = told.delta.new_element
                if element.WhichOneof("type") == "button":
                    buttons[element.button.label] = element.button.id, told.delta.fragment_id
                elif element.WhichOneof("type") == "bidi_component":
                    html = json.loads(element.bidi_component.json)["html"]
                    titles += re.findall(r'data-does="open">(.*?)</a>', html)
                elif element.WhichOneof("type") == "alert":
                    alerts.append(element.alert.body)
                elif element.WhichOneof("type") == "exception":
                    failures.append(element.exception.message)
            elif kind == "script_finished":
                if failures:
                    raise PageFailedError("; ".join(failures))
                # After a fragment run, the rest of the page stays as it was.
                self.seconds = time.perf_counter() - began
                self._buttons |= buttons
                self.titles = titles or self.titles
                self.alerts = alerts
                return
