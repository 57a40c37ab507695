"""The Operations page: who sees it, what it shows, what it does."""

import time
from typing import Any

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from db.queries import model_versions, trainings, users
from db.queries.locks import training_lock
from db.queries.users import Role
from pages.parts.text import plain
from startup import Application
from tests.pages.conftest import log_in, serve_changed

pytestmark = pytest.mark.data_layer


def _operations(visitor: AppTest, application: Application, role: Role = "admin") -> AppTest:
    """The page, for demo account 1 in this role."""
    log_in(visitor)
    with application.services.engine.begin() as connection:
        users.set_role(connection, 1, role)
    return visitor.switch_page("operations").run()


def _look_at(page: AppTest, view: str) -> AppTest:
    page.segmented_control(key="show").set_value(view).run()
    assert not page.exception
    return page


def _words(page: AppTest) -> str:
    parts: list[Any] = [*page.markdown, *page.caption, *page.info, *page.error, *page.warning]
    return "\n".join(part.value for part in [*parts, *page.success])


@pytest.fixture
def operations(visitor: AppTest, application: Application) -> AppTest:
    return _operations(visitor, application)


def test_strangers_are_asked_to_log_in(visitor: AppTest) -> None:
    visitor.switch_page("operations").run()
    assert visitor.title[0].value == "This page needs an administrator's account"
    assert visitor.code[0].value == "python -m recsys role EMAIL admin"
    assert not visitor.get("button_group")


def test_analysts_are_told_what_it_needs(visitor: AppTest, application: Application) -> None:
    page = _operations(visitor, application, "analyst")
    assert page.title[0].value == "This page needs an administrator's account"
    assert "You are logged in as Test 1, who may not see it." in _words(page)


def test_every_part_is_well(operations: AppTest) -> None:
    words = _words(operations)
    for part in ("Database", "Model", "Cache"):
        assert f":green[:material/check_circle:] **{part}**" in words
    versions = dict(operations.dataframe[0].value.values.tolist())
    assert {"Python", "PostgreSQL", "Schema", "streamlit"} <= set(versions)


def test_another_model_is_served_and_the_former_again(
    operations: AppTest, application: Application
) -> None:
    with application.services.engine.begin() as connection:
        artefact = model_versions.artefact(connection, 1)
        model_versions.store(
            connection, artefact, {"seed": 7, "data": "other data"}, {"ndcg": {"at 5": 0.5}}
        )
    _look_at(operations, "Models")
    assert operations.metric[0].value == "Model 1"
    assert "Go back" not in " ".join(each.label for each in operations.button)
    assert operations.selectbox(key="version").value == 1, "the one that is served"
    assert operations.dataframe[0].proto.placeholder == "–", "where a version has no such metric"

    operations.selectbox(key="version").set_value(2).run()
    assert operations.dataframe[2].value.values.tolist() == [["ndcg.at 5", "0.5"]]
    operations.button(key="serve-2").click().run()
    assert "Model 2 is now in service." in _words(operations)
    assert operations.metric[0].value == "Model 2"
    until = time.monotonic() + 5
    while application.services.recommender.recommend(None).model_version != "2":
        assert time.monotonic() < until
        time.sleep(0.05)

    operations.button(key="back-1").click().run()
    assert operations.metric[0].value == "Model 1"
    with application.services.engine.connect() as connection:
        active = model_versions.active(connection)
    assert active is not None
    assert active.id == 1


def test_a_model_is_trained_while_the_page_may_be_closed(
    operations: AppTest, application: Application
) -> None:
    _look_at(operations, "Models")
    operations.button(key="train").click().run()
    assert operations.button(key="train").disabled
    assert [each.label for each in operations.status] or "under way" in _words(operations)
    until = time.monotonic() + 60
    while (progress := application.trainer.progress) is None or not progress.is_over:
        assert time.monotonic() < until
        time.sleep(0.1)
    assert progress.problem is None
    operations.run()
    assert not operations.button(key="train").disabled
    assert f"started by {plain('test1@mail.com')} from the Operations page" in _words(operations)
    assert operations.metric[0].value == "Model 2"


def test_a_second_training_is_refused_with_who_and_when(
    operations: AppTest, application: Application
) -> None:
    _look_at(operations, "Models")
    with training_lock(application.services.engine, "the command line", 2):
        operations.button(key="train").click().run()
        refused = operations.warning[0].value
        assert f"started by {plain('test2@mail.com')} from the command line at" in refused
        assert operations.button(key="train").disabled
    assert application.trainer.progress is None


def test_a_model_trained_with_little_memory_says_so(
    operations: AppTest, application: Application
) -> None:
    serve_changed(application, lambda model: model, little_memory=True, most_films=1_000)
    page = _look_at(operations, "Models")
    assert not page.exception
    assert "for only the 1,000 best-liked films" in page.info[0].value


def test_a_failed_training_says_why(operations: AppTest, application: Application) -> None:
    with (
        pytest.raises(ValueError, match="no"),
        training_lock(application.services.engine, "the start"),
    ):
        raise ValueError("no *room*")
    _look_at(operations, "Models")
    (failed,) = operations.error
    assert "started from the start, failed: no \\*room\\*" in failed.value
    with application.services.engine.begin() as connection:
        trainings.begin(connection, "the start", None)
    operations.run()
    assert "its process was killed" in operations.error[0].value


def test_shown_opened_and_rated_by_model_version(
    operations: AppTest, application: Application
) -> None:
    application.services.recorder.flush()
    with application.services.engine.begin() as connection:
        connection.execute(text("TRUNCATE event_days"))
    _look_at(operations, "Shown films")
    assert "Nothing was shown in this period" in _words(operations)
    with application.services.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO event_days VALUES (current_date, 1, 'shown', 10), "
                "(current_date - 1, 1, 'shown', 10), (current_date, 1, 'opened', 5), "
                "(current_date, 1, 'rated', 1), (current_date, 0, 'shown', 2), "
                "(current_date - 60, 1, 'shown', 100)"
            )
        )
    operations.run()
    assert operations.dataframe[0].value.values.tolist() == [
        ["Model 1", 20, 5, 1, 0.25, 0.05],
        ["Popularity", 2, 0, 0, 0.0, 0.0],
    ]
    assert "**Shown**: the film was in a list of five" in _words(operations)
    operations.segmented_control(key="period").set_value("90 days").run()
    assert operations.dataframe[0].value.values.tolist()[0][:2] == ["Model 1", 120]


def test_speed_loads_and_imports(operations: AppTest, application: Application) -> None:
    _look_at(operations, "Speed")
    figures = {each.label: each.value for each in operations.metric}
    assert int(figures["Misses"]) >= 1
    assert int(figures["Lists kept"]) >= 1
    assert figures["Errors"] == "0"
    assert "computed" in operations.dataframe[0].value["label"].tolist()

    _look_at(operations, "Data")
    assert operations.dataframe[0].value["source"].tolist() == ["small-release"]
    assert "Nobody with an account has imported ratings yet" in _words(operations)


def test_a_model_that_cannot_be_read_is_not_served(
    operations: AppTest, application: Application
) -> None:
    with application.services.engine.begin() as connection:
        model_versions.store(connection, b"of another version", {})
    _look_at(operations, "Models")
    operations.selectbox(key="version").set_value(2).run()
    operations.button(key="serve-2").click().run()
    assert "Model 2 can't be served: " in operations.error[0].value
    assert operations.metric[0].value == "Model 1"
