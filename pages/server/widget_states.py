"""What a browser says of a widget counts only where it makes sense for that widget.

Streamlit takes any value for any widget, and fails where the value is used: in the widget itself or
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
    """Have states that make no sense left out from now on, as if the browser had not sent them."""
    WStates.set_widget_from_proto = _set_sound  # type: ignore[method-assign]
    WStates.__getitem__ = _get_sound  # type: ignore[method-assign]


def _set_sound(self: WStates, widget_state: WidgetState) -> None:
    """Keep what a browser sends, before callbacks look at it."""
    if _is_sound(self, widget_state):
        _set_from_proto(self, widget_state)


def _get_sound(self: WStates, key: str) -> Any:
    """The value of a widget; of a new one, a browser may have sent it before it was there."""
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
        if sent.WhichOneof("value") in (widget.value_type, None):  # None: it was emptied
            widget.deserializer(unpack_widget_state_value(sent))
            return True
    except Exception as error:  # whatever a widget makes of it
        logger.debug("a widget can't be %.100r: %s", sent.id, error)
    return False
