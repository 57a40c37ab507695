"""Widget states from browsers, checked before Streamlit uses them.

Streamlit accepts any value for any widget and fails where it is used: in the widget or
in our code, with a traceback in the log.
"""

import logging
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.state.common import unpack_widget_state_value
from streamlit.runtime.state.session_state import Serialized, WStates

logger = logging.getLogger("pages")

_set_from_proto = WStates.set_widget_from_proto
_get = WStates.__getitem__


def check() -> None:
    """Drop invalid states from now on, as if the browser had not sent them."""
    WStates.set_widget_from_proto = _set_sound  # type: ignore[method-assign]
    WStates.__getitem__ = _get_sound  # type: ignore[method-assign]


def _set_sound(self: WStates, widget_state: WidgetState) -> None:
    """Store what a browser sends, before callbacks read it."""
    if _is_sound(self, widget_state):
        _set_from_proto(self, widget_state)


def _get_sound(self: WStates, key: str) -> Any:
    """Return a widget's value, which a browser may have sent before the widget existed."""
    state = self.states.get(key)
    if isinstance(state, Serialized) and not _is_sound(self, state.value):
        del self.states[key]
        raise KeyError(key)
    return _get(self, key)


def _is_sound(states: WStates, sent: WidgetState) -> bool:
    widget = states.widget_metadata.get(sent.id)
    if widget is None:
        return True
    try:
        if sent.WhichOneof("value") in (widget.value_type, None):  # None: it was cleared
            widget.deserializer(unpack_widget_state_value(sent))
            return True
    except Exception as error:  # whatever a widget makes of it
        logger.debug("a widget can't be %.100r: %s", sent.id, error)
    return False
