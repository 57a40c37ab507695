"""A pair of tables with any column names, given by `--map`."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from db.loading import ColumnMap, LoadReport, Reason, Scale, SourceError, load
from db.loading.numbering import Numbers, are_texts, as_texts
from tests.db.loading.releases import (
    dump,
    rows,
    stored_movies,
    stored_ratings,
    write_lines,
    write_zip,
)

MAP = "user=uid,item=anime_id,rating=score,time=when"


def _numbers(folder: Path) -> Path:
    folder.mkdir()
    write_lines(
        folder / "anime.csv",
        "anime_id,name,genre,title,year,genres",
        '5,x,y,Cowboy Bebop,1998,"Action, Sci-Fi"',
        '6,x,y,"Interview, The (2014)",,Drama|War',
        "7,x,y,Trigun (1998),1999.0,",
    )
    write_lines(
        folder / "scores.tsv",
        "score\tuid\twhen\tanime_id\tcomment",
        "10\t1\t2006-05-01\t5\tgood",
        '7\t1\t2006-05-02 10:00:00\t6\t"so ""so"""',
        "1\t3\t1146441600\t7\t",
        "0\t3\t1146441600\t5\t",
    )
    (folder / "readme.txt").write_text("nothing of interest\n")
    return folder


def _texts(folder: Path, order: Sequence[int] = (0, 1, 2, 3)) -> Path:
    folder.mkdir()
    write_lines(
        folder / "films.csv",
        "tconst;primary;year",
        "tt0111161;The Shawshank Redemption;1994",
        "tt0068646;The Godfather;1972",
        "special one;Spécial;",
    )
    lines = (
        "user_b;tt0111161;5",
        "user_a;tt0068646;4.5",
        '"us;er";special one;3',
        "12;tt0111161;2",
    )
    write_lines(folder / "ratings.csv", "user;film;stars", *(lines[place] for place in order))
    return folder


TEXTS = "user=user,item=film,rating=stars,film=tconst,title=primary"


def _load(engine: Engine, source: Path, map_text: str, scale: Scale | None = None) -> LoadReport:
    return load(engine, source, columns=ColumnMap.read([map_text]), scale=scale)


@pytest.mark.data_layer
@pytest.mark.parametrize("packing", ["folder", "zip", "inner folder"])
def test_numbers(packing: str, engine: Engine, tmp_path: Path) -> None:
    folder = _numbers(tmp_path / "set")
    source = {
        "folder": lambda: folder,
        "zip": lambda: write_zip(tmp_path / "set.zip", folder, "a/b/"),
        "inner folder": lambda: tmp_path,
    }[packing]()
    report = _load(engine, source, MAP, Scale.TEN)
    assert stored_movies(engine) == [
        (5, "Cowboy Bebop", 1998, ["Action", "Sci-Fi"]),
        (6, "The Interview", 2014, ["Drama", "War"]),
        (7, "Trigun", 1999, []),
    ]
    assert stored_ratings(engine) == [
        (1, 5, 5.0, 1146441600, False),
        (1, 6, 3.5, 1146564000, False),
        (3, 7, 0.5, 1146441600, False),
    ]
    assert [(found.file, found.line, found.reason) for found in report.examples] == [
        ("scores.tsv", 5, Reason.RATING_OF_10)
    ]
    assert report.notes == ()


@pytest.mark.data_layer
def test_scale_has_to_be_given(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"go up to 10, 2 of them above 5.*use --scale 10"):
        _load(engine, _numbers(tmp_path / "set"), MAP)


@pytest.mark.data_layer
def test_text_ids_are_numbered_in_their_order(engine: Engine, tmp_path: Path) -> None:
    report = _load(engine, _texts(tmp_path / "set"), TEXTS)
    assert stored_movies(engine) == [
        (1, "Spécial", None, []),
        (2, "The Godfather", 1972, []),
        (3, "The Shawshank Redemption", 1994, []),
    ]
    # 12, us;er, user_a, user_b
    assert stored_ratings(engine) == [
        (1, 3, 2.0, 0, False),
        (2, 1, 3.0, 0, False),
        (3, 2, 4.5, 0, False),
        (4, 3, 5.0, 0, False),
    ]
    assert rows(engine, "SELECT id, imdb_id FROM movies ORDER BY id") == [
        (1, None),
        (2, 68646),
        (3, 111161),
    ]
    assert report.notes == (
        "Most film ids can't be stored as numbers, so films are numbered from 1 to 3 in the "
        "order of their ids.",
        "Most user ids can't be stored as numbers, so users are numbered from 1 to 4 in the "
        "order of their ids.",
        "The ratings have no times: all are dated 1970-01-01.",
    )
    before = dump(engine)
    _load(engine, _texts(tmp_path / "again", (3, 2, 1, 0)), TEXTS)
    after = dump(engine)
    assert len(after.pop("loads")) == len(before.pop("loads")) + 1
    assert after == before


@pytest.mark.data_layer
def test_usual_column_names_are_guessed(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    write_lines(folder / "f.csv", "id,Name,Genre,Release Year", "1,Heat,Crime/Drama,1995")
    write_lines(folder / "r.csv", "u,i,r", "1,1,5")
    _load(engine, folder, "user=u,item=i,rating=r,film=id")
    assert stored_movies(engine) == [(1, "Heat", 1995, ["Crime", "Drama"])]


@pytest.mark.data_layer
def test_text_ids_among_numbers_are_rejected(engine: Engine, tmp_path: Path) -> None:
    folder = _numbers(tmp_path / "set")
    with (folder / "scores.tsv").open("a") as file:
        file.write("5\tsomebody\t2006-05-01\t5\t\n5\t9\t2006-05-01\tnothing\t\n5\t9\t1\t99\t\n")
    report = _load(engine, folder, MAP, Scale.TEN)
    assert [(found.line, found.reason) for found in report.examples[1:]] == [
        (6, Reason.USER),
        (7, Reason.FILM),
        (8, Reason.UNKNOWN_FILM),
    ]


@pytest.mark.data_layer
def test_parquet(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    films = {"item": ["b", "a"], "title": ["B (1999)", "A"], "genres": [["Drama", "War"], None]}
    ratings = {"u": [2**50, 2**60, 2**50], "item": ["a", "b", "c"], "r": [90, 0, 10]}
    pa.parquet.write_table(pa.table(films), folder / "f.parquet")
    pa.parquet.write_table(pa.table(ratings), folder / "r.parquet")
    report = _load(engine, folder, "user=u,item=item,rating=r", Scale.HUNDRED)
    assert stored_movies(engine) == [(1, "A", None, []), (2, "B", 1999, ["Drama", "War"])]
    assert stored_ratings(engine) == [(1, 1, 4.5, 0, False), (2, 2, 0.5, 0, False)]
    assert report.rejected_by_reason == {Reason.UNKNOWN_FILM: 1}


@pytest.mark.data_layer
def test_error_names_the_tables(engine: Engine, tmp_path: Path) -> None:
    folder = _numbers(tmp_path / "set")
    with pytest.raises(SourceError) as caught:
        _load(engine, folder, "user=nobody,item=anime_id,rating=score")
    assert str(caught.value) == (
        "--map needs a table with the columns nobody,anime_id,score and another with "
        "anime_id,title; there is anime.csv (anime_id,name,genre,title,year,genres); readme.txt "
        "(nothing of interest); scores.tsv (score,uid,when,anime_id,comment)"
    )
    write_lines(folder / "more.csv", "anime_id,title")
    with pytest.raises(SourceError, match=r"several tables have .* anime\.csv, more\.csv"):
        _load(engine, folder, MAP)


@pytest.mark.data_layer
def test_broken_films(engine: Engine, tmp_path: Path) -> None:
    folder = _numbers(tmp_path / "set")
    with (folder / "anime.csv").open("a") as file:
        file.write("8,x,y,Bad genres,1999,[1]\n9,x\n8,x,y,,1999,\n")
    report = _load(engine, folder, MAP, Scale.TEN)
    assert [(found.line, found.reason) for found in report.examples[:3]] == [
        (5, Reason.GENRES),
        (6, Reason.FIELDS),
        (7, Reason.NO_TITLE),
    ]


@pytest.mark.data_layer
def test_demo_set_takes_no_columns(engine: Engine) -> None:
    with pytest.raises(SourceError, match="takes neither --scale nor --map"):
        load(engine, "demo", scale=Scale.TEN)


@pytest.mark.parametrize(
    ("map_text", "words"),
    [
        ([""], "has '', but takes key=column"),
        (["user"], "has 'user', but"),
        (["user=a,item=b,rating="], "has 'rating=', but"),
        (["user=a,item=b,stars=c"], "for the keys user, item, rating, time, film, title, genres"),
        (["user=a,item=b"], "lacks rating"),
        (["user=a,item=b", "rating=c,user=d"], "has user twice"),
    ],
)
def test_wrong_maps(map_text: list[str], words: str) -> None:
    with pytest.raises(SourceError) as caught:
        ColumnMap.read(map_text)
    assert words in str(caught.value)


def test_map_in_parts() -> None:
    assert ColumnMap.read(["user = a", "item=b , rating=c"]) == ColumnMap.read(
        ["user=a,item=b,rating=c"]
    )


@given(st.lists(st.lists(st.text(max_size=8), max_size=6), max_size=4), st.text(max_size=8))
def test_numbers_follow_the_order_of_texts(parts: list[list[str]], another: str) -> None:
    numbers = Numbers()
    for part in parts:
        numbers.add(as_texts(part))
    numbers.sort()
    every = sorted({text.encode() for part in parts for text in part} - {b""})
    asked = [*(text.decode() for text in every), another, ""]
    found = numbers.of(as_texts(asked), otherwise=99).tolist()
    assert len(numbers) == len(every)
    assert found == [
        every.index(text.encode()) + 1 if text.encode() in every else 99 for text in asked
    ]


def test_majority_of_ids_decides_their_type() -> None:
    assert not are_texts(["1", "2", "x"], 9)
    assert not are_texts(["1", "x"], 9)
    assert are_texts(["1", "x", "10"], 9)
    assert not are_texts([], 9)
