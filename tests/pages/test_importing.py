"""Bringing ratings from elsewhere: looked at first, then imported, and never by halves."""

import io
import zipfile

import pytest
from redis import Redis
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from db import ratings
from startup import Application
from tests.pages.conftest import log_in, press

pytestmark = pytest.mark.data_layer

LETTERBOXD = """Date,Name,Year,Letterboxd URI,Rating
2024-01-02,Unforgiven,1992,https://boxd.it/1,4.5
2024-01-03,Amelie,2001,https://boxd.it/2,5
2024-01-04,Toy Story,1995,https://boxd.it/3,1
2024-01-05,Solaris,1971,https://boxd.it/4,4
2024-01-06,"<script>alert(1)</script>, the film",2020,https://boxd.it/5,0.5
2024-01-07,Heat,1995,https://boxd.it/6,nine
"""


def _page(visitor: AppTest) -> AppTest:
    visitor.query_params["view"] = "Import"
    return visitor.switch_page("my_films.py").run()


def _upload(visitor: AppTest, data: bytes | str, name: str = "ratings.csv") -> AppTest:
    content = data.encode() if isinstance(data, str) else data
    visitor.file_uploader(key="import_file").set_value((name, content, "text/csv")).run()
    assert not visitor.exception
    return visitor


def _mine(application: Application) -> dict[int, float]:
    with application.engine.connect() as connection:
        history = ratings.history(connection, 1)
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
    with application.engine.connect() as connection:
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


def test_a_strangers_import_is_kept_in_redis(visitor: AppTest, application: Application) -> None:
    _upload(_page(visitor), LETTERBOXD)
    press(visitor, "Import 3 ratings")
    assert visitor.success[0].value.startswith("Ratings added: 3")
    visitor.segmented_control(key="view").set_value("Rated").run()
    assert set(visitor.data_editor[0].value["film"]) == {
        "Unforgiven (1992)",
        "Amélie (2001)",
        "Toy Story (1995)",
    }


def test_redis_away_imports_nothing(
    visitor: AppTest, application: Application, monkeypatch: pytest.MonkeyPatch, dead_redis: Redis
) -> None:
    _upload(_page(visitor), LETTERBOXD)
    monkeypatch.setattr(application.picks, "_redis", dead_redis)
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
