"""An open tab without a browser: Streamlit's own protocol over its websocket.

A few kilobytes each, so that what is measured is the server.
"""

from types import TracebackType

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect


class Session:
    """A tab on a page; it knows the buttons that the page has."""

    def __init__(self, address: str) -> None:
        self._connecting = connect(
            address.replace("http", "ws", 1) + "/_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item]
            max_size=None,
            open_timeout=60,
        )
        self._buttons: dict[str, str] = {}
        self.titles: list[str] = []

    def click(self, label: str) -> None:
        """Click the button that reads so, and wait until the page has been run."""
        message = BackMsg()
        state = WidgetState(id=self._buttons[label], trigger_value=True)
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
        message.rerun_script.SetInParent()
        self._socket.send(message.SerializeToString())
        buttons: dict[str, str] = {}
        titles: list[str] = []
        while True:
            told = ForwardMsg()
            told.ParseFromString(self._socket.recv(timeout=60, decode=False))
            kind = told.WhichOneof("type")
            if kind == "delta" and told.delta.WhichOneof("type") == "new_element":
                element = told.delta.new_element
                if element.WhichOneof("type") == "button":
                    buttons[element.button.label] = element.button.id
                elif element.WhichOneof("type") == "page_link":
                    titles.append(element.page_link.label)
            elif kind == "script_finished":
                # Of a fragment, the rest of the page stays as it was.
                self._buttons |= buttons
                self.titles = titles or self.titles
                return
