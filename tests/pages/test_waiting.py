"""What people read while a start can't go on."""

import pytest
from streamlit.testing.v1 import AppTest

from db.queries import users
from i18n.language import Text
from startup import Application, Stage
from tests.pages.conftest import log_in, new_visit
from tests.starting import start_again

pytestmark = pytest.mark.data_layer

DETAIL = "/srv/films/data_set.zip does not exist"


@pytest.fixture
def visitor(application: Application) -> AppTest:
    """A page that was not opened yet."""
    application.progress.stage = Stage(
        Text("Loading the films"), problem=Text("the data set can't be read"), detail=DETAIL
    )
    return new_visit()


def test_the_first_films_are_waited_for(visitor: AppTest, application: Application) -> None:
    start_again(application)
    visitor.run()
    assert not visitor.exception
    (error,) = visitor.error
    assert error.value.startswith("Loading the films failed: the data set can't be read.")
    assert "If you run this site" in error.value
    assert "/srv" not in error.value


def test_the_training_is_waited_for(visitor: AppTest, application: Application) -> None:
    start_again(application, has_films=True)
    visitor.run()
    assert not visitor.exception
    words = "for now: the data set can't be read. Training is retried automatically."
    assert [each.value.endswith(words) for each in visitor.warning].count(True) == 1
    assert not [each.value for each in visitor.warning if "/srv" in each.value]


def test_an_administrator_reads_the_error_itself(
    visitor: AppTest, application: Application
) -> None:
    log_in(visitor.run())
    with application.services.engine.begin() as connection:
        users.set_role(connection, 1, "admin")
    visitor.switch_page("operations").run()
    visitor.segmented_control(key="show").set_value("Health").run()
    assert not visitor.exception
    assert [each.value for each in visitor.error] == [
        "The app can't start: /srv/films/data\\_set\\.zip does not exist"
    ]
