"""The distribution over tastes, and the effect of answers."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from recsys.models.model import Model
from recsys.models.popularity import popular_model
from recsys.serving.onboarding_tastes import Tastes, how_well_known
from tests.recsys.frames import movies

DRAMA, OTHER_DRAMA, WESTERN, UNKNOWN_WESTERN = range(4)


def _model(films: dict[int, tuple[int | None, Sequence[str]]], likes: list[int]) -> Model:
    return popular_model(movies(films), pd.DataFrame({"movie_id": [*films], "likes": likes}))


MODEL = _model(
    {
        1: (1994, ["Drama"]),
        2: (1995, ["Drama"]),
        3: (1992, ["Western"]),
        4: (1993, ["Western"]),
    },
    [99, 80, 48, 0],
)
ALL = np.arange(4)


def _likely(tastes: Tastes) -> list[float]:
    likely = np.exp(tastes.logarithms)
    return [round(float(each), 3) for each in likely / likely.sum()]


def test_prior_is_proportional_to_the_root_of_likes() -> None:
    assert _likely(Tastes.of(MODEL, ALL)) == [round(root / 27, 3) for root in (10, 9, 7, 1)]


def test_answers_update_probabilities() -> None:
    before = _likely(Tastes.of(MODEL, ALL))
    for hear, sign in (("hear_liked", 1), ("hear_disliked", -1), ("hear_nothing", -1)):
        tastes = Tastes.of(MODEL, ALL)
        getattr(tastes, hear)(np.array([WESTERN]))
        of_westerns = sum(_likely(tastes)[WESTERN:]) - sum(before[WESTERN:])
        assert sign * of_westerns > 0.01, hear


def test_no_answer_about_an_unknown_film_has_little_effect() -> None:
    tastes = Tastes.of(MODEL, ALL)
    before = _likely(tastes)
    tastes.hear_nothing(np.array([UNKNOWN_WESTERN]))
    assert _likely(tastes)[:WESTERN] == pytest.approx(before[:WESTERN], abs=0.05)
    tastes.hear_disliked(np.array([UNKNOWN_WESTERN]))
    assert sum(_likely(tastes)[WESTERN:]) < sum(before[WESTERN:]) / 2


def test_gain_is_the_mutual_information_of_answer_and_taste() -> None:
    """The sum over both of p(answer, taste) · log(p(answer, taste) / (p(answer) · p(taste)))."""
    tastes = Tastes.of(MODEL, ALL)
    tastes.hear_liked(np.array([OTHER_DRAMA]))
    likely = np.exp(tastes.logarithms)
    likely /= likely.sum()
    for film in ALL:
        yes = tastes.liking[:, film].astype(np.float64)
        both = likely * np.stack([yes, 1 - yes])
        alone = both.sum(axis=1, keepdims=True) * likely
        shared = float((both * np.log(both / alone)).sum())
        assert tastes.gains(np.array([film]))[0] == pytest.approx(shared, abs=1e-6)


def test_fame_is_relative_to_films_of_the_same_years_or_later() -> None:
    model = _model(
        {
            1: (1950, ["Drama"]),
            2: (1994, ["Drama"]),
            3: (2011, ["Drama"]),
            4: (2012, ["Drama"]),
            5: (2016, ["Drama"]),
            6: (None, ["Drama"]),
        },
        [50, 200, 80, 40, 2, 100],
    )
    # Film 5 is compared with a tenth of 200 likes, not with its own 2.
    assert how_well_known(model).tolist() == [0.25, 1.0, 1.0, 0.5, 0.1, 0.5]


def test_tastes_without_films_and_without_likes() -> None:
    nobody = _model({1: (1994, ["Drama"]), 2: (1995, ["Western"])}, [0, 0])
    assert np.isfinite(Tastes.of(nobody, np.arange(2)).gains(np.arange(2))).all()
    nothing = popular_model(movies({}), pd.DataFrame({"movie_id": [], "likes": []}))
    assert len(Tastes.of(nothing, ALL[:0]).gains(ALL[:0])) == 0
