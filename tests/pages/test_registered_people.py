"""Who sees the people who registered here, and what of them."""

import re

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from accounts import registration
from db.queries import ratings, users, views
from db.queries.users import User
from startup import Application
from tests.conftest import serve_with
from tests.pages.conftest import log_in, opened, warnings


@pytest.fixture
def zelda(application: Application) -> User:
    """Somebody who has registered here, and rated more than all others."""
    person = registration.register(
        application.services.engine,
        email="zelda@secret.org",
        password="a fine long one",
        name="Zelda Z",
    )
    with application.services.engine.begin() as connection:
        ratings.put(connection, person.id, 4, 5.0)
        views.refresh(connection)
    return person


@pytest.fixture
def own_analyst(visitor: AppTest, application: Application) -> AppTest:
    """An account of its own, which was made an analyst's."""
    person = registration.register(
        application.services.engine, email="ann@mail.com", password="a fine long one", name="Ann"
    )
    with application.services.engine.begin() as connection:
        users.set_role(connection, person.id, "analyst")
    return log_in(visitor, "ann@mail.com", "a fine long one")


def _show_registered(application: Application, *, to_analysts: bool) -> None:
    serve_with(
        application,
        settings=application.settings.model_copy(update={"inspect_registered": to_analysts}),
    )


@pytest.mark.data_layer
@pytest.mark.parametrize("is_on", [False, True])
def test_a_demo_account_sees_the_data_sets_people_alone(
    visitor: AppTest, application: Application, zelda: User, is_on: bool
) -> None:
    _show_registered(application, to_analysts=is_on)
    refused = (
        "Numbers from 1000000000 belong to people who registered here. A demo account, which "
        "anybody can use, sees only the people of the data set."
    )
    page = opened(log_in(visitor), "inspector")
    there_is_none = zelda.id + 1
    for number in (zelda.id, there_is_none):
        for field in ("user", "other"):
            page.text_input(key=field).set_value(str(number)).run()
            assert warnings(page, "rule") == [refused]
            assert not page.header
            assert not page.dataframe
            page.text_input(key=field).set_value("").run()
    page.text_input(key="user").set_value("2")
    page.text_input(key="other").set_value(str(zelda.id)).run()
    assert warnings(page, "rule") == [refused]
    assert page.header[0].value == "Person 2"

    with application.services.engine.begin() as connection:  # nobody else is there to be taken
        connection.execute(text("DELETE FROM ratings WHERE user_id <> :id"), {"id": zelda.id})
        views.refresh(connection)
    page.button(key="random").click().run()
    assert page.text_input(key="user").value == "2"


@pytest.mark.data_layer
def test_an_analyst_sees_who_registered_where_that_is_set(
    own_analyst: AppTest, application: Application, zelda: User
) -> None:
    page = opened(own_analyst, "inspector", user=str(zelda.id))
    assert warnings(page, "rule") == [
        "Numbers from 1000000000 belong to people who registered here. They are shown only if "
        "the setting INSPECT_REGISTERED is on."
    ]
    assert not page.header
    _show_registered(application, to_analysts=True)
    page.run()
    assert page.header[0].value == f"Person {zelda.id}"
    page.text_input(key="user").set_value("99").run()
    assert "Accounts registered here have numbers from 1000000000." in warnings(page, "rule")[0]


@pytest.mark.data_layer
def test_a_registered_person_is_a_number(
    own_analyst: AppTest, application: Application, zelda: User
) -> None:
    _show_registered(application, to_analysts=True)
    person, page = zelda, opened(own_analyst, "inspector", user=str(zelda.id), other="2")
    assert page.header[0].value == f"Person {person.id} and Person 2"
    everything = "".join(str(each.proto) for each in [*page.main, *page.sidebar])
    assert "Alien (1979)" in everything
    assert not re.search("zelda|secret", everything, re.IGNORECASE)
    page.text_input(key="other").set_value("").run()
    assert page.header[0].value == f"Person {person.id}"
