"""What LightFM is told."""

import numpy as np
import pytest

from recsys.dataset import Likes
from recsys.features import (
    NO_PERIOD,
    catalogue,
    fresh_weights,
    history_weights,
    popularity,
)
from recsys.matrices import film_features, history_features
from tests.recsys.frames import movies

FILMS = movies({3: (1999, ["Sci-Fi"]), 1: (1994, ["Drama", "Crime"]), 2: (None, [])})


def test_catalogue_is_in_order_whatever_the_frames() -> None:
    films = catalogue(FILMS)
    assert films.movie_ids.tolist() == [1, 2, 3]
    assert films.genres == ["Crime", "Drama", "Sci-Fi"]
    assert films.genre_mask.tolist() == [
        [True, True, False],
        [False, False, False],
        [False, False, True],
    ]
    assert films.periods == [1990, 1995]
    assert films.period.tolist() == [0, NO_PERIOD, 1]


def test_a_film_is_itself_its_genres_and_its_half_decade() -> None:
    assert film_features(catalogue(FILMS)).toarray().tolist() == [
        [1, 0, 0, 1, 1, 0, 1, 0],
        [0, 1, 0, 0, 0, 0, 0, 0],
        [0, 0, 1, 0, 0, 1, 0, 1],
    ]


def test_a_person_is_the_newest_films_they_like() -> None:
    likes = Likes(np.array([0, 0, 0, 1]), np.array([2, 0, 1, 0]))
    features = history_features(likes, films=3, most=2).toarray()
    assert features == pytest.approx(np.array([[0.5**0.5, 0.5**0.5, 0], [1, 0, 0]]))


def test_newer_likes_weigh_more_and_the_norm_is_one() -> None:
    weights = history_weights(30)
    assert (np.diff(weights) > 0).all()
    assert (weights**2).sum() == pytest.approx(1)
    assert weights[-1] / weights[-11] == pytest.approx(1 / (0.3 + 0.7 / np.e))
    assert history_weights(1).tolist() == [1]
    assert history_weights(0).tolist() == []


def test_fresh_weights_fade_to_nothing() -> None:
    weights = fresh_weights(30)
    assert (weights**2).sum() == pytest.approx(1)
    assert weights[-1] / weights[-6] == pytest.approx(np.e)
    assert fresh_weights(0).tolist() == []


def test_popularity_is_in_the_order_of_likes_with_a_spread_of_one() -> None:
    values = popularity([0, 10, 1, 10])
    assert values.std() == pytest.approx(1)
    assert values[0] == 0
    assert values[0] < values[2] < values[1] == values[3]


@pytest.mark.parametrize("counts", [[], [0, 0], [7, 7]])
def test_popularity_without_differences_has_no_nan(counts: list[int]) -> None:
    assert np.isfinite(popularity(counts)).all()
