"""Uvicorn's protocols with limits on the size and time of requests.

With httptools, uvicorn limits neither the headers of a request nor the time it may take. Its
WebSockets limit the size of a message, but not the number of its fragments.
"""

import asyncio
from http import HTTPStatus
from itertools import chain
from typing import Any, ClassVar

from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame

MOST_HEADER_BYTES = 32 * 1024
"""In one request, including its URL."""
MOST_HEADERS = 100
SECONDS_FOR_HEADERS = 20
SECONDS_FOR_BODY_BYTES = 20
LEAST_BODY_BYTES = 10 * 1024
"""How much of a body must arrive every `SECONDS_FOR_BODY_BYTES`."""
MOST_INCOMPLETE = 256
"""How many requests may be incomplete at once; beyond that, the oldest is closed."""
MOST_PIPELINED = 16
"""How many requests may wait on one connection for earlier responses."""
MOST_MESSAGE_BYTES = 2**20
"""In one message on a WebSocket."""
MOST_FRAGMENTS = 128

_MOST_LINE = 8000  # the longest line that websockets reads
_TOO_LARGE = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE


class _RefusedError(Exception):
    """Signal to stop parsing; the status to refuse with has been stored."""


class Http(HttpToolsProtocol):
    """HTTP/1.1 with limits: 431 for headers that are too large, 408 for slow requests."""

    _incomplete: ClassVar[dict["Http", None]] = {}  # oldest first

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._bytes_without_progress = 0
        self._body_bytes = 0
        self._is_in_body = False
        self._is_complete = False
        self._timer: asyncio.TimerHandle | None = None
        self._refusal: HTTPStatus | None = None
        self._answering: RequestResponseCycle | None = None  # uvicorn only knows the last one

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start waiting for a request."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._give_up()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse the data, unless it exceeds the limits."""
        self._bytes_without_progress += len(data)
        super().data_received(data)
        if self.transport.is_closing() or self.transport.get_protocol() is not self:
            return
        if self._is_complete:
            self._wait_no_longer()
        elif self._bytes_without_progress > MOST_HEADER_BYTES or self._has_many_headers():
            self._refuse(_TOO_LARGE)
        elif self._timer is None:
            self._wait()

    def on_message_begin(self) -> None:
        """Reset the state for a new request."""
        self._is_complete = self._is_in_body = False
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Start the response, unless the request exceeds the limits."""
        size = len(self.url) + sum(map(len, chain.from_iterable(self.headers)))
        if size > MOST_HEADER_BYTES or self._has_many_headers():
            self._stop(_TOO_LARGE)
        if len(self.pipeline) >= MOST_PIPELINED:
            self._stop(HTTPStatus.TOO_MANY_REQUESTS)
        self._bytes_without_progress = self._body_bytes = 0
        self._is_in_body = True
        self._wait_no_longer()
        self.scope["headers"] = list(self.headers)  # without trailers, which follow the body
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Count a piece of the body."""
        self._bytes_without_progress = 0
        self._body_bytes += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Note that the request is complete."""
        self._bytes_without_progress = 0
        self._is_complete = True
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """Hand the connection over, unless a header is too long for websockets."""
        self._wait_no_longer()
        if any(len(name) + len(value) > _MOST_LINE for name, value in self.headers):
            self._refuse(_TOO_LARGE)
        else:
            super().handle_websocket_upgrade()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the client gets no details
        """Refuse a request that is malformed or over a limit, and close the connection."""
        self._refuse(self._refusal or HTTPStatus.BAD_REQUEST)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._answering = cycle
        super()._start_asgi_task(cycle, app)

    def _has_many_headers(self) -> bool:
        return len(self.headers or ()) > MOST_HEADERS

    def _stop(self, status: HTTPStatus) -> None:
        self._refusal = status
        raise _RefusedError

    def _refuse(self, status: HTTPStatus) -> None:
        """Send the status, unless another response is in progress, and close the connection."""
        cycle = self._answering
        is_under_way = cycle and cycle.response_started and not cycle.response_complete
        if not is_under_way and not self.pipeline:
            text = status.phrase.encode()
            self.transport.write(
                b"HTTP/1.1 %d %s\r\ncontent-type: text/plain; charset=utf-8\r\n"
                b"content-length: %d\r\nconnection: close\r\n\r\n%s"
                % (status, text, len(text), text)
            )
        self._give_up()
        self.transport.close()

    def _give_up(self) -> None:
        self._wait_no_longer()
        if self._answering is not None:  # it would write to a closed connection
            self._answering.disconnected = True
            self._answering.message_event.set()

    def _wait(self) -> None:
        seconds = SECONDS_FOR_BODY_BYTES if self._is_in_body else SECONDS_FOR_HEADERS
        self._timer = self.loop.call_later(seconds, self._is_late)
        self._incomplete[self] = None
        if len(self._incomplete) > MOST_INCOMPLETE:
            next(iter(self._incomplete))._refuse(HTTPStatus.REQUEST_TIMEOUT)

    def _wait_no_longer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            self._incomplete.pop(self, None)

    def _is_late(self) -> None:
        if self._is_in_body and (self.flow.read_paused or self._body_bytes >= LEAST_BODY_BYTES):
            self._body_bytes = 0
            self._wait()
        else:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)


class WebSocket(WebSocketsSansIOProtocol):
    """A WebSocket for binary messages, whose client must read what it is sent."""

    def handle_text(self, event: Frame) -> None:  # noqa: ARG002 - any text is refused
        """Refuse text, on which Streamlit raises an error."""
        self._fail(1003, "binary messages only")

    def handle_cont(self, event: Frame) -> None:
        """Accept a message's next fragment; empty ones cost memory too."""
        if len(self.frames) >= MOST_FRAGMENTS:
            self._fail(1009, "too many fragments")
        elif self.frames:
            super().handle_cont(event)

    def handle_ping(self) -> None:
        """Answer the ping, unless the client doesn't read the answers."""
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.transport.abort()

    def handle_parser_exception(self) -> None:
        """Close the connection; after a malformed handshake there is no close code to send."""
        if self.conn.close_sent is None:
            self.transport.abort()
        else:
            super().handle_parser_exception()

    def _fail(self, code: int, reason: str) -> None:
        if self.close_sent:
            return
        self.frames = []
        self.conn.fail(code, reason)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = self.disconnected = True  # drop whatever Streamlit still sends
        self.transport.close()

    def keepalive_timeout(self) -> None:
        """Close the connection of a browser that doesn't answer pings."""
        super().keepalive_timeout()
        self.disconnected = self.close_sent
