"""Which films count as shown, opened and rated."""

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from startup import Application
from tests.pages.conftest import click, log_in

pytestmark = pytest.mark.data_layer


def _events(application: Application) -> list[tuple[object, ...]]:
    application.services.recorder.flush()
    with application.services.engine.connect() as connection:
        rows = connection.execute(
            text("SELECT kind, movie_id, user_id, model_version FROM events ORDER BY id")
        )
        return list(map(tuple, rows))


def test_a_list_is_shown_once_however_often_the_page_runs(
    visitor: AppTest, application: Application
) -> None:
    visitor.run()
    shown = _events(application)
    assert {(kind, *rest) for kind, _film, *rest in shown} == {("shown", None, 1)}
    assert len({film for _kind, film, *_ in shown}) == len(shown) == 5
    visitor.button(key="more").click().run()
    assert len(_events(application)) == 10


def test_what_stays_in_a_list_while_another_goes_is_not_shown_again(
    visitor: AppTest, application: Application
) -> None:
    before = _events(application)
    click(visitor, 5, "5")
    rated, *shown = _events(application)[len(before) :]
    assert rated == ("rated", 5, None, 1)
    films = {movie_id for _, movie_id, _, _ in shown}
    assert {kind for kind, *_ in shown} == {"shown"}
    assert not films & {film for _, film, *_ in before}
    click(visitor, 7, "5")
    visitor.button(key="undo").click().run()
    rated_films = [movie_id for kind, movie_id, *_ in _events(application) if kind == "rated"]
    assert rated_films == [5, 7]


def test_films_are_opened_by_their_page_or_their_reasons(
    visitor: AppTest, application: Application
) -> None:
    click(visitor, 5, "why")
    visitor.run()
    visitor.switch_page("film")
    for movie_id in ("5", "7", "12"):  # 5 was opened already, 12 wasn't shown
        visitor.query_params["id"] = movie_id
        visitor.run()
    assert _events(application)[5:] == [("opened", 5, None, 1), ("opened", 7, None, 1)]


def test_events_of_a_known_person_are_theirs(visitor: AppTest, application: Application) -> None:
    log_in(visitor)
    visitor.switch_page("for_you").run()
    assert [user for *_, user, _ in _events(application)[5:]] == [1] * 5
    click(visitor, 7, "why")
    assert _events(application)[-1][0::2] == ("opened", 1)


def test_a_page_stands_when_events_cannot_be_written(
    application: Application, visitor: AppTest
) -> None:
    application.services.recorder.flush()
    with application.services.engine.begin() as connection:
        connection.execute(text("ALTER TABLE events RENAME TO gone"))
    visitor.button(key="more").click().run()
    assert not visitor.exception
    assert not visitor.error
    assert visitor.button(key="more").label == "Five more films"
