"""Spellings of the same title, and of different titles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.loading.names import Names, key, names, without_article


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HEAT", "Heat"),
        ("Amélie", "Amelie"),
        ("Schindler’s List", "Schindler's List"),
        ("Mission: Impossible – Fallout", "Mission Impossible - Fallout"),
        ("Lilo & Stitch", "Lilo and Stitch"),
        ("8½", "8 1/2"),
        ("Alien³", "Alien3"),
        ("Smørrebrød", "Smorrebrod"),
        ("Straße", "Strasse"),
        ("𝐇𝐞𝐚𝐭", "Heat"),
        ("Ｈｅａｔ ＆ Dust", "Heat and Dust"),
        ("L’Avventura", "L'avventura"),
        ("WALL·E", "wall-e"),
        ("千と千尋の神隠し", "千と千尋の神隠し "),
    ],
)
def test_same_title(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("$", "..."), ("Heat", "Heat 2"), ("Die Hard", "Hard"), ("", "$")]
)
def test_different_titles(one: str, other: str) -> None:
    assert without_article(key(one)) != without_article(key(other))


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("the matrix", "matrix"),
        ("l avventura", "avventura"),
        ("the", "the"),
        ("theatre", "theatre"),
        ("die hard", "die hard"),
        ("the the", "the"),
    ],
)
def test_articles(name: str, plain: str) -> None:
    assert without_article(name) == plain


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Heat", Names(("heat",), (), ())),
        (
            "Amélie (Le Fabuleux destin d'Amélie Poulain)",
            Names(
                ("amelie le fabuleux destin damelie poulain", "amelie"),
                ("le fabuleux destin damelie poulain",),
                (),
            ),
        ),
        (
            "Strike! (a.k.a. All I Wanna Do, The Hairy Bird)",
            Names(
                ("strike a k a all i wanna do the hairy bird", "strike"),
                ("all i wanna do the hairy bird", "all i wanna do", "the hairy bird"),
                (),
            ),
        ),
        (
            "Star Wars: Episode IV - A New Hope",
            Names(
                ("star wars episode iv a new hope",), (), ("star wars", "a new hope"), "star wars"
            ),
        ),
        ("(500) Days of Summer", Names(("500 days of summer",), (), ())),
        ("alert('x')", Names(("alert x",), (), ())),
        ("()", Names(("()",), (), ())),
    ],
)
def test_names(title: str, expected: Names) -> None:
    assert names(title) == expected


@given(st.text(max_size=300))
def test_any_text(text: str) -> None:
    assert key(key(text)) == key(text)
    found = names(text)
    assert all(found.own) or not text.strip()
    assert len(found.others) <= len(text)
