"""Letterboxd's export: a zip with many files, each of which is also read alone."""

import pytest

from accounts.imports import Says, Service, read
from tests.accounts.imports.files import zipped

LIST = """Letterboxd list export v7
Date,Name,Tags,URL,Description
2023-04-01,My best,,https://boxd.it/list1,some words

Position,Name,Year,URL,Description
1,Heat,1995,https://boxd.it/1,
"""
PLAIN = "Date,Name,Year,Letterboxd URI\n2023-04-01,Heat,1995,https://boxd.it/1\n"
WHOLE = {
    "profile.csv": "Date Joined,Username\n2020-01-01,jane\n",
    "ratings.csv": "Date,Name,Year,Letterboxd URI,Rating\n2023-04-01,Heat,1995,https://boxd.it/1,4\n",
    "diary.csv": "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date\n"
    "2023-04-02,Heat,1995,https://boxd.it/d1,4,,,2023-04-01\n"
    "2023-05-02,Heat,1995,https://boxd.it/d2,,Yes,,2023-05-01\n",
    "reviews.csv": "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Review,Tags,Watched Date\n"
    '2023-04-02,Heat,1995,https://boxd.it/d1,4,,"' + "line\n" * 60 + '",,2023-04-01\n',
    "watched.csv": PLAIN,
    "watchlist.csv": PLAIN,
    "likes/films.csv": PLAIN,
    "lists/my-best.csv": LIST,
    "deleted/lists/old.csv": LIST,
}


def test_complete_export_of_letterboxd() -> None:
    parsed = read("letterboxd.zip", zipped({**WHOLE}))
    assert parsed.service is Service.LETTERBOXD
    assert [
        (section.name, section.says, section.rows, section.rewatches) for section in parsed.sections
    ] == [
        ("ratings.csv", Says.RATED, 1, 0),
        ("diary.csv", Says.DIARY, 2, 1),
        ("reviews.csv", Says.REVIEWED, 1, 0),
        ("likes/films.csv", Says.LIKED, 1, 0),
        ("watched.csv", Says.SEEN, 1, 0),
        ("watchlist.csv", Says.LATER, 1, 0),
        ("lists/my-best.csv", Says.LISTED, 1, 0),
    ]
    assert [(row.rating, row.mark) for row in parsed.rows] == [
        (4.0, None),
        (4.0, None),
        (None, "seen"),
        (4.0, None),
        (4.0, None),
        (None, "seen"),
        (None, "later"),
        (None, None),
    ]
    assert (parsed.unusable, parsed.unread) == ((), ("profile.csv",))


@pytest.mark.parametrize("name", [name for name in WHOLE if name.endswith("s.csv")])
def test_each_file_of_letterboxd_alone(name: str) -> None:
    bare = name.rsplit("/", 1)[-1]
    parsed = read(bare, WHOLE[name].encode())
    assert {row.title for row in parsed.rows} == {"Heat"}


def test_diary_without_ratings() -> None:
    ratings = "Date,Name,Year,Letterboxd URI,Rating\n"
    parsed = read("export.zip", zipped({"ratings.csv": ratings, "watched.csv": PLAIN}))
    assert [(section.name, section.rows) for section in parsed.sections] == [("watched.csv", 1)]
    assert parsed.unread == ("ratings.csv",)
