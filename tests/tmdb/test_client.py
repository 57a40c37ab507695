"""What the client makes of TMDb's answers, and of its faults."""

import gzip
import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tests.serving import free_port
from tests.tmdb.answers import JPEG, SEVEN
from tests.tmdb.server import TOKEN, Answer, Tmdb
from tmdb import client as module
from tmdb.client import Client
from tmdb.errors import BusyError, MalformedError, UnavailableError, WrongKeyError
from tmdb.film import Film, Offer, Words


def test_a_film_is_one_request(tmdb: Tmdb, client: Client) -> None:
    assert client.film(9007, 7) == Film(
        tmdb_id=9007,
        backdrop="/backSeven.jpg",
        original_language="en",
        countries=("NO", "GB"),
        words={
            "en": Words(
                plot="A keeper counts ships that never come.",
                tagline="Somebody left the light on.",
                trailer="trailEnOwn",
                poster="/posterSevenEn.jpg",
            ),
            "ru": Words(
                plot="Смотритель считает корабли, которых нет.", poster="/posterSevenRu.png"
            ),
        },
        offers=(
            Offer("US", "stream", 8, "Northstream"),
            Offer("US", "buy", 2, "Kiosk"),
            Offer("RU", "stream", 77, "Маячок"),
        ),
    )
    assert tmdb.asked == [
        "/3/movie/9007?language=en-US"
        "&append_to_response=videos,images,watch/providers,translations"
        "&include_image_language=en,ru&include_video_language=en,ru"
    ]
    assert tmdb.tokens == [f"Bearer {TOKEN}"]


def test_a_film_of_which_little_is_known(client: Client) -> None:
    assert client.film(9008, None) == Film(9008, words={"en": Words(), "ru": Words()})


def test_by_imdbs_number(tmdb: Tmdb, client: Client) -> None:
    found = client.film(None, 7)
    assert found is not None
    assert found.tmdb_id == 9007
    assert tmdb.asked[0] == "/3/find/tt0000007?external_source=imdb_id"
    assert len(tmdb.asked) == 2


def test_films_that_tmdb_does_not_have(tmdb: Tmdb, client: Client) -> None:
    assert client.film(4, None) is None
    assert client.film(None, 4) is None
    assert len(tmdb.asked) == 2
    assert client.film(None, None) is None  # nothing to ask for
    assert len(tmdb.asked) == 2


@pytest.mark.parametrize("status", [401, 403])
def test_a_wrong_key(tmdb: Tmdb, client: Client, status: int) -> None:
    tmdb.faults = [Answer(status, b"{}")]
    with pytest.raises(WrongKeyError, match="TMDB_TOKEN") as raised:
        client.film(9007, None)
    assert TOKEN not in str(raised.value)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7), ("0", 1), ("99999", 120), ("soon", 10), (None, 10), ("nan", 10), ("-5", 10)],
)
def test_retry_after_is_kept(
    tmdb: Tmdb, client: Client, header: str | None, seconds: float
) -> None:
    tmdb.faults = [Answer(429, b"", {"Retry-After": header} if header else {})]
    with pytest.raises(BusyError) as raised:
        client.film(9007, None)
    assert raised.value.seconds == seconds
    with pytest.raises(BusyError) as raised:  # and nothing is sent meanwhile
        client.film(9007, None)
    assert 0 < raised.value.seconds <= seconds
    assert len(tmdb.asked) == 1


def test_retry_after_may_be_a_date(tmdb: Tmdb, client: Client) -> None:
    until = datetime.now(UTC) + timedelta(seconds=60)
    tmdb.faults = [Answer(429, b"", {"Retry-After": format_datetime(until, usegmt=True)})]
    with pytest.raises(BusyError) as raised:
        client.film(9007, None)
    assert 1 < raised.value.seconds <= 60


@pytest.mark.parametrize("status", [204, 301, 500, 503])
def test_other_statuses(tmdb: Tmdb, client: Client, status: int) -> None:
    tmdb.faults = [Answer(status, b"", {"Location": f"{tmdb.address}/elsewhere"})]
    with pytest.raises(UnavailableError, match=str(status)):
        client.film(9007, None)
    assert len(tmdb.asked) == 1  # a redirect isn't followed, for it would take the key along


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b"<html>", "the answer: Invalid JSON"),
        (b"", "the answer: Invalid JSON"),
        (b"[]", "the answer"),
        (b'"a film"', "the answer"),
        (json.dumps(SEVEN)[:300].encode(), "the answer: Invalid JSON"),
        (json.dumps({**SEVEN, "id": "9007"}).encode(), "id"),
        (json.dumps({**SEVEN, "id": 1}).encode(), "film 1, not 9007"),
        (json.dumps({**SEVEN, "overview": 7}).encode(), "overview"),
        (json.dumps({**SEVEN, "images": []}).encode(), "images"),
        (json.dumps({**SEVEN, "videos": {"results": {"key": 1}}}).encode(), "videos.results"),
        (b"[" * 100_000, "the answer"),
    ],
)
def test_answers_that_are_not_as_documented(
    tmdb: Tmdb, client: Client, body: bytes, place: str
) -> None:
    tmdb.faults = [Answer(200, body)]
    with pytest.raises(MalformedError, match=place):
        client.film(9007, None)


def test_packed_answers(tmdb: Tmdb, client: Client) -> None:
    packed = {"Content-Encoding": "gzip"}
    bomb = gzip.compress(b"0" * 50_000_000)
    tmdb.faults = [
        Answer(200, gzip.compress(json.dumps(SEVEN).encode()), packed),
        Answer(200, b"not packed at all", packed),
        Answer(200, bomb, packed),
    ]
    found = client.film(9007, None)
    assert found is not None
    assert found.backdrop == "/backSeven.jpg"
    with pytest.raises(MalformedError, match="unpacked"):
        client.film(9007, None)
    with pytest.raises(MalformedError, match="more than 5,000,000 bytes"):
        client.film(9007, None)


def test_a_huge_answer(tmdb: Tmdb, client: Client) -> None:
    tmdb.faults = [Answer(200, b"x" * 6_000_000)] * 2
    with pytest.raises(MalformedError, match="more than 5,000,000 bytes"):
        client.film(9007, None)
    with pytest.raises(MalformedError, match="more than 5,000,000 bytes"):
        client.image("/backSeven.jpg", "w780")


def test_a_server_that_hangs(tmdb: Tmdb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_READ_SECONDS", 0.2)
    client = Client(TOKEN, api=tmdb.api, images=tmdb.pictures)
    tmdb.faults = [Answer(hangs=True)]
    with pytest.raises(UnavailableError, match="ReadTimeoutError"):
        client.film(9007, None)
    assert client.film(9007, None) is not None


def test_nobody_listens() -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    client = Client(TOKEN, api=nowhere, images=nowhere)
    for ask in (lambda: client.film(9007, None), lambda: client.image("/a.jpg", "w780")):
        with pytest.raises(UnavailableError, match="can't be reached") as raised:
            ask()
        assert TOKEN not in str(raised.value)


def test_pictures_are_requested_without_the_key(tmdb: Tmdb, client: Client) -> None:
    assert client.image("/backSeven.jpg", "w780") == JPEG
    assert client.image("/gone.jpg", "w780") is None
    assert tmdb.asked == ["/t/p/w780/backSeven.jpg", "/t/p/w780/gone.jpg"]
    assert tmdb.tokens == [None, None]
    tmdb.faults = [Answer(500)]
    with pytest.raises(UnavailableError, match="500"):
        client.image("/backSeven.jpg", "w780")


@pytest.mark.parametrize(
    "path", ["", "/", "/a", "/../a.jpg", "//evil.example/a.jpg", "/a.svg", "/a.jpg?x", "/a.jpg\n"]
)
def test_only_paths_of_pictures_are_requested(tmdb: Tmdb, client: Client, path: str) -> None:
    with pytest.raises(ValueError, match="not a path of a picture"):
        client.image(path, "w780")
    assert tmdb.asked == []
