"""How far popularity counts: chosen, kept for whoever chose it, and in the address."""

import pytest
from redis import Redis
from streamlit.testing.v1 import AppTest

from db.queries import users
from db.queries.users import User
from pages.parts.styles import _LABELS, ABOUT
from recsys.models.styles import STYLES
from startup import Application
from tests.cached import cached_lists
from tests.pages.conftest import log_in, new_visit, opened, press, refuse_guests, titles

pytestmark = pytest.mark.data_layer


def _choose(visitor: AppTest, style: str, *, key: str = "style") -> AppTest:
    visitor.segmented_control(key=key).set_value(style).run()
    assert not visitor.exception
    return visitor


def _chosen(visitor: AppTest, *, key: str = "style") -> str:
    return str(visitor.segmented_control(key=key).value)


def _captions(visitor: AppTest) -> list[str]:
    return [each.value for each in visitor.caption]


def _rater(application: Application) -> User:
    with application.services.engine.connect() as connection:
        user = users.by_id(connection, 1)
    assert user is not None
    return user


def test_every_style_has_a_name_and_says_what_it_does() -> None:
    assert [*_LABELS] == [*ABOUT] == [*STYLES]


def test_a_stranger_chooses(
    visitor: AppTest, application: Application, redis_client: Redis
) -> None:
    control = visitor.segmented_control(key="style")
    assert control.options == ["Well-known", "Balanced", "Adventurous"]
    assert control.value == "balanced"
    assert "style" not in visitor.query_params
    _choose(visitor, "adventurous")
    assert visitor.query_params["style"] == "adventurous"
    assert "Films that few people have discovered yet." in _captions(visitor)
    assert len(titles(visitor)) == 5
    assert len(cached_lists(redis_client, application.services.engine, "stranger:adventurous")) == 1
    assert application.services.guests.of(visitor.session_state["visitor"]).style == "adventurous"

    visitor.switch_page("by_genre").run()
    assert _chosen(visitor) == "adventurous", "kept for the visitor"
    _choose(visitor, "popular").switch_page("for_you").run()
    assert _chosen(visitor) == "popular"


def test_the_first_five_of_another_style_come_first(visitor: AppTest) -> None:
    first = titles(visitor)
    visitor.button(key="more").click().run()
    _choose(visitor, "popular")
    assert visitor.session_state["list_start"] == 0
    _choose(visitor, "balanced")
    assert titles(visitor) == first


@pytest.mark.parametrize("page", ["for_you", "by_genre"])
def test_an_address_shows_the_same_and_keeps_nothing(application: Application, page: str) -> None:
    visitor = opened(new_visit(), page, style="popular", genre="Drama")
    assert _chosen(visitor) == "popular"
    assert "Films that many people like." in _captions(visitor)
    assert titles(visitor)
    assert application.services.guests.of(visitor.session_state["visitor"]).style is None


def test_it_is_kept_for_the_account(visitor: AppTest, application: Application) -> None:
    log_in(visitor)
    visitor.switch_page("for_you").run()
    revision = _rater(application).ratings_revision
    _choose(visitor, "popular")
    assert _rater(application).style == "popular"
    assert _rater(application).ratings_revision == revision
    visitor = log_in(new_visit().run())
    visitor.switch_page("for_you").run()
    assert _chosen(visitor) == "popular"


def test_a_strangers_choice_becomes_the_accounts(
    visitor: AppTest, application: Application
) -> None:
    log_in(_choose(visitor, "adventurous"))
    visitor.switch_page("for_you").run()
    assert _chosen(visitor) == "adventurous"
    assert _rater(application).style == "adventurous"


def test_a_choice_that_cannot_be_kept_holds_for_the_visit(
    visitor: AppTest, application: Application
) -> None:
    refuse_guests(application)
    _choose(visitor, "adventurous")
    assert not visitor.error
    assert _chosen(visitor.run()) == "adventurous"


def test_it_stays_when_the_language_changes(visitor: AppTest) -> None:
    _choose(visitor, "adventurous")
    press(visitor, "Русский")
    control = visitor.segmented_control(key="style")
    assert (control.options, control.value) == (
        ["Известное", "Баланс", "Открытия"],
        "adventurous",
    )
    assert len(visitor.warning) == 1, "that demo accounts are on, and nothing else"
    assert visitor.query_params["style"] == "adventurous"


def test_an_analyst_looks_at_somebody_in_each_style(
    visitor: AppTest, application: Application
) -> None:
    """Nothing is kept of it, for the analyst neither."""
    log_in(visitor)
    visitor.query_params["user"] = "2"
    visitor.switch_page("inspector").run()
    assert _chosen(visitor, key="look") == "balanced"
    for style in STYLES:
        _choose(visitor, style, key="look")
        assert visitor.query_params["style"] == style
        assert visitor.header[0].value == "Person 2"
    assert _rater(application).style is None


def test_a_presenter_shows_somebody_in_each_style(
    visitor: AppTest, application: Application
) -> None:
    visitor.query_params["step"] = "8"
    visitor.switch_page("walkthrough").run()
    visitor.button(key="do-8").click().run()
    assert _chosen(visitor, key="look") == "balanced"
    for style in STYLES:
        _choose(visitor, style, key="look")
        assert visitor.header[0].value.startswith("8 of ")
        assert len(titles(visitor)) == 5
    with application.services.engine.connect() as connection:
        assert {users.by_id(connection, number).style for number in range(1, 9)} == {None}  # type: ignore[union-attr]
