"""The targets of fuzzing: functions of bytes, which know the errors that bad bytes may raise."""

import io
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
from starlette.types import Message, Receive, Scope, Send

from accounts import imports
from accounts.imports.errors import ImportFileError
from accounts.sessions import token_hash
from api.middleware import VisitorCookieMiddleware
from db.loading.data_sets import Release, open_release
from db.loading.films import SourceFilm, SourceFilms
from db.loading.genres import read_genres
from db.loading.mapped import ColumnMap
from db.loading.movielens import CSV
from db.loading.report import Rejections, SourceError
from db.loading.sources import Member
from db.loading.tags import clean
from recsys.data.genres import UnknownGenre, match_genre
from tests import loops

GENRES = ["Action", "Children", "Film-Noir", "Sci-Fi"]

_LETTERBOXD = b"Date,Name,Year,Letterboxd URI,Rating\n2024-01-01,Heat,1995,https://boxd.it/x,4.5\n"
_IMDB = (
    b"Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type\n"
    b"tt0113277,9,2024-01-01,Heat,Heat,https://www.imdb.com/title/tt0113277,Movie\n"
)
_MOVIELENS = b"userId,movieId,rating,timestamp\n1,6,4.5,964982703\n"


_OTHERS = (
    b'[{"rated_at": "2024-01-01T00:00:00Z", "rating": 9, "movie": {"title": "Heat"}}]',
    b'{"movies": [{"user_rating": 9, "status": "completed", "movie": {"title": "Heat"}}]}',
    b"<recentratings><film><filmname>Heat (1995)</filmname><rating>85</rating><tier>8</tier></film>"
    b"</recentratings>",
    b'"Title","Date"\n"Lost: Season 1: Pilot","4/13/23"\n',
    b"sep=;\nFilm;Note;Datum\nHeat (1995);85 %;1. Mai 2023\n",
    b"Letterboxd list export v7\nDate,Name\n\nPosition,Name,Year,URL\n1,Heat,1995,x\n",
    "Название\tМоя оценка\tГод\nСхватка\t9\t1995\n".encode("utf-16"),
)


@dataclass(frozen=True)
class Fuzzed:
    """A target.

    Attributes
    ----------
    run : callable
        Takes bytes; an exception is a finding.
    seeds : tuple of bytes
        Valid input to start with.
    """

    run: Callable[[bytes], None]
    seeds: tuple[bytes, ...]


def _import(data: bytes) -> None:
    with suppress(ImportFileError):
        parsed = imports.read("ratings.csv", data)
        assert all(row.rating is None or 0.5 <= row.rating <= 5 for row in parsed.rows)


def _zip(data: bytes) -> None:
    with suppress(ImportFileError):
        imports.read("ratings.zip", data)


def _release(films: str, ratings: str, data: bytes, *more: tuple[str, bytes]) -> None:
    """Split the bytes at the first NUL into the list of films and the ratings."""
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


def _files(data: bytes, *names: str, told: str | None = None) -> None:
    """Read files whose contents are separated by NUL."""
    parts = data.split(b"\0", len(names) - 1)
    with tempfile.TemporaryDirectory() as name:
        for file, content in zip(names, parts, strict=False):
            (Path(name) / file).write_bytes(content)
        _read(Path(name), told)


def _read(place: Path, told: str | None = None) -> None:
    columns = None if told is None else ColumnMap.read([told])
    with suppress(SourceError), open_release(place, columns=columns) as release:
        films = release.films(Rejections())
        for block in release.ratings(lambda _advance: None):
            good = block.of_listed(films.ids, films.untitled_ids, Rejections())
            assert ((good.ratings >= 0.5) & (good.ratings <= 5)).all()


def _genres(data: bytes) -> None:
    names = read_genres(data.decode("utf-8", "surrogateescape"))
    assert names is None or all(isinstance(name, str) for name in names)


def _parquet(columns: dict[str, list[object]]) -> bytes:
    content = io.BytesIO()
    pyarrow.parquet.write_table(pa.table(columns), content)
    return content.getvalue()


def _parquet_release(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "movies.csv").write_bytes(b"movieId,title,genres\n6,Heat (1995),Action|Crime\n")
        (folder / "ratings.parquet").write_bytes(data)
        _read(folder)


def _tags(name: str, data: bytes) -> None:
    """Check that every tag that is read can be shown."""
    films = SourceFilms({6: SourceFilm("Heat", 1995, ())})
    member = Member(name, len(data), lambda: io.BytesIO(data))
    with suppress(SourceError):
        release = Release("fuzzed", {name: member}, CSV)
        for given in release.tags(films, Rejections()):
            assert given.film == 6
            assert clean(given.tag) == given.tag


def _genre(data: bytes) -> None:
    with suppress(UnknownGenre):
        assert match_genre(data.decode("utf-8", "surrogateescape"), GENRES) in GENRES


async def _page(_scope: Scope, _receive: Receive, send: Send) -> None:
    headers = [(b"content-type", b"text/html")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})


def _cookie(data: bytes) -> None:
    """Check that a browser has one visitor cookie afterwards, whatever it sends."""
    answers: list[Message] = []

    async def send(message: Message) -> None:
        answers.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"cookie", data)]}
    loops.run(VisitorCookieMiddleware(_page, secure=True)(scope, receive, send))
    given = [value for name, value in answers[0]["headers"] if name == b"set-cookie"]
    assert len(given) == 1 or b"__Host-five_films_visitor" in data


def _ticket(data: bytes) -> None:
    for text in (data.decode("latin-1"), data.decode("utf-8", "surrogateescape")):
        assert len(token_hash(text)) == 32


TARGETS = {
    "import": Fuzzed(_import, (_LETTERBOXD, _IMDB, _MOVIELENS, _MOVIELENS.replace(b",", b";"))),
    "other-import": Fuzzed(_import, _OTHERS),
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
    "quoted-release": Fuzzed(
        lambda data: _files(data, "movie.csv", "rating.csv", "link.csv"),
        (
            b'"genres","title","movieId"\n"Action","Heat (1995)","6"\n\0'
            b'"said","userId","rating","movieId","timestamp"\n"a ""b""","1","4","6","2000-07-30"\n'
            b'"two\nlines","2","4.5","6","2000-07-30 18:45:03"\n\0'
            b'"movieId","imdbId","tmdbId"\n"6","0113277","949.0"\n',
        ),
    ),
    "movies-dataset": Fuzzed(
        lambda data: _files(data, "movies_metadata.csv", "links.csv", "ratings_small.csv"),
        (
            b"genres,id,imdb_id,original_title,release_date,title\n"
            b"\"[{'id': 80, 'name': 'Crime'}]\",949,tt0113277,Heat,1995-12-15,Heat\n\0"
            b"movieId,imdbId,tmdbId\n6,0113277,949\n\0" + _MOVIELENS,
        ),
    ),
    "netflix": Fuzzed(
        lambda data: _files(data, "movie_titles.csv", "combined_data_1.txt"),
        (b"6,1995,Heat, again\n7,NULL,Alien\n\x006:\n1,4,2005-09-06\n7:\n2,3,2005-09-06\n",),
    ),
    "mapped": Fuzzed(
        lambda data: _files(
            data, "a.csv", "b.tsv", told="user=who,item=what,rating=stars,time=when"
        ),
        (
            b"what;title;year;genres\ntt1;Heat (1995);1995;Crime, Drama\n\0"
            b"who\twhat\tstars\twhen\nme\ttt1\t4.5\t964982703000\n",
            b"what,title\n6,Heat\n\x00when,stars,what,who\n2000-07-30T18:45Z,4,6,1\n",
        ),
    ),
    "parquet-release": Fuzzed(
        _parquet_release,
        (
            _parquet({"userId": [1], "movieId": [6], "rating": [4.5], "timestamp": [964982703]}),
            _parquet({"userId": ["1"], "movieId": [6.0], "rating": ["4"], "timestamp": ["2000"]}),
        ),
    ),
    "genres": Fuzzed(_genres, (b"[{'id': 80, 'name': 'Crime'}]", b"Crime|Drama", b"['a', 'b']")),
    "release-zip": Fuzzed(_release_zip, (b"PK\x05\x06" + b"\0" * 18,)),
    "csv-tags": Fuzzed(
        lambda data: _tags("tags.csv", b"userId,movieId,tag,timestamp\n" + data),
        (b'1,6,Heist,964982703\n2,6,"a ""big"" one","2009-04-24 18:19:40"\r\n',),
    ),
    "dat-tags": Fuzzed(
        lambda data: _tags("tags.dat", data), ("1::6::caf\u00e9::964982703\n".encode(),)
    ),
    "genre": Fuzzed(_genre, (b"sci fi", "Sci‑Fi é".encode())),
    "cookie": Fuzzed(_cookie, (b"__Host-five_films_visitor=abc; a=b", b'a="\\"; \xff=')),
    "ticket": Fuzzed(_ticket, (b"abc", b"\xed\xa0\x80")),
}
