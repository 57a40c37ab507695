"""A model of two factors whose lists, scores and reasons were computed by hand.

Films 1 and 2 are Dramas, film 3 is a Western of the early nineties, film 4 is nothing in
particular; film 2 is the most popular one. Everybody's model has half of its share at one like.
In the model of two stages, liking film 1 speaks for film 4 by 2, liking 4 for 1 by 1.
"""

from dataclasses import replace

import numpy as np
import pytest

from recsys.explain import explain
from recsys.features import NO_PERIOD, Catalogue
from recsys.learned import Factors, ItemItem
from recsys.map import no_map
from recsys.model import Model
from recsys.shrinkage import Shrinkage
from tests.recsys.frames import history, ids, likes


def _floats(*values: object) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.array(values, np.float32)


MODEL = Model(
    Catalogue(
        movie_ids=np.array([1, 2, 3, 4], np.int32),
        genres=["Drama", "Western"],
        genre_mask=np.array([[1, 0], [1, 0], [0, 1], [0, 0]], bool),
        periods=[1990],
        period=np.array([NO_PERIOD, NO_PERIOD, 0, NO_PERIOD], np.int16),
    ),
    Factors(
        item=_floats([1, 0], [0, 1], [2, 0], [0, -1]),
        item_bias=_floats(0, 0, 0, 1),
        genre=_floats([0, 1], [1, 0]),
        genre_bias=_floats(0, -1),
        period=_floats([1, 0]),
        period_bias=_floats(0.5),
        history=_floats([1, 0], [0, 1], [1, 1], [0, 0]),
    ),
    popularity=_floats(2, 3, 1, 0),
    shrinkage=Shrinkage(half=1.0),
    parameters={},
    item_item=ItemItem.empty(),
    soon=ItemItem.empty(),
    map=no_map(4),
)
SOON = replace(
    MODEL, soon=ItemItem(np.array([0, 3], np.int32), np.array([[0, 2], [0, 0]], np.float16))
)
TWO_STAGES = replace(
    MODEL,
    item_item=ItemItem(np.array([0, 3], np.int32), np.array([[0, 2], [1, 0]], np.float16)),
)


def test_films_are_the_sums_of_their_features() -> None:
    assert MODEL.film_factors.tolist() == [[1, 1], [0, 2], [4, 0], [0, -1]]
    assert MODEL.film_biases.tolist() == [0, 0, -0.5, 1]


def test_one_like_is_half_model_half_popularity() -> None:
    """Who likes film 1 is [1, 0]: film 3 gets ½·1 + ½·(4 − ½), 2 gets ½·3, 4 gets ½·1."""
    listed = MODEL.recommend(likes(1))
    assert [(item.movie_id, item.score) for item in listed] == [(3, 2.25), (2, 1.5), (4, 0.5)]


def test_the_parts_of_a_score() -> None:
    """Through itself 2, as a Western 1 − 1, of its years 1 + ½, popularity 1; half of each."""
    why = explain(MODEL, likes(1), 3)
    assert why.liked == [(1, 1.0)]
    assert (why.genre, why.period, why.popularity, why.score) == (0.0, 0.75, 0.5, 2.25)
    (reason,) = MODEL.recommend(likes(1))[0].reasons
    assert reason.movie_id == 1
    assert reason.share == pytest.approx(1 / 2.25)


def test_two_likes_the_newer_weighs_more() -> None:
    """Alpha is √8 / (√8 + 1); the older like weighs 0.3 + 0.7·exp(−1/10) of the newer one."""
    fade = 0.3 + 0.7 * np.exp(-1 / 10)
    alpha = 2**1.5 / (2**1.5 + 1)
    older, newer = np.array([fade, 1]) / np.hypot(fade, 1) * alpha
    three, four = MODEL.recommend(likes(1, 2))
    assert (three.movie_id, four.movie_id) == (3, 4)
    assert three.score == pytest.approx(1 - alpha + 4 * older - alpha / 2)
    assert four.score == pytest.approx(alpha - newer)
    assert [why.movie_id for why in three.reasons] == [1], "film 2 adds nothing to film 3"
    assert four.reasons == [], "what speaks against a film is no reason"

    turned = MODEL.recommend(likes(2, 1))
    assert turned[0].score == pytest.approx(1 - alpha + 4 * newer - alpha / 2)


def test_what_is_rated_excluded_or_of_another_genre_is_not_listed() -> None:
    assert ids(MODEL.recommend(history((1, 5.0, 1), (3, 0.5, 2)))) == [2, 4]
    assert ids(MODEL.recommend(likes(1), exclude=[3])) == [2, 4]
    assert ids(MODEL.recommend(likes(1), genre="dramas")) == [2]
    assert ids(MODEL.recommend(likes(1), k=1)) == [3]
    assert MODEL.recommend(likes(1), k=0) == []
    assert MODEL.recommend(likes(1, 2, 3, 4)) == []


def test_a_stranger_gets_popularity_to_the_digit() -> None:
    for past in (history(), history((99, 5.0, 1))):
        listed = MODEL.recommend(past)
        assert [(each.movie_id, each.score) for each in listed] == [(2, 3), (1, 2), (3, 1), (4, 0)]


def test_the_most_similar_films() -> None:
    """Film 1, [1, 1], is half a right angle off film 2, [0, 2], and off film 3, [4, 0]."""
    similar = MODEL.similar(1)
    assert ids(similar) == [2, 3, 4]
    assert [item.score for item in similar] == pytest.approx([0.5**0.5, 0.5**0.5, -(0.5**0.5)])


def test_a_film_without_factors_is_similar_to_none() -> None:
    bare = replace(MODEL.factors, item=np.zeros((4, 2), np.float32))
    assert [item.score for item in replace(MODEL, factors=bare).similar(4)] == [0, 0, 0]


def test_what_a_like_says_directly_is_added_and_is_its_reason() -> None:
    """Film 4 got ½ of its bias; liking film 1 adds ½·2 to it and nothing to the others."""
    listed = TWO_STAGES.recommend(likes(1))
    assert [(item.movie_id, item.score) for item in listed] == [(3, 2.25), (2, 1.5), (4, 1.5)]
    (reason,) = listed[2].reasons
    assert reason.movie_id == 1
    assert reason.share == pytest.approx(2 / 3)
    assert explain(TWO_STAGES, likes(1), 4).liked == [(1, 1.0)]


def test_what_is_liked_soon_after_counts_for_the_newest_likes_above_all() -> None:
    """Film 1 speaks for film 4 by 2: newest, by 2 / √(1 + e^(−2/5)) of it, older, e^(−1/5) less."""
    alpha, length = 2**1.5 / (2**1.5 + 1), np.sqrt(1 + np.exp(-2 / 5))

    def added(*liked: int) -> float:
        (soon,) = (each for each in SOON.recommend(likes(*liked)) if each.movie_id == 4)
        (bare,) = (each for each in MODEL.recommend(likes(*liked)) if each.movie_id == 4)
        return soon.score - bare.score

    assert added(2, 1) == pytest.approx(alpha * 2 / length, abs=1e-6)
    assert added(1, 2) == pytest.approx(alpha * 2 / length * np.exp(-1 / 5), abs=1e-6)
    newest_first = explain(SOON, likes(2, 1), 4).liked
    assert sum(part for _, part in newest_first) == pytest.approx(
        sum(part for _, part in explain(MODEL, likes(2, 1), 4).liked) + added(2, 1)
    )


def test_likes_that_the_second_stage_does_not_know_add_nothing() -> None:
    for liked in (2, 3):
        assert TWO_STAGES.recommend(likes(liked)) == MODEL.recommend(likes(liked))
