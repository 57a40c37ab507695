"""An open tab without a browser: Streamlit's own protocol over its websocket.

A few kilobytes each, so that what is measured is the server.
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
    """A page showed an exception."""


class Session:
    """A tab on a page; it knows the buttons that the page has.

    Parameters
    ----------
    address : str
    cookies : str, optional
        Of a browser that is logged in; a stranger's without.
    page, query : str
        What stands in the address when the tab is opened.

    Attributes
    ----------
    titles : list of str
        Of the films whose cards are shown.
    alerts : list of str
        Warnings and errors that the last run of the page showed.
    seconds : float
        What the last run of the page took, from asking for it to its end.
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
        """Let the server forget what `st.cache_data` keeps, for everybody."""
        message = BackMsg()
        message.clear_cache = True
        self._socket.send(message.SerializeToString())
        self._run(BackMsg())  # the same page again, so that it has been done

    def click(self, label: str) -> None:
        """Click the button that reads so, and wait until the page has been run."""
        message = BackMsg()
        button, message.rerun_script.fragment_id = self._buttons[label]
        state = WidgetState(id=button, trigger_value=True)
        message.rerun_script.widget_states.widgets.append(state)
        self._run(message)

    def has(self, label: str) -> bool:
        """Whether there is such a button."""
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
                # Of a fragment, the rest of the page stays as it was.
                self.seconds = time.perf_counter() - began
                self._buttons |= buttons
                self.titles = titles or self.titles
                self.alerts = alerts
                return
