"""A tiny export of each service."""

import json
from datetime import UTC, datetime

import pytest

from accounts.imports import Hints, ImportFileError, Row, Says, Service, read

HEAT = {"title": "Heat", "year": 1995, "ids": {"trakt": 1, "imdb": "tt0113277", "tmdb": 949}}
LOST = {"title": "Lost", "year": 2004, "ids": {"trakt": 2, "imdb": "tt0411008", "tmdb": 4607}}
NINE = {"rated_at": "2014-09-01T09:10:00.000Z", "rating": 9}


def _day(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


WATCHED = _day(2014, 9, 1, 9, 10)

FILES: list[tuple[str, str | bytes, Service, dict[Says, list[Row]]]] = [
    (
        "ratings.csv",
        '"position","const","created","modified","description","Title","Title type","Directors",'
        '"You rated","IMDb Rating","Year","URL"\n'
        '"1","tt0113277","Sat Jan 19 00:00:00 2013","","","Heat","Feature Film","Michael Mann","9",'
        '"8.3","1995","http://www.imdb.com/title/tt0113277/"\n',
        Service.IMDB,
        {Says.RATED: [Row(2, "Heat", 1995, 4.5, _day(2013, 1, 19), imdb_id=113277)]},
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
        {
            Says.RATED: [
                Row(2, "Heat", 1995, 4.5, _day(2024, 2, 1), imdb_id=113277, original_title="Heat")
            ],
            Says.LATER: [
                Row(
                    3,
                    "Black Rain",
                    1989,
                    None,
                    imdb_id=97694,
                    original_title="Kuroi ame",
                    mark="later",
                ),
                Row(
                    4,
                    "Lost",
                    2004,
                    None,
                    imdb_id=411008,
                    original_title="Lost",
                    mark="later",
                    is_film=False,
                ),
                Row(5, "X", 2004, None, imdb_id=9, original_title="X", mark="later", is_film=None),
            ],
        },
    ),
    (
        "movielens-wishlist.csv",
        "movie_id,imdb_id,tmdb_id,average_rating,title\n6,113277,949,3.85,Heat (1995)\n",
        Service.MOVIELENS,
        {
            Says.LATER: [
                Row(
                    2, "Heat", 1995, None, movielens_id=6, imdb_id=113277, tmdb_id=949, mark="later"
                )
            ]
        },
    ),
    (
        "import.csv",
        "tmdbID,imdbID,Title,Year,Directors,Rating10,WatchedDate,Rewatch,Tags,Review\n"
        '949,tt0113277,Heat,1995,Michael Mann,9,2023-04-01,false,,"two\n\nlines"\n'
        ",,Ran,1985,,,2023-04-02,true,,\n",
        Service.LETTERBOXD,
        {
            Says.RATED: [Row(2, "Heat", 1995, 4.5, _day(2023, 4, 1), imdb_id=113277, tmdb_id=949)],
            Says.SEEN: [Row(5, "Ran", 1985, None, _day(2023, 4, 2), mark="seen")],
        },
    ),
    (
        "ratings-movies.json",
        json.dumps(
            [
                {**NINE, "type": "movie", "movie": HEAT},
                {**NINE, "type": "show", "show": LOST},
            ]
        ),
        Service.TRAKT,
        {
            Says.RATED: [
                Row(1, "Heat", 1995, 4.5, WATCHED, imdb_id=113277, tmdb_id=949),
                Row(2, "Lost", None, 4.5, WATCHED, is_film=False),
            ]
        },
    ),
    (
        "watched-movies.json",
        json.dumps([{"plays": 2, "last_watched_at": "2014-09-01T09:10:00.000Z", "movie": HEAT}]),
        Service.TRAKT,
        {
            Says.SEEN: [
                Row(1, "Heat", 1995, None, WATCHED, imdb_id=113277, tmdb_id=949, mark="seen")
            ]
        },
    ),
    (
        "lists-watchlist.json",
        json.dumps(
            [{"rank": 1, "listed_at": "2014-09-01T09:10:00Z", "type": "movie", "movie": HEAT}]
        ),
        Service.TRAKT,
        {
            Says.LATER: [
                Row(1, "Heat", 1995, None, WATCHED, imdb_id=113277, tmdb_id=949, mark="later")
            ]
        },
    ),
    (
        "trakt.csv",
        "rated_at,type,title,year,trakt_rating,trakt_id,imdb_id,tmdb_id,rating\n"
        "2014-09-01T09:10:00Z,movie,Heat,1995,8.1,1,tt0113277,949,9\n",
        Service.TRAKT,
        {Says.RATED: [Row(2, "Heat", 1995, 4.5, WATCHED, imdb_id=113277, tmdb_id=949)]},
    ),
    (
        "ratings.csv",
        "TMDb ID,IMDb ID,Type,Name,Release Date,Season Number,Episode Number,Rating,Your Rating,"
        "Date Rated\n"
        "949,tt0113277,movie,Heat,1995-12-15T00:00:00Z,,,7.9,8.5,2023-04-01T10:00:00Z\n"
        "4607,tt0411008,tv,Lost,2004-09-22T00:00:00Z,,,7.9,9,2023-04-01T10:00:00Z\n",
        Service.TMDB,
        {
            Says.RATED: [
                Row(2, "Heat", 1995, 4.5, _day(2023, 4, 1, 10), imdb_id=113277, tmdb_id=949),
                Row(
                    3,
                    "Lost",
                    2004,
                    4.5,
                    _day(2023, 4, 1, 10),
                    imdb_id=411008,
                    tmdb_id=4607,
                    is_film=False,
                ),
            ]
        },
    ),
    (
        "votes.csv",
        "Title\tOriginal Title\tType\tYear\tMy rating\tDate\tListTitle\n"
        "Чёрный дождь\tKuroi ame\tФильм\t1989\t9\t2023-04-01 10:00:00\tVotes\n".encode("utf-16"),
        Service.KINORIUM,
        {
            Says.RATED: [
                Row(2, "Чёрный дождь", 1989, 4.5, _day(2023, 4, 1, 10), original_title="Kuroi ame")
            ]
        },
    ),
    (
        "kinopoisk.csv",
        "русскоязычное название\tоригинальное название\tгод\tрежисcёр\tмоя оценка\tдата/время\n"
        "Схватка\tHeat\t1995\tМайкл Манн\t9\t01.04.2023, 10:00\n".encode("utf-16"),
        Service.KINOPOISK,
        {Says.RATED: [Row(2, "Схватка", 1995, 4.5, _day(2023, 4, 1, 10), original_title="Heat")]},
    ),
    (
        "criticker.xml",
        '<?xml version="1.0"?><recentratings><film><filmid>1</filmid>'
        "<filmname>Heat (1995)</filmname><filmlink>https://www.criticker.com/film/Heat/</filmlink>"
        "<rating>85</rating><quote/><reviewdate>Apr 01, 2023, 10:00</reviewdate><tier>8</tier>"
        "</film></recentratings>",
        Service.CRITICKER,
        {Says.RATED: [Row(1, "Heat", 1995, 4.5, _day(2023, 4, 1, 10))]},
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
        {
            Says.RATED: [Row(1, "Heat", 1995, 4.5, _day(2023, 4, 1, 10), tmdb_id=949)],
            Says.SEEN: [Row(3, "Lost", None, None, is_film=False, mark="seen")],
            Says.LATER: [Row(2, "Ran", 1985, None, mark="later")],
        },
    ),
    (
        "SimklBackup.csv",
        "SIMKL_ID,Title,Type,Year,Watchlist,LastEpWatched,WatchedDate,Rating,Memo,TVDB,TMDB,IMDB\n"
        "1,Heat,movie,1995,completed,,2023-04-01,9,,,949,tt0113277\n"
        "2,Ran,movie,1985,plantowatch,,,,,,,\n",
        Service.SIMKL,
        {
            Says.RATED: [Row(2, "Heat", 1995, 4.5, _day(2023, 4, 1), imdb_id=113277, tmdb_id=949)],
            Says.LATER: [Row(3, "Ran", 1985, None, mark="later")],
        },
    ),
    (
        "NetflixViewingHistory.csv",
        '"Title","Date"\n"Heat","4/13/23"\n"Lost: Season 1: Pilot","4/12/23"\n'
        '"Kill Bill: Vol. 1","4/11/23"\n',
        Service.NETFLIX,
        {
            Says.SEEN: [
                Row(2, "Heat", None, None, _day(2023, 4, 13), mark="seen"),
                Row(
                    3,
                    "Lost: Season 1: Pilot",
                    None,
                    None,
                    _day(2023, 4, 12),
                    mark="seen",
                    is_film=False,
                ),
                Row(4, "Kill Bill: Vol. 1", None, None, _day(2023, 4, 11), mark="seen"),
            ]
        },
    ),
    (
        "Ratings.csv",
        "Profile Name,Title Name,Rating Type,Star Value,Thumbs Value,Event Utc Ts\n"
        "Jo,Heat,thumb,,2,2023-04-01 10:00:00\nJo,Ran,thumb,,1,2023-04-01 10:00:00\n",
        Service.NETFLIX,
        {
            Says.RATED: [
                Row(2, "Heat", None, 4.0, _day(2023, 4, 1, 10)),
                Row(3, "Ran", None, 1.5, _day(2023, 4, 1, 10)),
            ]
        },
    ),
]


@pytest.mark.parametrize(
    ("name", "content", "service", "sections"),
    FILES,
    ids=[f"{each[2]} {each[0]}" for each in FILES],
)
def test_file_of_a_service(
    name: str, content: str | bytes, service: Service, sections: dict[Says, list[Row]]
) -> None:
    parsed = read(name, content if isinstance(content, bytes) else content.encode())
    assert parsed.service is service
    assert [
        (section.says, [row for row in parsed.rows if row.section == number])
        for number, section in enumerate(parsed.sections)
    ] == list(sections.items())
    assert (parsed.unusable, parsed.unread, parsed.table) == ((), (), None)
    assert parsed.sections[0].has_thumbs == ("Thumbs" in str(content))


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
