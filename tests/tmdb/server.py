"""A server on a real socket that answers as TMDb does, or fails in a way that a test asks for."""

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from config import Settings
from tests.tmdb.answers import BARE, JPEG, NOT_FOUND, PNG, SEVEN, WRONG_KEY

TOKEN = "the-key-of-this-test"


@dataclass
class Answer:
    """What to send instead of the right answer; `hangs` sends nothing until the server stops."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    hangs: bool = False


class Tmdb:
    """TMDb: its films by number, its pictures by path, and what it was asked.

    Attributes
    ----------
    films : dict of int to dict
        The answers for each film.
    of_imdb : dict of str to int
        The films' numbers by those of IMDb.
    images : dict of str to bytes
        By path.
    faults : list of Answer
        Sent first, each once; then the right answers.
    asked : list of str
        The paths of all requests, with their queries.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.films: dict[int, dict[str, Any]] = {SEVEN["id"]: SEVEN, 9008: BARE}
        self.of_imdb = {"tt0000007": 9007}
        self.images = {
            "/posterSevenEn.jpg": JPEG,
            "/posterSevenRu.png": PNG,
            "/backSeven.jpg": JPEG,
        }
        self.faults: list[Answer] = []
        self.asked: list[str] = []
        self.tokens: list[str | None] = []
        self.stopping = threading.Event()

    @property
    def api(self) -> str:
        """The address of the API."""
        return f"{self.address}/3"

    @property
    def pictures(self) -> str:
        """The address of the pictures."""
        return f"{self.address}/t/p"

    def answer(self, path: str, token: str | None) -> Answer:
        """Return the answer to a request."""
        self.asked.append(path)
        self.tokens.append(token)
        if self.faults:
            return self.faults.pop(0)
        parts = urlsplit(path)
        query = parse_qs(parts.query)
        match parts.path.split("/")[1:]:
            case ["t", "p", _, name]:
                body = self.images.get(f"/{name}")
                return Answer(404) if body is None else Answer(200, body)
            case _ if token != f"Bearer {TOKEN}":
                return self._json(WRONG_KEY, 401)
            case ["3", "find", number] if query == {"external_source": ["imdb_id"]}:
                found = self.of_imdb.get(number)
                return self._json({"movie_results": [{"id": found}] if found else []})
            case ["3", "movie", number] if int(number) in self.films:
                film = dict(self.films[int(number)])
                appended = query["append_to_response"][0].split(",")
                for name in ("videos", "images", "watch/providers", "translations"):
                    if name not in appended:
                        film.pop(name, None)
                return self._json(film)
        return self._json(NOT_FOUND, 404)

    @staticmethod
    def _json(value: object, status: int = 200) -> Answer:
        return Answer(status, json.dumps(value).encode(), {"Content-Type": "application/json"})


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print nothing of clients that break off, as those do which have heard enough."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serving() -> Iterator[Tmdb]:
    """Run such a server."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            answer = tmdb.answer(self.path, self.headers.get("Authorization"))
            if answer.hangs:
                tmdb.stopping.wait(60)
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            try:
                self.wfile.write(answer.body)
            except OSError:
                self.close_connection = True  # the client has heard enough

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    tmdb = Tmdb(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield tmdb
    finally:
        tmdb.stopping.set()
        server.shutdown()
        server.server_close()


def with_key(settings: Settings, tmdb: Tmdb) -> Settings:
    """Return these settings with the key of this TMDb."""
    addresses = {"tmdb_token": TOKEN, "tmdb_api": tmdb.api, "tmdb_images": tmdb.pictures}
    return Settings(_env_file=None, **{**settings.model_dump(), **addresses})
