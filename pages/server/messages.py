"""Messages that browsers may send over the WebSocket: those that our pages send.

Streamlit also accepts messages that clear everybody's caches, write files or shut it down, and
logs a traceback for each that it can't read.
"""

import logging

from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

logger = logging.getLogger("pages")

WANTED = {"rerun_script", "stop_script", "file_urls_request", "app_heartbeat"}
_WANTED_OPERATIONS = frozenset({"dataframe_chunk", "deferred_file"})
_MOST_FILES = 10
_NO_SENSE = 1007


class MessagesMiddleware:
    """Pass on to Streamlit only what our pages send."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Drop messages that no page of ours sends; close the socket for an unreadable one."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        is_closed = False

        async def receive_wanted() -> Message:
            nonlocal is_closed
            while True:
                message = await receive()
                if message["type"] != "websocket.receive":
                    return message
                try:
                    sent = BackMsg.FromString(message.get("bytes") or b"")
                except DecodeError:
                    logger.debug("a message that can't be read: the WebSocket is closed")
                    await send({"type": "websocket.close", "code": _NO_SENSE})
                    is_closed = True
                    return {"type": "websocket.disconnect", "code": _NO_SENSE}
                if _is_wanted(sent):
                    return message
                logger.debug("a message that no page sends: %s", sent.WhichOneof("type"))

        async def send_if_open(message: Message) -> None:
            if not is_closed:
                await send(message)

        await self._app(scope, receive_wanted, send_if_open)


def _is_wanted(sent: BackMsg) -> bool:
    kind = sent.WhichOneof("type")
    if kind == "backend_operation_request":
        return sent.backend_operation_request.WhichOneof("payload") in _WANTED_OPERATIONS
    if kind == "file_urls_request":
        return len(sent.file_urls_request.file_names) <= _MOST_FILES
    return kind in WANTED
