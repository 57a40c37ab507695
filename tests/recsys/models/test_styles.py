"""Styles: what popularity adds to a score."""

import numpy as np
import pytest

from recsys.models.model import Model
from recsys.models.styles import STYLES, appeals, emphasis
from tests.recsys.frames import likes

LIKES = np.array([0, 1, 3, 7, 15, 31, 63])
NO_STARS = np.zeros(7, np.float32)


def _order(values: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> list[int]:
    found: list[int] = np.argsort(-values, kind="stable").tolist()
    return found


def test_popularity_by_style() -> None:
    found = appeals(LIKES, NO_STARS, discount=0.12).liking
    assert _order(found["popular"]) == [6, 5, 4, 3, 2, 1, 0]
    assert _order(found["balanced"]) == [0, 1, 2, 3, 4, 5, 6]
    steps = np.diff(found["popular"])
    assert steps == pytest.approx([steps[0]] * 6), "by the logarithm of likes"


def test_adventurous_prefers_films_with_some_likes() -> None:
    """The least popular films that have a tenth of the 120 likes end at the film with 15."""
    found = appeals(LIKES, NO_STARS, discount=0.12).liking["adventurous"]
    assert _order(found)[0] == 4
    assert found[4] == 0
    assert found[3] == pytest.approx(found[5])
    assert _order(found)[-1] == 0, "no one likes it: it may be bad"


def test_cold_start_counts_popularity_and_quality() -> None:
    stars = np.array([0, 0, 0, 0, 0, 0, -3], np.float32)
    found = appeals(LIKES, stars, discount=0.12).unknown
    assert _order(found["popular"])[0] == 6
    assert _order(found["balanced"])[0] == 5, "people who rated the best-known film don't like it"


def test_appeals_without_likes() -> None:
    for counts in (np.zeros(0, np.int64), np.zeros(3, np.int64)):
        found = appeals(counts, np.zeros(len(counts), np.float32), discount=0.12)
        for style in STYLES:
            assert not found.liking[style].any()
            assert not found.unknown[style].any()


def test_short_histories_emphasise_the_adventurous_appeal() -> None:
    assert [emphasis("adventurous", n) for n in (1, 2, 6)] == [7, 4, 2]
    assert emphasis("adventurous", 0) == emphasis("balanced", 1) == emphasis("popular", 1) == 1


def test_style_changes_the_list(model: Model) -> None:
    mine = likes(10)
    scores = {
        style: {item.movie_id: item.score for item in model.recommend(mine, style=style)}
        for style in STYLES
    }
    assert scores["popular"][20] > scores["balanced"][20], "two people like film 20"
    assert scores["popular"][60] == scores["balanced"][60], "no one likes film 60"
