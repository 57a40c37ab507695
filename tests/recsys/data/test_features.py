"""Features of films and people, weights and quality."""

import numpy as np
import pytest

from recsys.data.dataset import Likes
from recsys.data.features import (
    NO_PERIOD,
    catalogue,
    find_known,
    genre_weights,
    history_weights,
    quality,
    quality_of,
    recency_weights,
)
from recsys.models.lightfm_features import (
    film_features,
    history_features,
    lightfm_features,
    lightfm_interactions,
)
from tests.recsys.frames import movies

FILMS = movies({3: (1999, ["Sci-Fi"]), 1: (1994, ["Drama", "Crime"]), 2: (None, [])})


def test_catalogue_is_sorted_by_id() -> None:
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


def test_film_features_are_identity_genres_and_half_decade() -> None:
    assert film_features(catalogue(FILMS)).toarray().tolist() == [
        [1, 0, 0, 1, 1, 0, 1, 0],
        [0, 1, 0, 0, 0, 0, 0, 0],
        [0, 0, 1, 0, 0, 1, 0, 1],
    ]


def test_person_features_are_the_newest_likes() -> None:
    likes = Likes(np.array([0, 0, 0, 1]), np.array([2, 0, 1, 0]))
    features = history_features(likes, films=3, most=2).toarray()
    assert features == pytest.approx(np.array([[0.5**0.5, 0.5**0.5, 0], [1, 0, 0]]))


def test_lightfm_reads_features_with_32_bit_indices() -> None:
    features = film_features(catalogue(FILMS))
    read = lightfm_features(features)
    assert (read.toarray() == features.toarray()).all()
    assert [read.indices.dtype, read.indptr.dtype] == [np.dtype(np.int32)] * 2


def test_lightfm_reads_interactions_as_ones() -> None:
    read = lightfm_interactions(np.array([0, 1, 1]), np.array([2, 0, 2]), (2, 4))
    assert read.toarray().tolist() == [[0, 0, 1, 0], [1, 0, 1, 0]]
    assert read.dtype == np.float32


def test_newer_likes_weigh_more_and_the_norm_is_one() -> None:
    weights = history_weights(30, oldest=0.3)
    assert (np.diff(weights) > 0).all()
    assert (weights**2).sum() == pytest.approx(1)
    assert weights[-1] / weights[-11] == pytest.approx(1 / (0.3 + 0.7 / np.e))
    assert history_weights(1, oldest=0.3).tolist() == [1]
    assert history_weights(0, oldest=0.3).tolist() == []


def test_recency_weights_decay_to_zero() -> None:
    weights = recency_weights(30)
    assert (weights**2).sum() == pytest.approx(1)
    assert weights[-1] / weights[-6] == pytest.approx(np.e)
    assert recency_weights(0).tolist() == []


def test_rare_genres_weigh_more() -> None:
    """Six of eight likes are for Drama (and Crime), two for Sci-Fi."""
    weights = genre_weights(catalogue(FILMS), np.array([6, 0, 2]))
    assert weights.tolist() == pytest.approx([np.log(8 / 6), np.log(8 / 6), np.log(8 / 2)])


def test_weights_without_likes_and_without_genres() -> None:
    films = catalogue(movies({1: (None, ["Drama"]), 2: (None, ["War", "(no genres listed)"])}))
    weights = dict(zip(films.genres, genre_weights(films, np.array([10, 0])), strict=True))
    assert weights["War"] == pytest.approx(np.log(10))
    assert weights["(no genres listed)"] == 0
    assert genre_weights(films, np.array([0, 0])).tolist() == [0, 0, 0]


def test_quality_is_a_damped_mean() -> None:
    """The mean is 3: film 1 is once 2 above it, film 2 twice 1 below, and film 3 isn't rated."""
    stars = quality(np.array([1, 2, 3], np.int32), np.array([1, 2, 9, 2]), np.array([5.0, 2, 1, 2]))
    assert stars[0] / stars[1] == pytest.approx((2 / 11) / (-2 / 12))
    assert stars[2] == 0
    assert stars.std() == pytest.approx(1)


def test_quality_of_sums_is_that_of_the_ratings() -> None:
    """Film 1 has ratings of 5 and 4.5, film 2 one of 2; film 3 has none."""
    stars = np.array([5.0, 4.5, 2.0])
    of_ratings = quality(np.array([1, 2, 3], np.int32), np.array([1, 1, 2]), stars)
    of_sums = quality_of(np.array([2, 1, 0]), np.array([9.5, 2.0, 0.0]))
    assert of_sums.dtype == np.float32
    assert of_sums.tolist() == pytest.approx(of_ratings.tolist())


@pytest.mark.parametrize(
    ("ratings", "stars"), [([], []), ([0, 0], [0.0, 0.0]), ([3, 1], [12.0, 4.0])]
)
def test_quality_of_sums_without_variance_has_no_nan(
    ratings: list[int], stars: list[float]
) -> None:
    found = quality_of(np.array(ratings, np.int64), np.array(stars))
    assert found.tolist() == [0] * len(ratings)


@pytest.mark.parametrize("rated", [[], [1], [9]])
def test_quality_without_variance_has_no_nan(rated: list[int]) -> None:
    stars = np.full(len(rated), 4.0)
    found = quality(np.array([1, 2], np.int32), np.array(rated, np.int64), stars)
    assert found.tolist() == [0, 0]


def test_positions_of_films_that_are_known() -> None:
    movie_ids = np.array([10, 20, 30], np.int32)
    assert find_known([30, 7, 10, 2**40], movie_ids).tolist() == [2, 0]
    assert find_known(np.array([40, 20]), movie_ids).tolist() == [1]
    assert find_known({20: "Heat"}, movie_ids).tolist() == [1]
    assert find_known([], movie_ids).tolist() == []
    assert find_known([10], movie_ids[:0]).tolist() == []
