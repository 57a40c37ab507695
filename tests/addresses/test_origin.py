"""Origins, however they are spelled, as browsers write them."""

import pytest

from addresses import origin


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("https://films.example.org", "https://films.example.org"),
        ("https://Films.Example.org:443/", "https://films.example.org"),
        ("http://films.example.org:80", "http://films.example.org"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("https://кино.example", "https://xn--h1adke.example"),
        ("http://[::1]:8501", "http://[::1]:8501"),
    ],
)
def test_an_origin(text: str, header: str) -> None:
    read = origin.read(text)
    assert read is not None
    assert read.header == header


@pytest.mark.parametrize(
    "text",
    [
        "",
        "*",
        "null",
        "films.example.org",
        "//films.example.org",
        "ftp://films.example.org",
        "https://",
        "https://films.example.org/path",
        "https://films.example.org?query",
        "https://films.example.org#part",
        "https://me@films.example.org",
        "https://@films.example.org",
        "https://films.example.org:port",
        "https://films.example.org:0",
        "https://*.example.org",
        "https://films example.org",
        "https://[::1",
    ],
)
def test_what_is_none(text: str) -> None:
    assert origin.read(text) is None
