"""Onboarding films: their choice, their order, and the effect of answers."""

import pandas as pd

from recsys.models.model import Model
from recsys.models.popularity import popular_model
from recsys.serving.onboarding import onboarding_films
from tests.recsys.frames import history, likes, movies

LIKES = {10: 100, 20: 90, 30: 60, 40: 80, 50: 50, 60: 200, 70: 8}
MODEL = popular_model(
    movies(
        {
            10: (1994, ["Drama"]),
            20: (1995, ["Drama"]),
            30: (1969, ["Western"]),
            40: (1985, ["Comedy"]),
            50: (1958, ["Western"]),
            60: (1995, []),
            70: (1972, ["Comedy"]),
        }
    ),
    pd.DataFrame({"movie_id": [*LIKES], "likes": [*LIKES.values()]}),
)


def test_well_known_films_of_different_genres_come_first() -> None:
    """Film 60 is the best known but has no genre; people who like 20 probably like 10 too."""
    assert onboarding_films(MODEL, 3) == [20, 50, 40]
    assert onboarding_films(MODEL, 99) == [20, 50, 40, 30, 10, 70]
    assert onboarding_films(MODEL, 0) == []


def test_next_question_depends_on_the_answers() -> None:
    assert onboarding_films(MODEL, 1) == [20]
    assert onboarding_films(MODEL, 1, likes(30)) == [50], "another Western, after a like of one"
    assert onboarding_films(MODEL, 3, history((30, 1.0, 0))) == [20, 40, 50], (
        "no Western after a dislike of one"
    )
    assert onboarding_films(MODEL, 1, passed=[20]) == [50]


def test_answered_and_excluded_films_are_not_asked() -> None:
    rated = history((10, 5.0, 0), (40, 3.0, 1), (999, 5.0, 2))
    assert {*onboarding_films(MODEL, 99, rated)} == {20, 30, 50, 70}
    assert {*onboarding_films(MODEL, 99, rated, exclude=[20, 999], passed=[30])} == {50, 70}
    assert onboarding_films(MODEL, 99, exclude=[*LIKES]) == []


def test_shown_films_keep_their_positions() -> None:
    """New films take the positions of answered and excluded ones."""
    assert onboarding_films(MODEL, 4, shown=[40, 30, 10, 20]) == [40, 30, 10, 20]
    assert onboarding_films(MODEL, 4, likes(30), shown=[40, 30, 10]) == [40, 50, 10, 70]
    assert onboarding_films(MODEL, 4, exclude=[10], shown=[10, 30, 40, 20]) == [50, 30, 40, 20]
    assert onboarding_films(MODEL, 2, shown=[40, 30, 10]) == [40, 30]


def _titled(*films: tuple[str, int]) -> Model:
    """Build a model of Dramas with these titles and years, the best known first."""
    frame = movies({number: (year, ["Drama"]) for number, (_, year) in enumerate(films)})
    frame["title"] = [title for title, _ in films]
    often = pd.DataFrame({"movie_id": range(len(films)), "likes": range(len(films), 0, -1)})
    return popular_model(frame, often)


def test_one_film_per_series_if_there_are_others() -> None:
    model = _titled(("Alien", 1979), ("Alien 2", 1986), ("Up", 2009), ("Up 2", 2019))
    first = onboarding_films(model, 2)
    assert len({film // 2 for film in first}) == 2
    assert {*onboarding_films(model, 4)} == {0, 1, 2, 3}
    assert onboarding_films(model, 1, exclude=[1])[0] in {2, 3}, "the series of a film in the five"
    assert onboarding_films(model, 1, likes(3))[0] in {0, 1}


def test_at_most_a_sixth_per_decade_if_there_are_others() -> None:
    of_nineties = [(f"Drama {letter}", 1990 + place) for place, letter in enumerate("abcdefgh")]
    others = [("Old", 1955), ("Older", 1931), ("New", 2004), ("Newer", 2015)]
    model = _titled(*of_nineties, *others)
    assert {8, 9, 10, 11} < {*onboarding_films(model, 6)}, (
        "two of the nineties, because there are no others"
    )
    assert {*onboarding_films(model, 12)} == {*range(12)}


def test_no_questions_without_films() -> None:
    nothing = popular_model(movies({}), pd.DataFrame({"movie_id": [], "likes": []}))
    assert onboarding_films(nothing, 5) == []
