"""Limits of a connection, tested on uvicorn over a socket."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from api import connections

Ask = Callable[..., bytes]


async def _length(request: Request) -> PlainTextResponse:
    try:
        return PlainTextResponse(str(len(await request.body())))
    except ClientDisconnect:
        return PlainTextResponse("nobody waits for this")


async def _headers(request: Request) -> PlainTextResponse:
    await request.body()
    return PlainTextResponse(f"{sorted(request.headers)}")


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ask]:
    """Yield a function that sends pieces of a request at an interval and returns the response."""
    monkeypatch.setattr(connections, "SECONDS_FOR_HEADERS", 0.5)
    monkeypatch.setattr(connections, "SECONDS_FOR_BODY_BYTES", 0.5)
    routes = [
        Route("/", _length, methods=["GET", "POST"]),
        Route("/headers", _headers, methods=["POST"]),
    ]
    config = uvicorn.Config(
        Starlette(routes=routes), log_config=None, http=connections.Http, ws=connections.WebSocket
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()

        def _ask(*pieces: bytes, apart: float = 0.0) -> bytes:
            with socket.create_connection(listener.getsockname()[:2], timeout=5) as wire:
                with suppress(ConnectionError):
                    for piece in pieces:
                        wire.sendall(piece)
                        time.sleep(apart)
                answer = b""
                with suppress(ConnectionError):
                    while block := wire.recv(65536):
                        answer += block
                return answer

        yield _ask
        server.should_exit = True
        thread.join()


def _with_headers(*headers: str) -> bytes:
    return "\r\n".join(["GET / HTTP/1.1", *headers, "Connection: close", "", ""]).encode()


def _post(length: int, path: str = "/") -> bytes:
    return (
        f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    ).encode()


def _status(answer: bytes) -> str:
    return answer.partition(b"\r\n")[0].decode().removeprefix("HTTP/1.1 ")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (["X: " + "a" * 31_000], "200 OK"),
        (["X: " + "a" * 33_000], "431 Request Header Fields Too Large"),
        (["X: a"] * 99, "200 OK"),
        (["X: a"] * 100, "431 Request Header Fields Too Large"),
    ],
)
def test_headers_are_limited(ask: Ask, headers: list[str], status: str) -> None:
    assert _status(ask(_with_headers(*headers))) == status


def test_the_url_counts_as_a_header(ask: Ask) -> None:
    assert _status(ask(b"GET /" + b"a" * 33_000 + b" HTTP/1.1\r\n\r\n")).startswith("431")


@pytest.mark.parametrize("pieces", [(), (b"GE",), (b"GET / HTTP/1.1\r\n", b"X: a\r\n" * 2)])
def test_headers_must_arrive_in_time(ask: Ask, pieces: tuple[bytes, ...]) -> None:
    assert _status(ask(*pieces, apart=0.3)) == "408 Request Timeout"


def test_a_slow_body_is_accepted_while_it_keeps_arriving(ask: Ask) -> None:
    pieces = [b"a" * 12_000] * 4
    assert ask(_post(48_000), *pieces, apart=0.4).endswith(b"48000")
    assert _status(ask(_post(48_000), *[b"a" * 100] * 4, apart=0.4)) == "408 Request Timeout"


def test_a_connection_may_idle_between_requests(ask: Ask) -> None:
    first = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    assert ask(first, _with_headers("Host: x"), apart=1).count(b"200 OK") == 2


def test_trailers_are_not_headers(ask: Ask) -> None:
    answer = ask(
        b"POST /headers HTTP/1.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n",
        b"2\r\n{}\r\n0\r\nAuthorization: Bearer x\r\n\r\n",
    )
    assert answer.endswith(b"['connection', 'transfer-encoding']")


def test_a_client_that_disconnects_causes_no_traceback(
    ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    ask(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 1000)
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.parametrize("header", ["X: " + "a" * 9000, "Cookie: " + "a" * 9000])
def test_a_handshake_with_too_long_a_line_is_refused(
    ask: Ask, header: str, caplog: pytest.LogCaptureFixture
) -> None:
    handshake = (
        "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        f"{header}\r\n\r\n"
    )
    assert _status(ask(handshake.encode())).startswith("431")
    assert not [record for record in caplog.records if record.exc_info]
