"""Rating where one stands: the next five know it, and there is a way back."""

import json
import re

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from accounts.rate_limits import RateLimit
from db.queries import marks, ratings
from startup import Application
from tests.conftest import serve_with
from tests.pages.conftest import announced, click, log_in, press, refuse_guests, titles

pytestmark = pytest.mark.data_layer


def _give(visitor: AppTest, movie_id: int, stars: int) -> AppTest:
    return click(visitor, movie_id, str(stars))


def test_a_strangers_rating_changes_the_five(visitor: AppTest, application: Application) -> None:
    before = titles(visitor.run())
    _give(visitor, 5, 5)
    after = titles(visitor)
    assert "Aliens" in before
    assert "Aliens" not in after
    assert len(after) == 5
    assert "Based on the film you have rated here" in visitor.markdown[0].value
    assert "You gave **Aliens (1986)** 5 ★" in [each.value for each in visitor.markdown]
    assert announced(visitor) == "You rated Aliens (1986) 5 out of 5 stars."


def test_undo_brings_the_film_back(visitor: AppTest, application: Application) -> None:
    before = titles(visitor.run())
    _give(visitor, 5, 5)
    visitor.button(key="undo").click().run()
    assert titles(visitor) == before
    assert "undo" not in [each.key for each in visitor.button]
    assert announced(visitor) == "Undone: Aliens (1986)."


def test_a_click_that_is_told_twice_counts_once(visitor: AppTest) -> None:
    click(visitor, 5, "5", id=1)
    click(visitor, 5, "4", id=2)
    click(visitor, 5, "4", id=2)  # the connection broke before the answer
    assert "You gave **Aliens (1986)** 4 ★" in [each.value for each in visitor.markdown]
    visitor.button(key="undo").click().run()
    click(visitor, 5, "4", id=2)
    assert "undo" not in [each.key for each in visitor.button]


def test_a_known_persons_rating_is_kept_in_the_database(
    visitor: AppTest, application: Application
) -> None:
    log_in(visitor)
    visitor.switch_page("for_you").run()
    assert "Unforgiven" in titles(visitor)
    _give(visitor, 7, 4)
    assert "Unforgiven" not in titles(visitor)
    with application.services.engine.connect() as connection:
        assert ratings.get(connection, 1, 7) == 4.0
    visitor.button(key="undo").click().run()
    with application.services.engine.connect() as connection:
        assert ratings.get(connection, 1, 7) is None
    assert "Unforgiven" in titles(visitor)


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        ("dismissed", "You are not interested in **Aliens (1986)**"),
        ("seen", "You have seen **Aliens (1986)**"),
        ("later", "**Aliens (1986)** is on your list to watch later"),
    ],
)
def test_what_is_marked_does_not_come_back_until_undone(
    visitor: AppTest, application: Application, mark: str, said: str
) -> None:
    before = titles(visitor)
    click(visitor, 5, mark)
    assert "Aliens" not in titles(visitor)
    assert said in [each.value for each in visitor.markdown]
    assert "Aliens" not in titles(visitor.run())
    visitor.button(key="undo").click().run()
    assert titles(visitor) == before


def test_a_known_persons_mark_is_kept_in_the_database(
    visitor: AppTest, application: Application
) -> None:
    log_in(visitor)
    visitor.switch_page("for_you").run()
    click(visitor, 7, "later")
    with application.services.engine.connect() as connection:
        assert marks.get(connection, 1, 7) == "later"
    visitor.switch_page("by_genre").run()
    assert titles(visitor.button_group(key="genre").select("Western").run()) == []
    visitor.button(key="undo").click().run()
    assert titles(visitor) == ["Unforgiven"]
    with application.services.engine.connect() as connection:
        assert marks.get(connection, 1, 7) is None


def test_undoing_a_rating_of_a_marked_film_brings_the_mark_back(
    visitor: AppTest, application: Application
) -> None:
    log_in(visitor)
    with application.services.engine.begin() as connection:
        marks.put(connection, 1, 7, "later")
    visitor.query_params["view"] = "Lists"
    visitor.switch_page("my_films").run()
    visitor.feedback(key="stars-7").set_value(4).run()
    with application.services.engine.connect() as connection:
        assert ratings.get(connection, 1, 7) == 5.0
        assert marks.get(connection, 1, 7) is None
    visitor.button(key="undo").click().run()
    with application.services.engine.connect() as connection:
        assert ratings.get(connection, 1, 7) is None
        assert marks.get(connection, 1, 7) == "later"


def test_logging_in_takes_the_ratings_along(visitor: AppTest, application: Application) -> None:
    _give(visitor.run(), 7, 5)
    log_in(visitor)
    with application.services.engine.connect() as connection:
        assert ratings.get(connection, 1, 7) == 5.0


def test_a_session_that_has_ended_rates_for_nobody(
    visitor: AppTest, application: Application
) -> None:
    log_in(visitor)
    visitor.switch_page("for_you").run()
    with application.services.engine.begin() as connection:
        connection.execute(text("DELETE FROM sessions"))
    _give(visitor, 7, 4)
    assert not visitor.exception
    with application.services.engine.connect() as connection:
        assert ratings.get(connection, 1, 7) is None


def test_a_rating_that_cannot_be_kept_is_said(visitor: AppTest, application: Application) -> None:
    visitor.run()
    refuse_guests(application)
    _give(visitor, 5, 5)
    assert "not kept" in visitor.error[0].value
    assert "Aliens" in titles(visitor)


def test_who_rates_too_fast_is_told_when_to_go_on(
    visitor: AppTest, application: Application
) -> None:
    serve_with(application, rating_limit=RateLimit(1))
    _give(visitor.run(), 5, 5)
    assert not visitor.error
    _give(visitor, 6, 5)
    assert "You are rating too fast. Try again in" in visitor.error[0].value
    assert application.services.guests.of(visitor.session_state["visitor"]).history[
        "movie_id"
    ].tolist() == [5]


def test_why_takes_the_score_apart(visitor: AppTest, application: Application) -> None:
    _give(visitor.run(), 5, 5)
    click(visitor, 6, "why")
    assert not visitor.exception
    chart = visitor.get("plotly_chart")[0].proto
    assert "You liked Aliens (1986)" in chart.alt
    assert "How popular it is" in chart.alt
    parts = [float(part.rsplit(" ", 1)[1]) for part in chart.alt.split(": ", 1)[1].split(", ")]
    said = next(each.value for each in visitor.markdown if "Its score for you" in each.value)
    assert sum(parts) == pytest.approx(float(said.split("**")[1]), abs=0.03)  # each is rounded


def test_why_has_parts_of_what_one_dislikes_and_is_not_interested_in(visitor: AppTest) -> None:
    log_in(visitor)
    visitor.switch_page("for_you").run()
    click(visitor, 7, "dismissed")
    visitor.switch_page("film")
    visitor.query_params["id"] = "10"
    press(visitor.run(), "Why would I like it?")
    (chart,) = (
        each.proto
        for each in visitor.get("plotly_chart")
        if each.proto.alt.startswith("The parts of the score")
    )
    assert "You disliked Blade Runner (1982) " in chart.alt
    assert "You weren't interested in Unforgiven (1992) " in chart.alt
    assert "✗ Blade Runner (1982)" in json.dumps(json.loads(chart.spec), ensure_ascii=False)


def test_each_liked_film_can_be_ticked_off(visitor: AppTest) -> None:
    log_in(visitor)
    visitor.switch_page("for_you").run()
    click(visitor, 7, "why")
    assert "Your five are:" in [each.value for each in visitor.markdown]
    liked = [each for each in visitor.checkbox if each.key and each.key.startswith("liked-")]
    assert {each.label.replace("\\", "") for each in liked} == {
        "Toy Story (1995)",
        "Heat (1995)",
        "Fargo (1996)",
        "Alien (1979)",
        "Aliens (1986)",
    }


def test_each_card_says_why_in_a_sentence(visitor: AppTest) -> None:
    (cards,) = visitor.get("bidi_component")
    assert (
        re.findall(r'class="why">(.*?)</p>', json.loads(cards.proto.json)["html"])
        == ["Many people like it"] * 5
    )


def _said(visitor: AppTest) -> str:
    """The line above the films."""
    return next(each.value for each in visitor.markdown if "best-liked" in each.value)


@pytest.mark.parametrize("whose", ["stranger", "account"])
def test_the_line_above_the_films_says_what_they_rest_on(
    visitor: AppTest, application: Application, whose: str
) -> None:
    """Nothing that was liked, a film that was neither, films that were disliked, and a like."""
    is_known = whose == "account"
    if is_known:
        with application.services.engine.begin() as connection:
            connection.execute(text("DELETE FROM ratings WHERE user_id = 1"))
        log_in(visitor)
        visitor.switch_page("for_you").run()
    keep = "" if is_known else " [Log in or register](/account) to keep this."
    assert "because you haven't rated any yet" in _said(visitor)

    click(visitor, 5, "3")
    assert _said(visitor).endswith(
        "you haven't liked the film you have rated. Give one 4 stars or more, and your next five "
        f"will reflect it.{keep}"
    )
    for film in (6, 7):
        click(visitor, film, "1")
    assert _said(visitor) == (
        "The best-liked films of all, without any like the 2 you disliked. Like one, and your next "
        f"five will reflect it.{keep}"
    )
    click(visitor, 8, "dismissed")
    assert "the 3 you disliked or aren't interested in" in _said(visitor)
    click(visitor, int(re.findall(r'data-film="(\d+)"', _html(visitor))[0]), "5")
    words = [each.value for each in visitor.markdown]
    assert not [each for each in words if "best-liked" in each]
    assert any(
        ("liked and disliked among the 4 films" if is_known else "Based on the 4 films") in each
        for each in words
    )


def _html(visitor: AppTest) -> str:
    return str(json.loads(visitor.get("bidi_component")[0].proto.json)["html"])


def test_a_browser_that_says_nonsense_changes_nothing(visitor: AppTest) -> None:
    before = titles(visitor)
    for does in ("6", "0.3", "", "DROP"):
        click(visitor, 5, does)
        assert titles(visitor) == before
        assert not visitor.error
