"""What the cards of the five say of the people of a film."""

import json
import re

import pytest
from streamlit.testing.v1 import AppTest

from startup import Application
from tests.catalogue import add_person
from tests.pages.conftest import new_visit

pytestmark = pytest.mark.data_layer


def _made_by(visitor: AppTest) -> list[list[str]]:
    """What each card says of the film's people; empty without a place for them."""
    assert not visitor.exception
    [cards] = [json.loads(each.proto.json)["html"] for each in visitor.get("bidi_component")]
    lines = re.findall(r'<p class="made-by quiet" title=".*?">(.*?)</p>', cards)
    return [re.findall("<span>(.*?)</span>", line) for line in lines]


def test_no_place_for_people_if_none_are_known(visitor: AppTest) -> None:
    assert _made_by(visitor) == []


def test_directors_and_three_of_the_cast(application: Application) -> None:
    listed = application.services.recommender.recommend(None).items
    first, second, third = [item.movie_id for item in listed[:3]]
    with application.services.engine.begin() as connection:
        for number, name in enumerate(("Ann", "<Bob>", "Cy", "Dee"), 1):
            roles = ["director", "cast"] if number < 3 else ["cast"]
            add_person(connection, number, name, {first: roles, second: roles[-1:]})
        add_person(connection, 5, "Eve", {third: ["director"]})
    known = [
        ["Directed by Ann, &lt;Bob&gt;", "With Ann, &lt;Bob&gt;, Cy"],
        ["With Ann, &lt;Bob&gt;, Cy"],
        ["Directed by Eve"],
    ]
    assert _made_by(new_visit().run()) == [*known, [], []]
