"""Attacks on connections: requests over the limits, and messages that no page sends."""

import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import (
    BackendOperationRequest,
    BackMsg,
    InstallSkillsRequestPayload,
)
from streamlit.proto.Common_pb2 import FileURLsRequest

from tests.attacks.target import Target, anywhere, attack

MOST_SENT = 20 * 2**20
"""A server that accepts more than this of one request buffers it in memory."""
HEADER = b"X-A: " + b"a" * 60_000 + b"\r\n"


@attack("Endless headers", asvs="13.1.1", expected="431, within a few hundred kilobytes")
def _(target: Target) -> None:
    one = b"X-A: " + b"a" * MOST_SENT
    for headers in ([HEADER] * 400, [b"a:b\r\n" * 4000] * 1000, [one]):
        answer = _flood(target, [b"GET /api/genres HTTP/1.1\r\nHost: x\r\n", *headers])
        assert answer.startswith(b"HTTP/1.1 431"), answer[:100]


@attack("Endless headers after a body", asvs="13.1.1", expected="the connection is closed")
def _(target: Target) -> None:
    start = (
        b"POST /api/what-if HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n"
    )
    _flood(target, [start, *[HEADER] * 400])


@attack("A thousand requests before the first response", asvs="11.1.4", expected="a few at a time")
def _(target: Target) -> None:
    answer = target.raw(b"GET /api/genres HTTP/1.1\r\nHost: x\r\n\r\n" * 1000)
    assert answer.count(b"HTTP/1.1 200") < 100


@attack("Endless requests from one address", asvs="11.1.4", expected="429", is_slow=True)
def _(target: Target) -> None:
    here = anywhere()
    asking = f"GET /api/give-rec HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {here}\r\n\r\n".encode()
    with _connect(target) as wire:
        for _ in range(1500):
            wire.sendall(asking * 10)
            answers = b""
            while answers.count(b"HTTP/1.1 ") < 10:
                answers += wire.recv(65536)
            if b"HTTP/1.1 429" in answers:
                break
        else:
            raise AssertionError("15,000 requests in a row were answered")
    refused = target.ask("GET", "/api/genres", headers={"X-Forwarded-For": here})
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    elsewhere = target.ask("GET", "/api/genres", headers={"X-Forwarded-For": anywhere()})
    assert elsewhere.status_code == 200


@attack("A request that never ends", asvs="11.1.4", expected="408 after 20 s", is_slow=True)
def _(target: Target) -> None:
    for start in (b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-A: a", _BODY_OF_WHICH_ONE_BYTE_COMES):
        with _connect(target) as wire:
            wire.settimeout(40)
            wire.sendall(start)
            assert b"HTTP/1.1 408" in wire.recv(1000)


_BODY_OF_WHICH_ONE_BYTE_COMES = (
    b"POST /api/what-if HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    b"Content-Length: 2\r\n\r\n{"
)


@attack("A thousand requests that never end", asvs="11.1.4", expected="another request is answered")
def _(target: Target) -> None:
    wires = [_connect(target) for _ in range(600)]
    try:
        for wire in wires:
            wire.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-A: a")
        assert target.ask("GET", "/api/genres").status_code == 200
        assert b"HTTP/1.1 408" in wires[0].recv(1000)
    finally:
        for wire in wires:
            wire.close()


@attack("Dozens of files of ratings that never end", asvs="12.1.1", expected="503")
def _(target: Target) -> None:
    start = (
        b"POST /api/imports HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Content-Length: 8388608\r\n\r\n["
    )
    wires = [_connect(target) for _ in range(20)]
    try:
        for wire in wires:
            wire.sendall(start)
        assert b"HTTP/1.1 503" in wires[-1].recv(1000)
    finally:
        for wire in wires:
            wire.close()
    asked: dict[str, object] = {}
    assert target.ask("POST", "/api/imports", target.token(), json=asked).status_code == 422


@attack("An endless message on a WebSocket", asvs="13.1.1", expected="the socket is closed")
def _(target: Target) -> None:
    empty = frame(0, b"", is_last=False) * 10_000
    for piece in (empty, frame(0, b"x" * 60_000, is_last=False)):
        with open_page(target) as page:
            page.sendall(frame(2, b"", is_last=False))
            assert _send_until_closed(page, [piece] * 20) or page.recv(1) in (b"", b"\x88")
    with open_page(target) as page:
        page.sendall(b"\x82\xff" + (2**40).to_bytes(8, "big") + bytes(4))  # the announced length
        assert page.recv(100)[:1] == b"\x88"


@attack("Pings whose answers aren't read", asvs="13.1.1", expected="the socket is closed")
def _(target: Target) -> None:
    with open_page(target) as page:
        assert _send_until_closed(page, [frame(9, b"x" * 125) * 500] * 600)


@attack("A message that empties everybody's caches", asvs="4.1.1", expected="it is dropped")
def _(target: Target) -> None:
    for unwanted in UNWANTED:
        with open_page(target) as page:
            page.sendall(frame(2, unwanted.SerializeToString()) + frame(9, b"here"))
            assert page.recv(100) == b"\x8a\x04here"  # only the answer to the ping


UNWANTED = [
    BackMsg(clear_cache=True),
    BackMsg(set_run_on_save=True),
    BackMsg(load_git_info=True),
    BackMsg(debug_disconnect_websocket=True),
    BackMsg(debug_shutdown_runtime=True),
    BackMsg(
        backend_operation_request=BackendOperationRequest(
            install_skills=InstallSkillsRequestPayload()
        )
    ),
    BackMsg(file_urls_request=FileURLsRequest(file_names=["x"] * 100_000)),
    BackMsg(),
]


@attack("Unreadable messages", asvs="5.1.3", expected="the socket is closed")
def _(target: Target) -> None:
    for opcode, data in [(1, b"text"), (1, b"\xff"), (2, b"\xff\xff"), (2, b"\x22\xff")]:
        with open_page(target) as page:
            page.sendall(frame(opcode, data))
            assert page.recv(100)[:1] == b"\x88"


def open_page(target: Target, *subprotocols: str, cookie: str = "") -> socket.socket:
    """Open a page's WebSocket as a browser does."""
    page = _connect(target)
    page.sendall(
        (
            f"GET /_stcore/stream HTTP/1.1\r\nHost: {urlsplit(target.address).netloc}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            f"Sec-WebSocket-Protocol: {', '.join(('streamlit', *subprotocols))}\r\n"
            f"Cookie: {cookie}\r\nOrigin: {target.address}\r\n\r\n"
        ).encode()
    )
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        answer += page.recv(1)
    assert answer.startswith(b"HTTP/1.1 101"), answer
    return page


def frame(opcode: int, data: bytes, *, is_last: bool = True) -> bytes:
    """Build a WebSocket frame as browsers send it, masked with zeros."""
    start = bytes([opcode | (0x80 if is_last else 0)])
    if len(data) < 126:
        length = bytes([0x80 | len(data)])
    elif len(data) < 2**16:
        length = b"\xfe" + len(data).to_bytes(2, "big")
    else:
        length = b"\xff" + len(data).to_bytes(8, "big")
    return start + length + bytes(4) + data


def _connect(target: Target) -> socket.socket:
    place = urlsplit(target.address)
    return socket.create_connection((place.hostname or "", place.port or 80), timeout=10)


def _flood(target: Target, pieces: Iterable[bytes]) -> bytes:
    """Send too much, and return the response; fail if everything is accepted."""
    with _connect(target) as wire:
        assert _send_until_closed(wire, pieces)
        try:
            return wire.recv(1000)
        except ConnectionError:
            return b""  # it was closed before the response was read


def _send_until_closed(wire: socket.socket, pieces: Iterable[bytes]) -> bool:
    try:
        for piece in pieces:
            wire.sendall(piece)
    except ConnectionError:
        return True
    except TimeoutError:
        pass
    return False
