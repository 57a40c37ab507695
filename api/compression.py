"""Compression of Streamlit's own files, each once: Streamlit sends them uncompressed."""

import gzip
import mimetypes
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock
from typing import Any

import brotli
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

_PREFIX = "/static/"
_COMPRESSED = frozenset({".css", ".js", ".json", ".svg", ".txt"})
_A_YEAR = b"public, immutable, max-age=31536000"  # as Streamlit does; the names contain hashes

# Brotli at level 5 takes a quarter of a second for all files of a first visit; level 11 takes 8 s
# and saves a tenth.
_WAYS: Mapping[str, Callable[[bytes], bytes]] = {
    "br": lambda content: brotli.compress(content, quality=5),
    "gzip": lambda content: gzip.compress(content, 9, mtime=0),
}


class CompressedFilesMiddleware:
    """Middleware that serves the files below /static/ compressed, and caches them in memory.

    Parameters
    ----------
    app : ASGIApp
    folder : Path
        The folder that Streamlit serves at /.
    """

    def __init__(self, app: ASGIApp, *, folder: Path) -> None:
        self._app = app
        self._folder = folder.resolve()
        self._lock = Lock()
        self._made: dict[tuple[str, str], bytes] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a compressed file, or pass the request on."""
        way = _wanted(scope)
        path = str(scope.get("path"))
        body = None
        if way is not None:
            body = self._made.get((path, way))
            if body is None:
                body = await run_in_threadpool(self._make, path, way)
        if way is None or body is None:
            await self._app(scope, receive, send)
            return
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        sent = [
            (b"content-type", kind.encode()),
            (b"content-encoding", way.encode()),
            (b"content-length", b"%d" % len(body)),
            (b"cache-control", _A_YEAR),
            (b"vary", b"Accept-Encoding"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": sent})
        content = body if scope["method"] == "GET" else b""
        await send({"type": "http.response.body", "body": content})

    def _make(self, path: str, way: str) -> bytes | None:
        """Compress a file; None if the folder has no file of this name."""
        try:
            file = (self._folder / path.lstrip("/")).resolve()
            is_ours = file.is_relative_to(self._folder / _PREFIX.strip("/")) and file.is_file()
        except (OSError, ValueError):  # a name that no file can have
            is_ours = False
        if not is_ours:
            return None
        with self._lock:  # many browsers ask for the same files at the same time
            if (path, way) not in self._made:
                self._made[path, way] = _WAYS[way](file.read_bytes())
            return self._made[path, way]


def _wanted(scope: Scope) -> str | None:
    """Return the encoding to use; None if the request isn't for a file to compress."""
    if scope["type"] != "http" or not scope["path"].startswith(_PREFIX):
        return None
    if scope["method"] not in {"GET", "HEAD"} or Path(scope["path"]).suffix not in _COMPRESSED:
        return None
    headers = Headers(scope=scope)
    return None if "range" in headers else accepted(headers.get("accept-encoding", ""))


class CachedFiles(StaticFiles):
    """Our static files, which browsers may cache for a day."""

    def file_response(self, *arguments: Any, **options: Any) -> Response:
        """Add Cache-Control to Starlette's response."""
        answer = super().file_response(*arguments, **options)
        answer.headers["cache-control"] = "public, max-age=86400"
        return answer


def accepted(accept_encoding: str) -> str | None:
    """Choose the best encoding that a browser accepts.

    Parameters
    ----------
    accept_encoding : str
        The header's value (RFC 9110, 12.5.3).

    Returns
    -------
    str or None
        "br", "gzip", or None for no encoding.
    """
    is_taken = {}
    for each in accept_encoding.split(","):
        name, _, weight = each.strip().partition(";")
        is_refused = weight.replace(" ", "") in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
        is_taken[name.strip().lower()] = not is_refused
    others = is_taken.get("*", False)
    return next((way for way in _WAYS if is_taken.get(way, others)), None)


def compress(content: bytes, way: str) -> bytes:
    """Encode content in one of the encodings that `accepted` returns."""
    return _WAYS[way](content)
