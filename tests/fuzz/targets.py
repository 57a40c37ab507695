"""What is fuzzed: a function of bytes each, which knows the errors that bad bytes may give."""

import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from starlette.types import Message, Receive, Scope, Send

from accounts import imports
from accounts.imports.errors import ImportFileError
from accounts.sessions import token_hash
from api.middleware import VisitorCookie
from db.loading.movielens import open_release
from db.loading.report import Rejections, SourceError
from recsys.genres import UnknownGenre, match_genre
from tests import loops

GENRES = ["Action", "Children", "Film-Noir", "Sci-Fi"]

_LETTERBOXD = b"Date,Name,Year,Letterboxd URI,Rating\n2024-01-01,Heat,1995,https://boxd.it/x,4.5\n"
_IMDB = (
    b"Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type\n"
    b"tt0113277,9,2024-01-01,Heat,Heat,https://www.imdb.com/title/tt0113277,Movie\n"
)
_MOVIELENS = b"userId,movieId,rating,timestamp\n1,6,4.5,964982703\n"


@dataclass(frozen=True)
class Fuzzed:
    """A target.

    Attributes
    ----------
    run : callable
        Takes bytes; an exception is a find.
    seeds : tuple of bytes
        Good input to begin with.
    """

    run: Callable[[bytes], None]
    seeds: tuple[bytes, ...]


def _import(data: bytes) -> None:
    with suppress(ImportFileError):
        parsed = imports.read("ratings.csv", data)
        assert all(0.5 <= row.rating <= 5 for row in parsed.rows)


def _zip(data: bytes) -> None:
    with suppress(ImportFileError):
        imports.read("ratings.zip", data)


def _release(films: str, ratings: str, data: bytes, *more: tuple[str, bytes]) -> None:
    """The bytes before the first NUL are the list of films, the others the ratings."""
    listed, _, rated = data.partition(b"\0")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, content in ((films, listed), (ratings, rated), *more):
            (folder / file).write_bytes(content)
        _read(folder)


def _release_zip(data: bytes) -> None:
    with tempfile.NamedTemporaryFile(suffix=".zip") as file:
        file.write(data)
        file.flush()
        _read(Path(file.name))


def _read(place: Path) -> None:
    with suppress(SourceError), open_release(place) as release:
        films = release.films(Rejections())
        for block in release.ratings(lambda _advance: None):
            good = block.of_listed(films.ids, films.untitled_ids, Rejections())
            assert ((good.ratings >= 0.5) & (good.ratings <= 5)).all()


def _genre(data: bytes) -> None:
    with suppress(UnknownGenre):
        assert match_genre(data.decode("utf-8", "surrogateescape"), GENRES) in GENRES


async def _page(_scope: Scope, _receive: Receive, send: Send) -> None:
    headers = [(b"content-type", b"text/html")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})


def _cookie(data: bytes) -> None:
    """Whatever a browser sends, it has one visitor cookie afterwards."""
    answers: list[Message] = []

    async def send(message: Message) -> None:
        answers.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"cookie", data)]}
    loops.run(VisitorCookie(_page, secure=True)(scope, receive, send))
    given = [value for name, value in answers[0]["headers"] if name == b"set-cookie"]
    assert len(given) == 1 or b"five_films_visitor" in data


def _ticket(data: bytes) -> None:
    for text in (data.decode("latin-1"), data.decode("utf-8", "surrogateescape")):
        assert len(token_hash(text)) == 32


TARGETS = {
    "import": Fuzzed(_import, (_LETTERBOXD, _IMDB, _MOVIELENS, _MOVIELENS.replace(b",", b";"))),
    "zip": Fuzzed(_zip, (b"PK\x05\x06" + b"\0" * 18,)),
    "csv-release": Fuzzed(
        lambda data: _release("movies.csv", "ratings.csv", data),
        (b"movieId,title,genres\n6,Heat (1995),Action|Crime\n\0" + _MOVIELENS,),
    ),
    "dat-release": Fuzzed(
        lambda data: _release("movies.dat", "ratings.dat", data),
        (b"6::Heat (1995)::Action|Crime\n\x001::6::4.5::964982703\n",),
    ),
    "tab-release": Fuzzed(
        lambda data: _release(
            "u.item", "u.data", data, ("u.genre", b"unknown|0\nAction|1\nAdventure|2\n")
        ),
        (b"6|Heat (1995)|01-Jan-1995||http://x|0|1|0\n\x001\t6\t4\t964982703\n",),
    ),
    "release-zip": Fuzzed(_release_zip, (b"PK\x05\x06" + b"\0" * 18,)),
    "genre": Fuzzed(_genre, (b"sci fi", "Sci‑Fi é".encode())),
    "cookie": Fuzzed(_cookie, (b"five_films_visitor=abc; a=b", b'a="\\"; \xff=')),
    "ticket": Fuzzed(_ticket, (b"abc", b"\xed\xa0\x80")),
}
