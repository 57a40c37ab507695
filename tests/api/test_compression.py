"""Streamlit's files are sent compressed, and each is compressed once."""

import gzip
from pathlib import Path

import brotli
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from api.compression import CompressedFilesMiddleware, accepted

SCRIPT = b"const films = 5;\n" * 1000


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    """Return a client with a.js below /static/js; other requests are answered with their path."""
    (tmp_path / "static" / "js").mkdir(parents=True)
    (tmp_path / "static" / "js" / "a.js").write_bytes(SCRIPT)
    (tmp_path / "secret.js").write_text("secret")
    everything = Route(
        "/{path:path}", lambda request: PlainTextResponse(f"passed on {request.url.path}")
    )
    return TestClient(
        Starlette(
            routes=[everything], middleware=[Middleware(CompressedFilesMiddleware, folder=tmp_path)]
        )
    )


@pytest.mark.parametrize("way", ["br", "gzip"])
def test_a_file_is_sent_in_an_encoding_that_the_browser_accepts(
    client: TestClient, way: str
) -> None:
    undo = {"br": brotli.decompress, "gzip": gzip.decompress}[way]
    headers = {"accept-encoding": way}
    for _ in range(2):
        with client.stream("GET", "/static/js/a.js", headers=headers) as answer:
            sent = b"".join(answer.iter_raw())
        assert undo(sent) == SCRIPT
        assert len(sent) < len(SCRIPT) / 100
        assert answer.headers["content-encoding"] == way
        assert answer.headers["content-length"] == str(len(sent))
        assert answer.headers["content-type"].endswith("/javascript")
        assert answer.headers["cache-control"] == "public, immutable, max-age=31536000"
        assert answer.headers["vary"] == "Accept-Encoding"
    head = client.head("/static/js/a.js", headers=headers)
    assert (head.headers["content-length"], head.content) == (str(len(sent)), b"")


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/static/js/a.js", {"accept-encoding": "identity"}),
        ("/static/js/a.js", {"accept-encoding": "br", "range": "bytes=0-9"}),
        ("/static/js/none.js", {"accept-encoding": "br"}),
        ("/static/%2e%2e/secret.js", {"accept-encoding": "br"}),
        ("/static/js/%2e%2e/%2e%2e/secret.js", {"accept-encoding": "br"}),
        ("/static/js/a%00.js", {"accept-encoding": "br"}),
        ("/static/js/" + "a" * 5000 + ".js", {"accept-encoding": "br"}),
        ("/elsewhere.js", {"accept-encoding": "br"}),
    ],
)
def test_other_requests_are_passed_on(
    client: TestClient, path: str, headers: dict[str, str]
) -> None:
    assert client.get(path, headers=headers).text.startswith("passed on /")
    assert client.post("/static/js/a.js", headers=headers).status_code == 405


@pytest.mark.parametrize(
    ("header", "way"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("GZIP;q=1.0", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.000", None),
        ("*", "br"),
        ("identity", None),
        ("", None),
    ],
)
def test_the_best_accepted_encoding_is_chosen(header: str, way: str | None) -> None:
    assert accepted(header) == way
