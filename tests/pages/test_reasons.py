"""Why a film is listed: one sentence for what carries it, and parts that add up."""

import pandas as pd
import pytest

from pages.parts import charts, reasons
from recsys.data.genres import IN_RUSSIAN
from recsys.models.explanation import Explanation
from recsys.models.results import Reason, Recommendation
from startup import Application

TITLES = {3: "Heat", 9: "Fargo", 11: "Amélie"}
BOTH = [Reason(3, 0.2), Reason(9, 0.1), Reason(11, 0.05)]


@pytest.mark.parametrize(
    ("basis", "liked", "sentence"),
    [
        ("liked", BOTH, "Because you liked Heat and Fargo"),
        ("liked", BOTH[:1], "Because you liked Heat"),
        ("liked", [Reason(99, 0.4), Reason(9, 0.1)], "Because you liked Fargo"),
        ("liked", [Reason(99, 0.4)], "Similar to many of the films you liked"),
        ("many", BOTH, "Similar to many of the films you liked"),
        ("popular", BOTH, "Many people like it"),
        ("popular", [], "Many people like it"),
        ("Western", BOTH, "A well-liked Western"),
        ("Sci-Fi", [], "A well-liked science-fiction film"),
        ("Telenovela", [], "Well liked: Telenovela"),
    ],
)
def test_a_sentence_for_what_carries_the_film(
    basis: str, liked: list[Reason], sentence: str
) -> None:
    assert reasons.sentence(Recommendation(7, 1.0, liked, basis), TITLES) == sentence


@pytest.mark.parametrize(
    ("basis", "liked", "sentence"),
    [
        ("liked", BOTH, "Because you liked Heat and Fargo"),
        ("many", BOTH, "Similar to many of the films you liked"),
        ("Western", BOTH, "Of a genre you may like: Western"),
        ("popular", [], "Something new"),
    ],
)
def test_nobody_is_said_to_like_a_new_film(basis: str, liked: list[Reason], sentence: str) -> None:
    new = Recommendation(7, 1.0, liked, basis, is_new=True)
    assert reasons.sentence(new, TITLES) == sentence


def test_every_genre_of_movielens_has_a_sentence() -> None:
    assert reasons._WELL_LIKED.keys() == IN_RUSSIAN.keys()


def _explained(**parts: list[tuple[int, float]]) -> Explanation:
    total = sum(part for own in parts.values() for _film, part in own)
    return Explanation(
        score=total + 0.5,
        liked=parts.get("liked", []),
        disliked=parts.get("disliked", []),
        genre=0.25,
        period=-0.25,
        popularity=0.5,
    )


@pytest.mark.data_layer
def test_the_parts_add_up_dislikes_and_all(application: Application) -> None:
    explanation = _explained(
        liked=[(1, 0.5), (2, -0.125)],
        disliked=[(7, -1.0), (8, -0.5)] + [(film, -0.125) for film in (3, 4, 5, 6, 9)],
    )
    parts = reasons.parts_of(application.services.recommender, explanation, dismissed={8})
    assert list(parts.itertuples(index=False, name=None)) == [
        ("You liked Toy Story (1995)", 0.5),
        ("You liked Heat (1995)", -0.125),
        ("You disliked Unforgiven (1992)", -1.0),
        ("You weren't interested in The Interview (2014)", -0.5),
        ("You disliked Fargo (1996)", -0.125),
        ("4 more films you disliked", -0.5),
        ("Its genres", 0.25),
        ("Its era", -0.25),
        ("How popular it is", 0.5),
    ]
    assert parts["value"].sum() == explanation.score


def test_names_stand_above_the_bars_and_numbers_have_room() -> None:
    parts = pd.DataFrame(
        {
            "part": ["You liked Heat <1995>", "You disliked Fargo (1996)", "Its genres"],
            "value": [0.8, -0.2, 0.0],
        }
    )
    figure = charts.score_parts(parts)
    assert [each.text for each in figure.layout.annotations] == [
        "♥ Heat ‹1995›",
        "✗ Fargo (1996)",
        "Its genres",
    ]
    (bars,) = figure.data
    assert (list(bars.x), list(bars.text)) == ([0.8, -0.2, 0.0], ["+0.80", "-0.20", "+0.00"])
    assert figure.layout.xaxis.range == pytest.approx((-0.4, 1.0))
    only_for = charts.score_parts(parts[parts["value"] >= 0])
    assert only_for.layout.xaxis.range == pytest.approx((0.0, 0.96))


@pytest.mark.data_layer
@pytest.mark.parametrize(
    ("disliked", "words"),
    [
        ([], ""),
        ([(7, -0.12)], ""),  # a tenth of 1.25
        ([(7, -0.13), (8, -0.1)], "It is listed although you disliked **Unforgiven (1992)**."),
        (
            [(8, -0.13), (7, -0.1)],
            "It is listed although you weren't interested in **The Interview (2014)**.",
        ),
        ([(99, -0.5)], ""),
    ],
)
def test_a_dislike_of_some_weight_is_said(
    application: Application, disliked: list[tuple[int, float]], words: str
) -> None:
    explanation = _explained(liked=[(1, 0.5), (2, -0.5)], disliked=disliked)
    assert reasons.despite_dislike(application.services.recommender, explanation, {8}) == words
