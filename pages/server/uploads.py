"""Limits on uploads in memory: how much, and for how long.

Streamlit keeps any number of files per browser tab, even those of closed tabs.
"""

import asyncio
from collections import Counter
from http import HTTPStatus
from typing import cast

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.runtime import Runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

MOST_FILES = 2
"""Of one tab; the oldest makes room for another. `maxUploadSize` bounds each."""
MOST_BYTES = 200 * 2**20
"""Of all tabs."""
SECONDS_AWAY = 30
"""How long a tab's files outlive its connection; up to twice that."""

_ADDRESS = "/_stcore/upload_file/"


class UploadsMiddleware:
    """Refuse files without room: 411, 429 or 503, with a text that says why."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._coming: Counter[str] = Counter()
        self._bytes_coming = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Make room for an upload, or refuse it."""
        if scope["type"] != "http" or not _is_upload(scope):
            await self._app(scope, receive, send)
            return
        session = str(scope["path"]).removeprefix(_ADDRESS).partition("/")[0]
        length = Headers(scope=scope).get("content-length", "")
        if not (length.isascii() and length.isdigit()):
            await _refuse(HTTPStatus.LENGTH_REQUIRED, "Say how long the file is (Content-Length).")(
                scope, receive, send
            )
            return
        size = int(length[:18])
        refusal = self._refusal(session, size)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        self._coming[session] += 1
        self._bytes_coming += size
        try:
            await self._app(scope, receive, send)
        finally:
            self._bytes_coming -= size
            self._coming[session] -= 1
            self._coming += Counter()  # without those that are 0

    def _refusal(self, session: str, size: int) -> PlainTextResponse | None:
        """Return why there is no room; None if there is."""
        store = _store()
        for oldest in list(store.file_storage.get(session, ())):
            if len(store.file_storage[session]) + self._coming[session] >= MOST_FILES:
                store.remove_file(session, oldest)
        if self._coming[session] >= MOST_FILES:
            return _refuse(
                HTTPStatus.TOO_MANY_REQUESTS, "Wait until your other files have been uploaded."
            )
        if _bytes_kept(store) + self._bytes_coming + size > MOST_BYTES:
            _forget(_without_tab())
            if _bytes_kept(store) + self._bytes_coming + size > MOST_BYTES:
                return _refuse(
                    HTTPStatus.SERVICE_UNAVAILABLE,
                    "Many people upload files just now. Try again in a minute.",
                )
        return None


async def forget_those_of_closed_tabs() -> None:
    """Every 30 seconds, forget files of tabs that have been disconnected for 30 seconds."""
    were_away: set[str] = set()
    while True:
        await asyncio.sleep(SECONDS_AWAY)
        are_away = _without_tab()
        _forget(are_away & were_away)
        were_away = are_away


def _is_upload(scope: Scope) -> bool:
    return scope["method"] == "PUT" and str(scope["path"]).startswith(_ADDRESS)


def _refuse(status: HTTPStatus, text: str) -> PlainTextResponse:
    return PlainTextResponse(text, status, {"retry-after": "60", "connection": "close"})


def _store() -> MemoryUploadedFileManager:
    return cast("MemoryUploadedFileManager", Runtime.instance().uploaded_file_mgr)


def _bytes_kept(store: MemoryUploadedFileManager) -> int:
    return sum(
        len(file.data) + len(file.name) + len(file.type)
        for files in list(store.file_storage.values())
        for file in list(files.values())
    )


def _without_tab() -> set[str]:
    """Return sessions that have files but no connected browser."""
    runtime = Runtime.instance()
    sessions = list(_store().file_storage)
    return {session for session in sessions if not runtime.is_active_session(session)}


def _forget(sessions: set[str]) -> None:
    for session in sessions:
        Runtime.instance().close_session(session)  # its widgets hold the files too
        _store().remove_session_files(session)
