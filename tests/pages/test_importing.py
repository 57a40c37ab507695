"""Bringing ratings from elsewhere: looked at first, then imported, and never by halves."""

import io
import zipfile

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from db.queries import histories, marks
from startup import Application
from tests.pages.conftest import log_in, press, refuse_guests

pytestmark = pytest.mark.data_layer

LETTERBOXD = """Date,Name,Year,Letterboxd URI,Rating
2024-01-02,Unforgiven,1992,https://boxd.it/1,4.5
2024-01-03,Amelie,2001,https://boxd.it/2,5
2024-01-04,Toy Story,1995,https://boxd.it/3,1
2024-01-05,Solariss,1972,https://boxd.it/4,4
2024-01-06,"<script>alert(1)</script>, the film",2020,https://boxd.it/5,0.5
2024-01-07,Heat,1995,https://boxd.it/6,nine
"""


def _page(visitor: AppTest) -> AppTest:
    visitor.query_params["view"] = "Import"
    return visitor.switch_page("my_films").run()


def _upload(visitor: AppTest, data: bytes | str, name: str = "ratings.csv") -> AppTest:
    content = data.encode() if isinstance(data, str) else data
    visitor.file_uploader(key="import_file").set_value((name, content, "text/csv")).run()
    assert not visitor.exception
    return visitor


def _mine(application: Application) -> dict[int, float]:
    with application.services.engine.connect() as connection:
        history = histories.frame(connection, 1)
    return dict(zip(history["movie_id"], history["rating"], strict=True))


def test_a_look_before_anything_is_kept(visitor: AppTest, application: Application) -> None:
    log_in(visitor)
    before = _mine(application)
    _upload(_page(visitor), LETTERBOXD)
    assert {each.label: each.value for each in visitor.metric} == {
        "Found": "3",
        "Unsure": "1",
        "Not found": "1",
        "Can't be used": "1",
    }
    assert visitor.button(key="import_now").label == "Import 3 ratings"
    assert _mine(application) == before


def test_importing_adds_and_leaves_what_differs(visitor: AppTest, application: Application) -> None:
    log_in(visitor)
    before = _mine(application)
    _upload(_page(visitor), LETTERBOXD)
    press(visitor, "Import 3 ratings")
    assert visitor.success[0].value.startswith("Ratings added: 2, changed: 0")
    assert _mine(application) == before | {7: 4.5, 11: 5.0}


def test_the_files_rating_if_wished(visitor: AppTest, application: Application) -> None:
    log_in(visitor)
    _upload(_page(visitor), LETTERBOXD)
    visitor.checkbox(key="import_replace").check().run()
    press(visitor, "Import 3 ratings")
    assert visitor.success[0].value.startswith("Ratings added: 2, changed: 1")
    assert _mine(application)[1] == 1.0


def test_the_same_file_twice_changes_nothing(visitor: AppTest, application: Application) -> None:
    log_in(visitor)
    for _ in range(2):
        _upload(_page(visitor), LETTERBOXD)
        press(visitor, "Import 3 ratings")
    assert visitor.success[0].value.startswith("Ratings added: 0, changed: 0")
    with application.services.engine.connect() as connection:
        revision = connection.scalar(
            text("SELECT ratings_revision % 1000000 FROM users WHERE id=1")
        )
    assert revision == 1


def test_an_unsure_row_is_picked(visitor: AppTest, application: Application) -> None:
    log_in(visitor)
    _upload(_page(visitor), LETTERBOXD)
    (unsure,) = [each for each in visitor.selectbox if "Solaris" in each.label]
    assert unsure.value == 0
    unsure.set_value(10).run()
    press(visitor, "Import 4 ratings")
    assert _mine(application)[10] == 4.0


def test_a_guests_import_is_kept(visitor: AppTest) -> None:
    _upload(_page(visitor), LETTERBOXD)
    press(visitor, "Import 3 ratings")
    assert visitor.success[0].value.startswith("Ratings added: 3")
    visitor.segmented_control(key="view").set_value("Rated").run()
    assert set(visitor.data_editor[0].value["film"]) == {
        "Unforgiven (1992)",
        "Amélie (2001)",
        "Toy Story (1995)",
    }


def test_an_import_that_cannot_be_kept_keeps_nothing(
    visitor: AppTest, application: Application
) -> None:
    _upload(_page(visitor), LETTERBOXD)
    refuse_guests(application)
    press(visitor, "Import 3 ratings")
    assert "Nothing was imported" in visitor.error[0].value


def _bomb() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ratings.csv", b"0" * 60_000_000)
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("ratings.csv", b""),
        ("ratings.csv", b"\x89PNG\r\n\x1a\n" + bytes(100)),
        ("ratings.csv", b"a,b\n1,2\n"),
        ("export.zip", b"PK\x03\x04 no zip"),
        ("export.zip", _bomb()),
        ("ratings.csv", b"Date,Name,Year,Letterboxd URI,Rating\n"),
    ],
)
def test_a_wrong_file_says_what_is_wrong(
    visitor: AppTest, application: Application, name: str, data: bytes
) -> None:
    log_in(visitor)
    before = _mine(application)
    _upload(_page(visitor), data, name)
    assert len(visitor.error) == 1
    assert 20 < len(visitor.error[0].value) < 400
    assert "import_now" not in [each.key for each in visitor.button]
    assert _mine(application) == before


WATCHED = "Date,Name,Year,Letterboxd URI\n2024-01-02,Unforgiven,1992,https://boxd.it/1\n"
WANTED = "Date,Name,Year,Letterboxd URI\n2024-01-02,Solaris,1972,https://boxd.it/4\n"
LIST = "Position,Name,Year,URL,Description\n1,Amelie,2001,https://boxd.it/2,\n"


def _zip(**files: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text_of_file in files.items():
            archive.writestr(f"{name}.csv", text_of_file)
    return content.getvalue()


def _marks(application: Application) -> dict[int, str]:
    with application.services.engine.connect() as connection:
        mine = marks.of_user(connection, 1)
    return dict(zip(mine["movie_id"], mine["mark"], strict=True))


def test_the_parts_of_an_export_are_ticked(visitor: AppTest, application: Application) -> None:
    log_in(visitor)
    export = _zip(watched=WATCHED, watchlist=WANTED, profile="a,b\n1,2\n", **{"lists/best": LIST})
    _upload(_page(visitor), export, "letterboxd.zip")
    assert [box.label for box in visitor.checkbox] == [
        r"watched\.csv: 1 film seen",
        r"watchlist\.csv: 1 film to watch later",
    ]
    assert any(r"Not read: profile\.csv." in each.value for each in visitor.caption)
    (listed,) = [each for each in visitor.selectbox if each.label.startswith("lists/best")]
    assert listed.value is None
    visitor.checkbox[0].uncheck().run()
    (listed,) = [each for each in visitor.selectbox if each.label.startswith("lists/best")]
    listed.set_value("seen").run()
    press(visitor, "Import ratings: 0, films for my lists: 2")
    assert "Films added to your lists: 2." in visitor.success[0].value
    assert _marks(application) == {10: "later", 11: "seen"}


def test_a_guest_brings_lists_too(visitor: AppTest) -> None:
    _upload(_page(visitor), WATCHED, "watched.csv")
    press(visitor, "Import ratings: 0, films for my lists: 1")
    visitor.segmented_control(key="view").set_value("Lists").run()
    assert any("Seen (1)" in each.value for each in visitor.subheader)


def test_a_table_of_no_known_service(visitor: AppTest, application: Application) -> None:
    """The columns are guessed, and corrected by hand; so are the scale and the order of dates."""
    log_in(visitor)
    table = "film,points,when\nUnforgiven (1992),4,4/3/2021\nSolaris (1972),5,5/3/2021\n"
    _upload(_page(visitor), table, "mine.csv")
    chosen = {each.label: each.value for each in visitor.selectbox}
    assert (chosen["Title"], chosen["Rating"], chosen["Date"]) == ("film", "points", "when")
    (scale,) = [each for each in visitor.segmented_control if each.label == "The best rating is"]
    scale.set_value(10).run()
    assert any("Ratings were read as out of 10." in each.value for each in visitor.caption)
    (order,) = [each for each in visitor.segmented_control if "two ways" in each.label]
    order.set_value("mdy").run()
    assert not visitor.exception
    press(visitor, "Import 2 ratings")
    with application.services.engine.connect() as connection:
        history = histories.frame(connection, 1).set_index("movie_id")
    assert history.loc[[7, 10], "rating"].tolist() == [2.0, 2.5]
    assert str(history.loc[7, "rated_at"]) == "2021-04-03 00:00:00+00:00"


def test_what_a_thumb_counts_as_is_told(visitor: AppTest) -> None:
    _upload(_page(visitor), "film,opinion\nUnforgiven (1992),liked\n", "mine.csv")
    assert any("a thumb down as 1½ ★" in each.value for each in visitor.caption)
    press(visitor, "Import 1 rating")
    assert visitor.success[0].value.startswith("Ratings added: 1")


def test_a_table_whose_columns_nobody_can_tell(visitor: AppTest) -> None:
    _upload(_page(visitor), "1,2\nUnforgiven,1992\nSolaris,1972\n", "mine.csv")
    for label, column in (("Title", "1"), ("Year", "2")):
        (select,) = [each for each in visitor.selectbox if each.label == label]
        select.set_value(column).run()
    assert not visitor.exception
    assert {each.label: each.value for each in visitor.metric}["Found"] == "2"


def test_the_first_suggestion_for_all(visitor: AppTest) -> None:
    _upload(_page(visitor), "Title,Date\nUnforgiven,4/13/21\nSolaris,4/14/21\n", "Netflix.csv")
    assert {each.label: each.value for each in visitor.metric}["Unsure"] == "2"
    press(visitor, "Choose the first suggestion for all")
    press(visitor, "Import ratings: 0, films for my lists: 2")
    assert "Films added to your lists: 2." in visitor.success[0].value
