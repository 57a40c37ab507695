"""The folder of pictures: fetched once, checked, bounded."""

import logging
import os
import time
from pathlib import Path

import pytest

from tests.serving import free_port
from tests.tmdb.answers import JPEG, PNG
from tests.tmdb.server import Answer, Tmdb
from tmdb.client import Client
from tmdb.errors import BusyError, UnavailableError
from tmdb.film import KEPT_DAYS
from tmdb.images import Image, Images

_DAY = 24 * 60 * 60


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "tmdb"


@pytest.fixture
def images(client: Client, folder: Path) -> Images:
    return Images(client, folder, 1000)


def _names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def test_a_picture_is_fetched_once(tmdb: Tmdb, images: Images, folder: Path) -> None:
    for _ in range(2):
        assert images.get("/backSeven.jpg", "w780") == Image(JPEG, "image/jpeg")
    assert images.get("/posterSevenRu.png", "w342") == Image(PNG, "image/png")
    assert tmdb.asked == ["/t/p/w780/backSeven.jpg", "/t/p/w342/posterSevenRu.png"]
    assert _names(folder) == {"w780-backSeven.jpg", "w342-posterSevenRu.png"}


def test_what_is_no_picture_is_refused_and_logged_once(
    tmdb: Tmdb, images: Images, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    tmdb.images |= {
        "/page.jpg": b"<html><script>alert(1)</script>",
        "/svg.png": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "/empty.jpg": b"",
        "/huge.jpg": JPEG + bytes(6_000_000),
    }
    for path in ("/page.jpg", "/svg.png", "/empty.jpg", "/huge.jpg", "/gone.jpg", "/page.jpg"):
        assert images.get(path, "w342") is None
    assert len(tmdb.asked) == 5  # it isn't asked for again
    assert not folder.exists()
    assert [record.getMessage() for record in caplog.records] == [
        "TMDb's picture /page.jpg was refused: it is no picture"
    ]
    assert images.get("/backSeven.jpg", "w780") is not None


def test_nobody_listens(folder: Path, caplog: pytest.LogCaptureFixture, client: Client) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    images = Images(Client("key", api=nowhere, images=nowhere), folder, 1000)
    with pytest.raises(UnavailableError):
        images.get("/backSeven.jpg", "w780")
    with pytest.raises(BusyError):  # nothing is requested for a while
        images.get("/backSeven.jpg", "w780")
    assert len(caplog.records) == 1


def test_an_error_of_the_server_is_no_picture(tmdb: Tmdb, images: Images) -> None:
    tmdb.faults = [Answer(500, JPEG)]
    with pytest.raises(UnavailableError):
        images.get("/backSeven.jpg", "w780")


@pytest.mark.parametrize(
    ("path", "size"),
    [("/../../etc/passwd", "w342"), ("//evil.example/a.jpg", "w342"), ("/backSeven.jpg", "../x")],
)
def test_other_paths_and_sizes(tmdb: Tmdb, images: Images, path: str, size: str) -> None:
    with pytest.raises(ValueError, match="not the path and size"):
        images.get(path, size)  # type: ignore[arg-type]
    assert tmdb.asked == []


def test_the_least_recently_used_are_removed(tmdb: Tmdb, images: Images, folder: Path) -> None:
    tmdb.images |= {f"/{name}.jpg": JPEG for name in "abcd"}  # three fit in
    for number, name in enumerate("abc"):
        assert images.get(f"/{name}.jpg", "w342") is not None
        os.utime(folder / f"w342-{name}.jpg", (1_000_000_000 + number, time.time()))
    assert images.get("/a.jpg", "w342") is not None  # used again
    assert images.get("/d.jpg", "w342") is not None
    assert _names(folder) == {"w342-c.jpg", "w342-a.jpg", "w342-d.jpg"}
    (folder / ".part-of-a-killed-process").write_bytes(bytes(10))
    os.utime(folder / ".part-of-a-killed-process", (1, 1))
    images.sweep()
    assert _names(folder) == {"w342-c.jpg", "w342-a.jpg", "w342-d.jpg"}


def test_after_six_months_they_are_fetched_again(tmdb: Tmdb, images: Images, folder: Path) -> None:
    images.get("/backSeven.jpg", "w780")
    file = folder / "w780-backSeven.jpg"
    os.utime(file, (time.time(), time.time() - (KEPT_DAYS - 1) * _DAY))
    images.get("/backSeven.jpg", "w780")
    assert len(tmdb.asked) == 1
    os.utime(file, (time.time(), time.time() - (KEPT_DAYS + 1) * _DAY))
    images.get("/backSeven.jpg", "w780")
    assert len(tmdb.asked) == 2
    os.utime(file, (time.time(), time.time() - (KEPT_DAYS + 1) * _DAY))
    images.sweep()
    assert _names(folder) == set()


def test_a_damaged_file_is_fetched_again(tmdb: Tmdb, images: Images, folder: Path) -> None:
    images.get("/backSeven.jpg", "w780")
    (folder / "w780-backSeven.jpg").write_bytes(b"")
    assert images.get("/backSeven.jpg", "w780") == Image(JPEG, "image/jpeg")


def test_a_folder_that_cannot_be_written_to(
    tmdb: Tmdb, client: Client, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    images = Images(client, tmp_path / "file" / "tmdb", 1000)
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            assert images.get("/backSeven.jpg", "w780") == Image(JPEG, "image/jpeg")
    assert len(tmdb.asked) == 2
    (record,) = caplog.records
    assert "can't be stored" in record.getMessage()
