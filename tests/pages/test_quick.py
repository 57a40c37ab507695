"""Pages while a first, quick model is served and the whole one is being trained."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from db.queries import users
from recsys.models.model import Model
from startup import Application
from tests.pages.conftest import log_in, new_visit, serve_changed, titles
from tests.starting import start_again

pytestmark = pytest.mark.data_layer


@pytest.fixture
def visitor(application: Application) -> AppTest:
    """The first page, as the start goes on."""

    def quick(model: Model) -> Model:
        return replace(model, parameters={**model.parameters, "quick": True})

    serve_changed(application, quick, quick=True)
    start_again(application, has_films=True)
    return new_visit().run()


def test_five_films_and_what_they_come_from(visitor: AppTest) -> None:
    assert not visitor.exception
    assert len(titles(visitor)) == 5
    (progress,) = visitor.get("progress")
    assert progress.proto.text == (
        "These films come from a first, quick model. Better ones follow when training is done."
    )


def test_the_map_waits_for_the_whole_model(visitor: AppTest) -> None:
    visitor.switch_page("map").run()
    assert not visitor.exception
    assert "comes with the model, which is being trained right now" in visitor.info[0].value


def test_the_inspector_waits_for_the_peers(visitor: AppTest) -> None:
    log_in(visitor)
    visitor.query_params["user"] = "2"
    visitor.switch_page("inspector").run()
    assert not visitor.exception
    assert "Item-kNN and EASE come with the model that is being trained" in visitor.info[0].value


def test_operations_says_that_it_is_a_quick_one(visitor: AppTest, application: Application) -> None:
    log_in(visitor)
    with application.services.engine.begin() as connection:
        users.set_role(connection, 1, "admin")
    visitor.switch_page("operations").run()
    visitor.segmented_control(key="show").set_value("Models").run()
    assert not visitor.exception
    assert any("A first, quick model" in each.value for each in visitor.info)
