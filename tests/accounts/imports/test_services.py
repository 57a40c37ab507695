"""A tiny export of each service."""

import json
from datetime import UTC, datetime

import pytest

from accounts.imports import Hints, ImportFileError, Row, Says, Service, UnknownColumnsError, read
from tests.accounts.imports.files import zipped

HEAT = {"title": "Heat", "year": 1995, "ids": {"trakt": 1, "imdb": "tt0113277", "tmdb": 949}}
LOST = {"title": "Lost", "year": 2004, "ids": {"trakt": 2, "imdb": "tt0411008", "tmdb": 4607}}
KUROI = "Kuroi ame"


def _day(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


FILES: list[tuple[str, str | bytes, Service, list[tuple[Says, list[Row]]]]] = [
    (
        "ratings.csv",
        '"position","const","created","modified","description","Title","Title type","Directors",'
        '"You rated","IMDb Rating","Year","URL"\n'
        '"1","tt0113277","Sat Jan 19 00:00:00 2013","","","Heat","Feature Film","Michael Mann","9",'
        '"8.3","1995","http://www.imdb.com/title/tt0113277/"\n',
        Service.IMDB,
        [(Says.RATED, [Row(2, "Heat", 1995, 4.5, _day(2013, 1, 19), imdb_id=113277)])],
    ),
    (
        "WATCHLIST.csv",
        "Position,Const,Created,Modified,Description,Title,Original Title,URL,Title Type,"
        "IMDb Rating,Year,Your Rating,Date Rated\n"
        "1,tt0113277,2024-01-01,2024-01-01,,Heat,Heat,u,Фильм,8.3,1995,9,2024-02-01\n"
        "2,tt0097694,2024-01-02,2024-01-02,,Black Rain,Kuroi ame,u,Movie,7.8,1989,,\n"
        "3,tt0411008,2024-01-03,2024-01-03,,Lost,Lost,u,Сериал,8.3,2004,,\n"
        "4,tt0000009,2024-01-03,2024-01-03,,X,X,u,Etwas Neues,8.3,2004,,\n",
        Service.IMDB,
        [
            (
                Says.RATED,
                [
                    Row(
                        *(2, "Heat", 1995, 4.5, _day(2024, 2, 1)),
                        imdb_id=113277,
                        original_title="Heat",
                    )
                ],
            ),
            (
                Says.LATER,
                [
                    Row(
                        *(3, "Black Rain", 1989, None),
                        imdb_id=97694,
                        original_title=KUROI,
                        mark="later",
                    ),
                    Row(
                        *(4, "Lost", 2004, None),
                        imdb_id=411008,
                        original_title="Lost",
                        mark="later",
                        is_film=False,
                    ),
                    Row(
                        *(5, "X", 2004, None),
                        imdb_id=9,
                        original_title="X",
                        mark="later",
                        is_film=None,
                    ),
                ],
            ),
        ],
    ),
    (
        "movielens-wishlist.csv",
        "movie_id,imdb_id,tmdb_id,average_rating,title\n6,113277,949,3.85,Heat (1995)\n",
        Service.MOVIELENS,
        [
            (
                Says.LATER,
                [
                    Row(
                        *(2, "Heat", 1995, None),
                        movielens_id=6,
                        imdb_id=113277,
                        tmdb_id=949,
                        mark="later",
                    )
                ],
            )
        ],
    ),
    (
        "import.csv",
        "tmdbID,imdbID,Title,Year,Directors,Rating10,WatchedDate,Rewatch,Tags,Review\n"
        '949,tt0113277,Heat,1995,Michael Mann,9,2023-04-01,false,,"two\n\nlines"\n'
        ",,Ran,1985,,,2023-04-02,true,,\n",
        Service.LETTERBOXD,
        [
            (
                Says.RATED,
                [
                    Row(
                        *(2, "Heat", 1995, 4.5, _day(2023, 4, 1)),
                        imdb_id=113277,
                        tmdb_id=949,
                    )
                ],
            ),
            (Says.SEEN, [Row(5, "Ran", 1985, None, _day(2023, 4, 2), mark="seen")]),
        ],
    ),
    (
        "ratings-movies.json",
        json.dumps(
            [
                {
                    "rated_at": "2014-09-01T09:10:00.000Z",
                    "rating": 9,
                    "type": "movie",
                    "movie": HEAT,
                },
                {"rated_at": "2014-09-01T09:10:00.000Z", "rating": 9, "type": "show", "show": LOST},
            ]
        ),
        Service.TRAKT,
        [
            (
                Says.RATED,
                [
                    Row(
                        *(1, "Heat", 1995, 4.5, _day(2014, 9, 1, 9, 10)),
                        imdb_id=113277,
                        tmdb_id=949,
                    ),
                    Row(
                        *(2, "Lost", None, 4.5, _day(2014, 9, 1, 9, 10)),
                        is_film=False,
                    ),
                ],
            )
        ],
    ),
    (
        "watched-movies.json",
        json.dumps([{"plays": 2, "last_watched_at": "2014-09-01T09:10:00.000Z", "movie": HEAT}]),
        Service.TRAKT,
        [
            (
                Says.SEEN,
                [
                    Row(
                        *(1, "Heat", 1995, None, _day(2014, 9, 1, 9, 10)),
                        imdb_id=113277,
                        tmdb_id=949,
                        mark="seen",
                    )
                ],
            )
        ],
    ),
    (
        "lists-watchlist.json",
        json.dumps(
            [{"rank": 1, "listed_at": "2014-09-01T09:10:00Z", "type": "movie", "movie": HEAT}]
        ),
        Service.TRAKT,
        [
            (
                Says.LATER,
                [
                    Row(
                        *(1, "Heat", 1995, None, _day(2014, 9, 1, 9, 10)),
                        imdb_id=113277,
                        tmdb_id=949,
                        mark="later",
                    )
                ],
            )
        ],
    ),
    (
        "trakt.csv",
        "rated_at,type,title,year,trakt_rating,trakt_id,imdb_id,tmdb_id,rating\n"
        "2014-09-01T09:10:00Z,movie,Heat,1995,8.1,1,tt0113277,949,9\n",
        Service.TRAKT,
        [
            (
                Says.RATED,
                [
                    Row(
                        *(2, "Heat", 1995, 4.5, _day(2014, 9, 1, 9, 10)),
                        imdb_id=113277,
                        tmdb_id=949,
                    )
                ],
            )
        ],
    ),
    (
        "ratings.csv",
        "TMDb ID,IMDb ID,Type,Name,Release Date,Season Number,Episode Number,Rating,Your Rating,"
        "Date Rated\n"
        "949,tt0113277,movie,Heat,1995-12-15T00:00:00Z,,,7.9,8.5,2023-04-01T10:00:00Z\n"
        "4607,tt0411008,tv,Lost,2004-09-22T00:00:00Z,,,7.9,9,2023-04-01T10:00:00Z\n",
        Service.TMDB,
        [
            (
                Says.RATED,
                [
                    Row(
                        *(2, "Heat", 1995, 4.5, _day(2023, 4, 1, 10)),
                        imdb_id=113277,
                        tmdb_id=949,
                    ),
                    Row(
                        *(3, "Lost", 2004, 4.5, _day(2023, 4, 1, 10)),
                        imdb_id=411008,
                        tmdb_id=4607,
                        is_film=False,
                    ),
                ],
            )
        ],
    ),
    (
        "votes.csv",
        "Title\tOriginal Title\tType\tYear\tMy rating\tDate\tListTitle\n"
        "Чёрный дождь\tKuroi ame\tФильм\t1989\t9\t2023-04-01 10:00:00\tVotes\n".encode()
        .decode()
        .encode("utf-16"),
        Service.KINORIUM,
        [
            (
                Says.RATED,
                [
                    Row(
                        *(2, "Чёрный дождь", 1989, 4.5, _day(2023, 4, 1, 10)),
                        original_title=KUROI,
                    )
                ],
            )
        ],
    ),
    (
        "kinopoisk.csv",
        "русскоязычное название\tоригинальное название\tгод\tрежисcёр\tмоя оценка\tдата/время\n"
        "Схватка\tHeat\t1995\tМайкл Манн\t9\t01.04.2023, 10:00\n".encode()
        .decode()
        .encode("utf-16"),
        Service.KINOPOISK,
        [
            (
                Says.RATED,
                [
                    Row(
                        *(2, "Схватка", 1995, 4.5, _day(2023, 4, 1, 10)),
                        original_title="Heat",
                    )
                ],
            )
        ],
    ),
    (
        "criticker.xml",
        '<?xml version="1.0"?><recentratings><film><filmid>1</filmid>'
        "<filmname>Heat (1995)</filmname><filmlink>https://www.criticker.com/film/Heat/</filmlink>"
        "<rating>85</rating><quote/><reviewdate>Apr 01, 2023, 10:00</reviewdate><tier>8</tier>"
        "</film></recentratings>",
        Service.CRITICKER,
        [(Says.RATED, [Row(1, "Heat", 1995, 4.5, _day(2023, 4, 1, 10))])],
    ),
    (
        "simkl.json",
        json.dumps(
            {
                "movies": [
                    {
                        "last_watched_at": "2023-04-01T10:00:00Z",
                        "user_rating": 9,
                        "status": "completed",
                        "movie": {
                            "title": "Heat",
                            "year": 1995,
                            "ids": {"simkl": 1, "tmdb": "949"},
                        },
                    },
                    {
                        "user_rating": None,
                        "status": "plantowatch",
                        "movie": {"title": "Ran", "year": 1985, "ids": {"simkl": 2}},
                    },
                ],
                "shows": [{"status": "completed", "show": {"title": "Lost", "year": 2004}}],
            }
        ),
        Service.SIMKL,
        [
            (
                Says.RATED,
                [Row(1, "Heat", 1995, 4.5, _day(2023, 4, 1, 10), tmdb_id=949)],
            ),
            (Says.SEEN, [Row(3, "Lost", None, None, is_film=False, mark="seen")]),
            (Says.LATER, [Row(2, "Ran", 1985, None, mark="later")]),
        ],
    ),
    (
        "SimklBackup.csv",
        "SIMKL_ID,Title,Type,Year,Watchlist,LastEpWatched,WatchedDate,Rating,Memo,TVDB,TMDB,IMDB\n"
        "1,Heat,movie,1995,completed,,2023-04-01,9,,,949,tt0113277\n"
        "2,Ran,movie,1985,plantowatch,,,,,,,\n",
        Service.SIMKL,
        [
            (
                Says.RATED,
                [
                    Row(
                        *(2, "Heat", 1995, 4.5, _day(2023, 4, 1)),
                        imdb_id=113277,
                        tmdb_id=949,
                    )
                ],
            ),
            (Says.LATER, [Row(3, "Ran", 1985, None, mark="later")]),
        ],
    ),
    (
        "NetflixViewingHistory.csv",
        '"Title","Date"\n"Heat","4/13/23"\n"Lost: Season 1: Pilot","4/12/23"\n'
        '"Kill Bill: Vol. 1","4/11/23"\n',
        Service.NETFLIX,
        [
            (
                Says.SEEN,
                [
                    Row(2, "Heat", None, None, _day(2023, 4, 13), mark="seen"),
                    Row(
                        *(3, "Lost: Season 1: Pilot", None, None, _day(2023, 4, 12)),
                        mark="seen",
                        is_film=False,
                    ),
                    Row(4, "Kill Bill: Vol. 1", None, None, _day(2023, 4, 11), mark="seen"),
                ],
            )
        ],
    ),
    (
        "Ratings.csv",
        "Profile Name,Title Name,Rating Type,Star Value,Thumbs Value,Event Utc Ts\n"
        "Jo,Heat,thumb,,2,2023-04-01 10:00:00\nJo,Ran,thumb,,1,2023-04-01 10:00:00\n",
        Service.NETFLIX,
        [
            (
                Says.RATED,
                [
                    Row(2, "Heat", None, 4.0, _day(2023, 4, 1, 10)),
                    Row(3, "Ran", None, 1.5, _day(2023, 4, 1, 10)),
                ],
            )
        ],
    ),
]


@pytest.mark.parametrize(
    ("name", "content", "service", "sections"),
    FILES,
    ids=[f"{each[2]} {each[0]}" for each in FILES],
)
def test_file_of_a_service(
    name: str,
    content: str | bytes,
    service: Service,
    sections: list[tuple[Says, list[Row]]],
) -> None:
    parsed = read(name, content if isinstance(content, bytes) else content.encode())
    assert parsed.service is service
    assert [
        (section.says, [row for row in parsed.rows if row.section == number])
        for number, section in enumerate(parsed.sections)
    ] == sections
    assert (parsed.unusable, parsed.unread, parsed.table) == ((), (), None)
    assert parsed.sections[0].has_thumbs == ("Thumbs" in str(content))


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


def test_one_profile_of_several() -> None:
    text = "Profile Name,Start Time,Title,Supplemental Video Type\n"
    text += "Jo,2023-04-01 10:00:00,Heat,\nAl,2023-04-01 10:00:00,Ran,\n"
    text += "Jo,2023-04-01 10:00:00,Ran_trailer,TRAILER\n"
    with pytest.raises(ImportFileError, match=r"more than one person \(Profile Name\)"):
        read("ViewingActivity.csv", text.encode())
    parsed = read("ViewingActivity.csv", text.encode(), Hints(person="Jo"))
    assert [(row.title, row.is_film) for row in parsed.rows] == [
        ("Heat", True),
        ("Ran_trailer", False),
    ]


@pytest.mark.parametrize(
    ("text", "roles", "scale", "rows"),
    [
        (
            "sep=;\nFilm;Jahr;Note;Gesehen\nHeat;1995;8,5;01.04.2023\nRan;1985;10;\n",
            {"title": "Film", "year": "Jahr", "rating": "Note", "date": "Gesehen"},
            10,
            [Row(3, "Heat", 1995, 4.5, _day(2023, 4, 1)), Row(4, "Ran", 1985, 5.0)],
        ),
        (
            "a,b,c,d\nHeat,1995,85,tt0113277\nRan,1985,40,tt0089881\n",
            {"title": "a", "year": "b", "rating": "c", "imdb_id": "d"},
            100,
            [
                Row(2, "Heat", 1995, 4.5, imdb_id=113277),
                Row(3, "Ran", 1985, 2.0, imdb_id=89881),
            ],
        ),
        (
            "Movie,Opinion\nHeat (1995),liked\nRan (1985),disliked\n",
            {"title": "Movie", "rating": "Opinion"},
            5,
            [Row(2, "Heat", 1995, 4.0), Row(3, "Ran", 1985, 1.5)],
        ),
        (
            "Movie,Year\nHeat,1995\n",
            {"title": "Movie", "year": "Year"},
            None,
            [Row(2, "Heat", 1995, None)],
        ),
    ],
)
def test_any_table(text: str, roles: dict[str, str], scale: int | None, rows: list[Row]) -> None:
    parsed = read("mine.csv", text.encode())
    assert parsed.service is Service.TABLE
    assert parsed.table is not None
    assert parsed.table.roles == roles
    assert parsed.sections[0].scale == scale
    assert parsed.sections[0].has_thumbs == ("liked" in text)
    assert list(parsed.rows) == rows


def test_columns_named_by_the_user() -> None:
    text = b"one,two,three\n8,Heat,1995\n"
    with pytest.raises(UnknownColumnsError) as caught:
        read("mine.csv", b"1,2\n3,4\n")
    assert (caught.value.table.columns, caught.value.table.sample) == (("1", "2"), (("3", "4"),))
    hints = Hints({"title": "two", "year": "three", "rating": "one"}, scale=10)
    assert read("mine.csv", text, hints).rows == (Row(2, "Heat", 1995, 4.0),)
    with pytest.raises(UnknownColumnsError, match="has no column four; it has one, two, three"):
        read("mine.csv", text, Hints({"title": "four"}))


def test_order_of_dates_is_asked_if_it_is_ambiguous() -> None:
    text = b"Title,Year,Rating,Date\nHeat,1995,8,4/3/2021\nRan,1985,9,yesterday\n"
    parsed = read("mine.csv", text)
    assert (parsed.sections[0].is_date_open, parsed.sections[0].undated) == (True, 2)
    parsed = read("mine.csv", text, Hints(date_order="dmy"))
    assert [row.rated_at for row in parsed.rows] == [_day(2021, 3, 4), None]
    assert (parsed.sections[0].is_date_open, parsed.sections[0].undated) == (False, 1)
