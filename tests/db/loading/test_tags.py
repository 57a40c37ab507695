"""Tags are loaded with their films: each tag once, in its most common spelling."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from db.loading import LoadReport, Reason, SourceError, load
from db.loading.merge_tags import MOST_TAGS
from tests.db.loading.releases import (
    FEW_MOVIES,
    dump,
    execute,
    rows,
    stored_tags,
    write_csv,
    write_lines,
    write_zip,
)

pytestmark = pytest.mark.data_layer

TAGS = [
    "7,1,Time Travel,10",
    "8,1,time travel,10",
    "9,1,  time   travel ,11",
    "7,1,pixar,12",
    '7,2,"satire, of a kind",13',
    '8,2,"""quoted""",14',
    "8,2,Amélie's 映画,15",
]
STORED = [
    (1, "time travel", 3),
    (1, "pixar", 1),
    (2, '"quoted"', 1),
    (2, "Amélie's 映画", 1),
    (2, "satire, of a kind", 1),
]


def _found(report: LoadReport) -> list[tuple[str, int, Reason]]:
    return [(found.file, found.line, found.reason) for found in report.examples]


def test_each_tag_of_a_film_is_stored_once_with_its_count(engine: Engine, tmp_path: Path) -> None:
    report = load(engine, write_csv(tmp_path / "ml", tags=TAGS))
    assert stored_tags(engine) == STORED
    assert (report.tags, report.tags_added, report.rejected) == (5, 5, 0)


def test_user_who_gives_a_tag_twice_counts_once(engine: Engine, tmp_path: Path) -> None:
    tags = ["7,1,Dark,10", "7,1,dark,11", "7,1,DARK,12", "7,1,DARK,12", "8,2,dark,1"]
    load(engine, write_csv(tmp_path / "ml", tags=tags))
    assert stored_tags(engine) == [(1, "DARK", 1), (2, "DARK", 1)]


def test_kaggles_file_has_quotes_and_dates(engine: Engine, tmp_path: Path) -> None:
    folder = write_csv(tmp_path / "ml")
    write_lines(
        folder / "tag.csv",
        '"userId","movieId","tag","timestamp"',
        '18,1,"Mark Waters","2009-04-24 18:19:40"',
        '"19","1","mark waters","2013-05-10 01:41:18"',
    )
    report = load(engine, write_zip(tmp_path / "ml.zip", folder))
    assert report.rejected == 0
    assert stored_tags(engine) == [(1, "Mark Waters", 2)]


def test_format_of_the_10m_release(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "ml"
    folder.mkdir()
    write_lines(folder / "movies.dat", "1::Heat (1995)::Crime")
    write_lines(folder / "ratings.dat", "1::1::5::9")
    write_lines(
        folder / "tags.dat", "15::1::excellent!::1215184630", "16::1::a::b::9", "1::1::9", "1::1"
    )
    report = load(engine, folder)
    assert stored_tags(engine) == [(1, "a::b", 1), (1, "excellent!", 1)]
    assert _found(report) == [("tags.dat", 3, Reason.FIELDS), ("tags.dat", 4, Reason.FIELDS)]


def test_broken_lines_are_rejected(engine: Engine, tmp_path: Path) -> None:
    broken = [
        ("7,1,dark", Reason.FIELDS),
        ("7,1,dark,humour,5", Reason.FIELDS),
        ('7,1,"dark,5', Reason.QUOTES),
        ("x,1,dark,5", Reason.USER),
        ("1000000000,1,dark,5", Reason.USER),
        ("7,0,dark,5", Reason.FILM),
        ("7,1,dark,now", Reason.TIME),
        ("7,1,dark,7289654400", Reason.TIME),
        ("7,1,dark,2009-13-24", Reason.TIME),
        ("7,1, ,5", Reason.NO_TAG),
        (f"7,1,{'a' * 101},5", Reason.TAG),
        ("7,1,da\0rk,5", Reason.NUL),
        ("7,1,da\trk,5", Reason.TAG_SIGN),
        ("7,1,\u202ekrad,5", Reason.TAG_SIGN),
        ("7,1,\u200b,5", Reason.TAG_SIGN),
        ("7,9,dark,5", Reason.UNKNOWN_FILM),
        ("7,3,dark,5", Reason.NO_TITLE),
    ]
    folder = write_csv(tmp_path / "ml", [*FEW_MOVIES, "3,,Drama"])
    lines = ["userId,movieId,tag,timestamp", *(line for line, _ in broken), f"7,1,{'a' * 100},5"]
    content = "\r\n".join(lines).encode() + b"\r\n7,1,caf\xe9,5\n8,2,last,5"
    (folder / "tags.csv").write_bytes(b"\xef\xbb\xbf" + content)
    report = load(engine, folder)
    assert _found(report) == [
        ("movies.csv", 4, Reason.NO_TITLE),
        *(("tags.csv", number, reason) for number, (_, reason) in enumerate(broken, 2)),
        ("tags.csv", len(broken) + 3, Reason.UNDECODABLE),
    ]
    assert stored_tags(engine) == [(1, "a" * 100, 1), (2, "last", 1)]
    assert rows(engine, "SELECT rejected FROM loads") == [(len(broken) + 2,)]


def test_second_load_changes_no_row(engine: Engine, tmp_path: Path) -> None:
    folder = write_csv(tmp_path / "ml", tags=TAGS)
    load(engine, folder)
    before = dump(engine)
    load(engine, folder)
    after = dump(engine)
    assert len(after.pop("loads")) == len(before.pop("loads")) + 1
    assert after == before


def test_another_set_replaces_the_tags(engine: Engine, tmp_path: Path) -> None:
    load(engine, write_csv(tmp_path / "first", tags=TAGS))
    kept = rows(engine, "SELECT id FROM tags WHERE folded = 'pixar'")
    tags = ["7,1,PIXAR,10", "8,1,PIXAR,10", "7,1,new,5", "7,2,time travel,9"]
    report = load(engine, write_csv(tmp_path / "second", tags=tags))
    assert stored_tags(engine) == [(1, "PIXAR", 2), (1, "new", 1), (2, "time travel", 1)]
    assert rows(engine, "SELECT id FROM tags WHERE folded = 'pixar'") == kept
    assert rows(engine, "SELECT name FROM tags ORDER BY folded") == [
        ("new",),
        ("PIXAR",),
        ("time travel",),
    ]
    assert (report.tags_added, report.tags_changed, report.tags_removed) == (2, 1, 4)


def test_set_without_tags_removes_all(engine: Engine, tmp_path: Path) -> None:
    load(engine, write_csv(tmp_path / "first", tags=TAGS))
    report = load(engine, write_csv(tmp_path / "second"))
    assert (report.tags, report.tags_removed) == (0, 5)
    assert rows(engine, "SELECT * FROM tags") == []


def test_tags_are_deleted_with_their_film(engine: Engine, tmp_path: Path) -> None:
    load(engine, write_csv(tmp_path / "first", tags=TAGS))
    ratings = ["7,1,4.0,5"]
    load(engine, write_csv(tmp_path / "second", FEW_MOVIES[:1], ratings, tags=TAGS[:4]))
    assert stored_tags(engine) == STORED[:2]
    execute(engine, "DELETE FROM ratings", "DELETE FROM movies WHERE id = 1")
    assert stored_tags(engine) == []


def test_most_common_tags_of_a_film_are_kept(engine: Engine, tmp_path: Path) -> None:
    tags = [f"7,1,tag {number:03},5" for number in range(MOST_TAGS + 5)]
    folder = write_csv(tmp_path / "ml", tags=[*tags, f"8,1,tag {MOST_TAGS + 4},5", "7,2,tag 203,5"])
    report = load(engine, folder)
    kept = [tag for film, tag, _ in stored_tags(engine) if film == 1]
    assert (len(kept), kept[0], kept[-1]) == (MOST_TAGS, "tag 204", "tag 198")
    assert stored_tags(engine)[-1] == (2, "tag 203", 1)
    assert report.tags == MOST_TAGS + 1
    assert report.notes == (
        "The 200 tags that most people gave were kept for each film; 5 others were left out.",
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "tags.csv begins with ''"),
        (b"userId,movieId\n7,1\n", "columns have to be userId,movieId,tag"),
        (b"userId,movieId,tag,timestamp\n7,1," + b"a" * 2_000_000, "more than a megabyte"),
    ],
)
def test_invalid_file_of_tags_changes_nothing(
    content: bytes, words: str, engine: Engine, tmp_path: Path
) -> None:
    load(engine, write_csv(tmp_path / "first", tags=TAGS))
    before = dump(engine)
    folder = write_csv(tmp_path / "second")
    (folder / "tags.csv").write_bytes(content)
    with pytest.raises(SourceError) as caught:
        load(engine, folder)
    assert words in str(caught.value)
    assert dump(engine) == before


def test_zip_bomb_of_tags_is_refused(engine: Engine, tmp_path: Path) -> None:
    folder = write_csv(tmp_path / "ml", tags=["7,1,dark,5"] * 2_000_000)
    with pytest.raises(SourceError, match=r"tags\.csv in the zip grows"):
        load(engine, write_zip(tmp_path / "ml.zip", folder))
