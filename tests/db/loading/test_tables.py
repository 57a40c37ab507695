"""CSV as R, spreadsheets, pandas and Kaggle write it: quotes, orders, names and times."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from db.loading import SourceError, load
from tests.db.loading.releases import (
    FEW_MOVIES,
    rows,
    stored_movies,
    stored_ratings,
    write_csv,
    write_lines,
)

pytestmark = pytest.mark.data_layer

MOVIES = [
    (1, "Toy Story", 1995, ["Adventure", "Comedy"]),
    (2, "The Interview", 2014, ["Comedy"]),
]
RATINGS = [
    (7, 1, 4.0, 964982703, False),
    (7, 2, 0.5, 964982704, False),
    (8, 1, 5.0, 1, False),
]


def _quoted(folder: Path) -> None:
    write_lines(
        folder / "movies.csv",
        '"movieId","title","genres"',
        '"1","Toy Story (1995)","Adventure|Comedy"',
        '"2","Interview, The (2014)","Comedy"',
    )
    write_lines(
        folder / "ratings.csv",
        '"userId","movieId","rating","timestamp"',
        *('"7","1","4","964982703"', '"7","2","0.5","964982704"', '"8","1","5","1"'),
    )
    write_lines(folder / "links.csv", '"movieId","imdbId","tmdbId"', '"1","0114709","862"')


def _kaggle(folder: Path) -> None:
    write_lines(folder / "movie.csv", '"movieId","title","genres"', *FEW_MOVIES)
    write_lines(
        folder / "rating.csv",
        '"userId","movieId","rating","timestamp"',
        *('"7","1","4","2000-07-30 18:45:03"', '"7","2","0.5","2000-07-30 18:45:04"'),
        '"8","1","5","1970-01-01 00:00:01"',
    )
    write_lines(folder / "link.csv", "movieId,imdbId,tmdbId", "1,0114709,862.0")


def _another_order(folder: Path) -> None:
    mark = "\ufeff"
    write_lines(
        folder / "movies.csv",
        mark + ",genres,year,Title,movie_id\r",
        "0,Adventure|Comedy,1995,Toy Story (1995),1\r",
        '1,Comedy,,"Interview, The (2014)",2\r',
    )
    write_lines(
        folder / "ratings.csv",
        mark + ",rating,timestamp,comment,Movie ID,USER_ID\r",
        "0,4,964982703000,fine,1,7\r",
        '1,0.5,964982704000,"so, ""so""",2,7\r',
        '2,5,1000,"two\r',
        'lines",1,8\r',
    )
    write_lines(folder / "links.csv", "tmdbId,movieId,imdbId,what", "862,1,0114709,", ",2,,")


def _semicolons(folder: Path) -> None:
    write_lines(
        folder / "movies.csv",
        "movieId;title;genres",
        *("1;Toy Story (1995);Adventure|Comedy", '2;"Interview, The (2014)";Comedy'),
    )
    write_lines(
        folder / "ratings.csv",
        "userId\tmovieId\trating\ttimestamp",
        *("7\t1\t4.0\t964982703.0", "7\t2\t0.5\t964982704.0", "8\t1\t5.0\t1.0"),
    )
    write_lines(folder / "links.csv", "movieId;imdbId;tmdbId", "1;0114709;862")


@pytest.mark.parametrize("write", [_quoted, _kaggle, _another_order, _semicolons])
def test_same_rows(write: Callable[[Path], None], engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "ml"
    folder.mkdir()
    write(folder)
    report = load(engine, folder)
    assert report.rejected == 0
    assert stored_movies(engine) == MOVIES
    if write is _another_order:  # ms of January 1970 look like seconds
        assert stored_ratings(engine) == [*RATINGS[:2], (8, 1, 5.0, 1000, False)]
    else:
        assert stored_ratings(engine) == RATINGS
    assert rows(engine, "SELECT imdb_id, tmdb_id FROM movies ORDER BY id")[0] == (114709, 862)


def test_many_quoted_lines_across_blocks(engine: Engine, tmp_path: Path) -> None:
    """Five blocks have comments that span lines, one of them at the end of each block."""
    folder = write_csv(tmp_path / "ml", [f"{film},F{film},G" for film in range(1, 13)])
    comment = '"' + "so much\nto say, " * 5 + '"'
    with (folder / "ratings.csv").open("w") as file:
        file.write('"userId","movieId","comment","rating","timestamp"\n')
        for user in range(1, 12_001):
            for film in range(1, 13):
                said = comment if film == 1 else '""'
                file.write(f'"{user}","{film}",{said},"4.5","2000-07-30 18:45:03"\n')
            if user % 400 == 0:
                file.write('broken,"\n')
    report = load(engine, folder)
    assert report.ratings == 144_000
    assert report.rejected == 30
    assert report.examples[0].line == 1 + 400 * (12 + 5) + 1
    assert rows(engine, "SELECT sum(user_id::bigint), sum(movie_id) FROM ratings") == [
        (12 * 12_000 * 12_001 // 2, 12_000 * 78)
    ]


HUNDRED = [f"{user},1,4.0,5" for user in range(1, 101)]


@pytest.mark.parametrize(
    ("ratings", "words"),
    [
        (
            [*HUNDRED[:20], *["x,1,4,5", "1,1,4", "1,1,3.3,5"] * 7],
            "21 of 41 lines of ratings.csv can't be used (line 22: user id is not a whole number "
            "from 1 to 999999999; line 23: wrong number of fields; line 24: rating is not one of "
            "0.5, 1, 1.5, up to 5); nothing was changed",
        ),
        (
            [*HUNDRED, *(f"{user},2,{6 + user % 5},5" for user in range(1, 21))],
            "ratings go up to 10, 20 of them above 5: if they are out of 10, use --scale 10",
        ),
        (
            [f"{user},1,{user},5" for user in range(1, 101)],
            "ratings go up to 100, 95 of them above 5: if they are out of 100, use --scale 100",
        ),
        (
            [f"{user},1,{user * 10},5" for user in range(1, 101)],
            "ratings go up to 990, 99 of them above 5; nothing was changed",
        ),
    ],
)
def test_most_lines_are_broken_or_the_scale_is_wrong(
    ratings: list[str], words: str, engine: Engine, tmp_path: Path
) -> None:
    load(engine, write_csv(tmp_path / "before"))
    with pytest.raises(SourceError) as caught:
        load(engine, write_csv(tmp_path / "ml", ratings=ratings))
    assert words in str(caught.value)
    assert stored_ratings(engine) == RATINGS
