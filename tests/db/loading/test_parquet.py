"""Data sets as Parquet with any column types."""

import io
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from db.loading import Reason, SourceError, load
from db.loading.films import SourceFilms
from db.loading.movielens import CSV
from db.loading.movielens import RATINGS as COLUMNS
from db.loading.parquet import parquet_ratings
from db.loading.report import Rejections
from db.loading.sources import Member
from tests.db.loading.releases import rows, stored_movies, stored_ratings, write_csv, write_zip

FILMS = {
    "movieId": [1, 2],
    "title": ["Toy Story (1995)", "Interview, The (2014)"],
    "genres": ["Adventure|Comedy", "Comedy"],
}
RATINGS: dict[str, list[Any]] = {
    "userId": [7, 7, 8],
    "movieId": [1, 2, 1],
    "rating": [4.0, 0.5, 5.0],
    "timestamp": [964982703, 964982704, 1],
}
LINKS = {"movieId": [1, 2], "imdbId": ["0114709", None], "tmdbId": [862.0, None]}
MOMENTS = [datetime.fromtimestamp(seconds, UTC) for seconds in RATINGS["timestamp"]]


def write(folder: Path, rated: pa.Table | None = None, **names: str) -> Path:
    """Write a data set of three files, with `rated` instead of the usual ratings."""
    folder.mkdir()
    pa.parquet.write_table(pa.table(FILMS), folder / names.get("films", "movies.parquet"))
    pa.parquet.write_table(pa.table(LINKS), folder / names.get("links", "links.parquet"))
    table = pa.table(RATINGS) if rated is None else rated
    pa.parquet.write_table(table, folder / names.get("ratings", "ratings.parquet"))
    return folder


def _with(**columns: Any) -> pa.Table:
    return pa.table(RATINGS | columns)


KINDS: dict[str, Callable[[], pa.Table]] = {
    "integers and floats": lambda: pa.table(RATINGS),
    "small integers": lambda: _with(
        userId=pa.array([7, 7, 8], pa.uint8()), rating=pa.array([4, 0.5, 5], pa.float32())
    ),
    "texts": lambda: pa.table({name: [str(v) for v in found] for name, found in RATINGS.items()}),
    "bytes": lambda: _with(movieId=[b"1", b"2", b"1"]),
    "categories": lambda: _with(userId=pa.array(["7", "7", "8"]).dictionary_encode()),
    "floats": lambda: _with(userId=[7.0, 7.0, 8.0], timestamp=[964982703.0, 964982704.5, 1.0]),
    "decimals": lambda: _with(rating=pa.array([4.0, 0.5, 5.0]).cast(pa.decimal128(3, 1))),
    "milliseconds": lambda: _with(timestamp=[964982703000, 964982704000, 1]),
    "moments": lambda: _with(timestamp=pa.array(MOMENTS, pa.timestamp("us", "UTC"))),
    "nanoseconds": lambda: _with(
        timestamp=pa.array([m.replace(tzinfo=None) for m in MOMENTS], pa.timestamp("ns"))
    ),
    "moments as texts": lambda: _with(timestamp=[str(moment) for moment in MOMENTS]),
    "another order": lambda: pa.table({"x": [[1], [2], None], **dict([*RATINGS.items()][::-1])}),
    "pandas": lambda: pa.Table.from_pandas(pd.DataFrame(RATINGS).set_index("userId")),
}


@pytest.mark.data_layer
@pytest.mark.parametrize("kind", KINDS)
def test_same_rows(kind: str, engine: Engine, tmp_path: Path) -> None:
    report = load(engine, write(tmp_path / "ml", KINDS[kind]()))
    assert report.rejected == 0
    assert stored_movies(engine) == [
        (1, "Toy Story", 1995, ["Adventure", "Comedy"]),
        (2, "The Interview", 2014, ["Comedy"]),
    ]
    assert stored_ratings(engine) == [
        (7, 1, 4.0, 964982703, False),
        (7, 2, 0.5, 964982704, False),
        (8, 1, 5.0, 1, False),
    ]
    assert rows(engine, "SELECT imdb_id, tmdb_id FROM movies ORDER BY id") == [
        (114709, 862),
        (None, None),
    ]


@pytest.mark.data_layer
def test_in_a_zip_with_csv_and_kaggles_names(engine: Engine, tmp_path: Path) -> None:
    folder = write(tmp_path / "ml", ratings="rating.parquet", films="movie.parquet")
    (folder / "movie.parquet").unlink()
    write_csv(folder)
    (folder / "ratings.csv").unlink()
    assert load(engine, write_zip(tmp_path / "a.zip", folder)).ratings == 3


@pytest.mark.data_layer
def test_many_rows_in_groups(engine: Engine, tmp_path: Path) -> None:
    folder = write(tmp_path / "ml")
    users = range(1, 150_001)
    frame = {"userId": [u for u in users for _ in (1, 2)], "movieId": [1, 2] * len(users)}
    table = pa.table(frame | {"rating": [3.5] * 300_000, "timestamp": [*range(300_000)]})
    pa.parquet.write_table(table, folder / "ratings.parquet", row_group_size=50_000)
    told: list[float | None] = []
    report = load(engine, folder, progress=lambda share, _what: told.append(share))
    assert (report.ratings, report.raters) == (300_000, 150_000)
    shares = [share for share in told if share is not None]
    assert shares == sorted(shares)
    assert 0 < shares[1] < 1 == shares[-1]


@pytest.mark.data_layer
def test_broken_rows(engine: Engine, tmp_path: Path) -> None:
    broken: list[tuple[Any, ...]] = [
        (None, 1, 3.0, 5),
        (-7, 1, 3.0, 5),
        (2**40, 1, 3.0, 5),
        (7, None, 3.0, 5),
        (7, 1, None, 5),
        (7, 1, float("nan"), 5),
        (7, 1, 3.3, 5),
        (7, 1, 3.0, None),
        (7, 1, 3.0, -5),
    ]
    good = [(user, 1, 3.0, 5) for user in range(10, 30)]
    columns = zip(*broken, *good, strict=True)
    table = pa.table(dict(zip(RATINGS, map(list, columns), strict=True)))
    report = load(engine, write(tmp_path / "ml", table))
    reasons = [Reason.USER] * 3 + [Reason.FILM] + [Reason.RATING] * 3 + [Reason.TIME] * 2
    assert [(found.line, found.reason) for found in report.examples] == [*enumerate(reasons, 1)]


def _ratings(content: bytes) -> int:
    member = Member("ratings.parquet", len(content), lambda: io.BytesIO(content))
    return sum(len(block.lines) for block in CSV.read_ratings([member], None, lambda _read: None))


def _file(table: pa.Table, **options: Any) -> bytes:
    sink = io.BytesIO()
    pa.parquet.write_table(table, sink, **options)
    return sink.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "can't be read as Parquet"),
        (b"PAR1" + os.urandom(500) + b"PAR1", "can't be read as Parquet"),
        (_file(pa.table({"userId": [1], "rating": [1]})), "have to be userId,movieId,rating"),
        (_file(pa.table({name: [] for name in RATINGS})), "has no line that can be used"),
        (_file(pa.table(RATINGS))[:-20] + _file(pa.table(RATINGS))[-10:], "can't be read"),
    ],
)
def test_invalid_parquet(content: bytes, words: str) -> None:
    with pytest.raises(SourceError, match=words):
        _ratings(content)


def test_more_rows_than_a_file_can_contain() -> None:
    """Twenty million equal rows take a few hundred kilobytes."""
    column = pa.array([1], pa.int32()).take(pa.array([0] * 1_000, pa.int8()))
    column = pa.concat_arrays([column] * 20_000)
    content = _file(pa.table(dict.fromkeys(RATINGS, column)), compression="zstd")
    assert len(content) < 500_000
    with pytest.raises(SourceError, match="20,000,000 rows when unpacked, which no data set does"):
        _ratings(content)


def test_too_long_list_is_not_read(tmp_path: Path) -> None:
    content = _file(pa.table(FILMS))
    member = Member("movies.parquet", 2**30, lambda: io.BytesIO(content))
    with pytest.raises(SourceError, match="too long for a list of films"):
        CSV.read_films({"movies.parquet": member}, SourceFilms(), Rejections())


_GOOD = _file(pa.table(RATINGS))


@given(
    st.lists(st.tuples(st.integers(0, len(_GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=8)
)
def test_damage_is_reported(changes: list[tuple[int, int]]) -> None:
    content = bytearray(_GOOD)
    for place, byte in changes:
        content[place] = byte
    with suppress(SourceError):
        assert _ratings(bytes(content)) <= 3


@given(st.lists(st.tuples(st.none() | st.integers(-(2**63), 2**63 - 1), st.none() | st.floats())))
def test_any_numbers(cells: list[tuple[int | None, float | None]]) -> None:
    numbers = pa.array([cell[0] for cell in cells], pa.int64())
    floats = pa.array([cell[1] for cell in cells], pa.float64())
    for users, stars, times in ((numbers, floats, numbers), (floats, numbers, floats)):
        table = pa.table({"userId": users, "movieId": users, "rating": stars, "timestamp": times})
        assert cells == [] or _ratings(_file(table)) <= len(cells)


def test_dates_mean_midnight() -> None:
    content = _file(_with(timestamp=[date(2000, 7, 30), date(1960, 1, 1), date(9999, 1, 1)]))
    member = Member("ratings.parquet", len(content), lambda: io.BytesIO(content))
    [raw] = parquet_ratings(member, COLUMNS, lambda _read: None)
    assert raw.times.tolist() == [964915200, -315619200, -1]
