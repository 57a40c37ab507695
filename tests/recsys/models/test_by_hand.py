"""A model with two factors whose lists, scores and reasons were computed by hand.

Films 1 and 2 are Dramas, film 3 is a Western of the early nineties, and film 4 has no genre and no
year. No one likes any of them, so that popularity adds nothing. LightFM's share of a score is ½,
whatever the number of likes. In the model with two stages, the weight from film 1 to film 4 is 2,
and from film 4 to film 1 it is 1.
"""

from dataclasses import replace

import numpy as np
import pytest

from recsys.data.features import NO_PERIOD, Catalogue
from recsys.data.history import NOT_INTERESTED
from recsys.data.series import NO_SERIES
from recsys.models.blend import KNOTS, STAGES, Blend
from recsys.models.explanation import explain
from recsys.models.factors import Factors, ItemItem
from recsys.models.model import Model
from recsys.models.projection import no_map
from recsys.models.results import Recommendation
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
        series=np.full(4, NO_SERIES, np.int32),
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
    likes=np.zeros(4, np.int64),
    quality=_floats(0, 0, 0, 0),
    genre_weights=_floats(1, 2),
    blend=Blend((0.5, 0.0, 0.5, 0.5), ((1.0,) * len(KNOTS),) * len(STAGES), dislikes=0.25),
    parameters={},
    item_item=ItemItem.empty(),
    short_term=ItemItem.empty(),
    map=no_map(4),
)
SHORT_TERM = replace(
    MODEL, short_term=ItemItem(np.array([0, 3], np.int32), np.array([[0, 2], [0, 0]], np.float16))
)
TWO_STAGES = replace(
    MODEL,
    item_item=ItemItem(np.array([0, 3], np.int32), np.array([[0, 2], [1, 0]], np.float16)),
)


GENRES = replace(MODEL, blend=replace(MODEL.blend, shares=(0.0, 1.0, 0.0, 0.0)))


def _scores(listed: list[Recommendation]) -> dict[int, float]:
    return {item.movie_id: item.score for item in listed}


def test_films_are_the_sums_of_their_features() -> None:
    assert MODEL.film_factors.tolist() == [[1, 1], [0, 2], [4, 0], [0, -1]]
    assert MODEL.film_vectors[:, -1].tolist() == [0, 0, -0.5, 1]


def test_one_like() -> None:
    """A like of film 1 is [1, 0]: film 3 gets ½·(4 − ½), film 2 nothing, film 4 ½·1."""
    assert _scores(MODEL.recommend(likes(1))) == {3: 1.75, 4: 0.5, 2: 0}


def test_contributions_to_a_score() -> None:
    """The film itself adds 2, being a Western 1 − 1, and its years 1 + ½; half of each."""
    why = explain(MODEL, likes(1), 3)
    assert (why.liked, why.disliked) == ([(1, 1.0)], [])
    assert (why.genre, why.period, why.popularity, why.score) == (0.0, 0.75, 0.0, 1.75)
    (three,) = MODEL.recommend(likes(1), genre="western")
    (reason,) = three.reasons
    assert reason.movie_id == 1
    assert reason.share == pytest.approx(1 / 1.75)
    assert three.basis == "liked"


def test_two_likes_the_newer_weighs_more() -> None:
    """The older like weighs 0.3 + 0.7·exp(−1/10) of the newer one."""
    fade = 0.3 + 0.7 * np.exp(-1 / 10)
    older, newer = np.array([fade, 1]) / np.hypot(fade, 1) / 2
    three, four = sorted(MODEL.recommend(likes(1, 2)))
    assert (three.movie_id, four.movie_id) == (3, 4)
    assert three.score == pytest.approx(4 * older - 0.25)
    assert four.score == pytest.approx(0.5 - newer)
    assert [why.movie_id for why in three.reasons] == [1], "film 2 adds nothing to film 3"
    assert four.reasons == [], "a negative contribution is no reason"
    assert four.basis == "popular", "its own bias is the largest contribution"

    assert _scores(MODEL.recommend(likes(2, 1)))[3] == pytest.approx(4 * newer - 0.25)


def test_dislike_counts_against_what_a_like_supports() -> None:
    """Two stars for film 1 subtract a quarter of ½ · [1, 0]: film 3, [4, 0], loses ½."""
    liked_alone = _scores(MODEL.recommend(likes(2)))
    rated = history((2, 5.0, 1), (1, 2.0, 2))
    assert _scores(MODEL.recommend(rated))[3] == pytest.approx(liked_alone[3] - 0.5)
    why = explain(MODEL, rated, 3)
    assert why.disliked == [(1, -0.25)]
    assert why.liked == [(2, 0.0)]


@pytest.mark.parametrize(
    ("stars", "severity"),
    [(0.5, 2), (1.0, 5 / 3), (2.0, 1), (2.5, 2 / 3), (3.0, 0), (3.5, 0), (NOT_INTERESTED, 1)],
)
def test_fewer_stars_weigh_more(stars: float, severity: float) -> None:
    why = explain(MODEL, history((1, stars, 1)), 3)
    assert sum(part for _, part in why.disliked) == pytest.approx(-0.25 * severity)


def test_weights_of_dislikes_are_divided_by_the_root_of_their_number() -> None:
    why = explain(MODEL, history((1, 2.0, 1), (2, 2.0, 2)), 3)
    assert dict(why.disliked) == {1: pytest.approx(-0.25 / 2**0.5), 2: 0}


def test_disliked_film_penalises_its_series() -> None:
    series = np.array([7, NO_SERIES, 7, NO_SERIES], np.int32)
    of_series = replace(MODEL, catalogue=replace(MODEL.catalogue, series=series))
    rated = history((1, 2.0, 1))
    assert explain(of_series, rated, 3).score == pytest.approx(explain(MODEL, rated, 3).score - 1)
    assert explain(of_series, rated, 2).score == explain(MODEL, rated, 2).score
    assert explain(of_series, likes(1), 3).score == explain(MODEL, likes(1), 3).score


def test_shared_genres() -> None:
    """Film 1 is a Drama with length 1, film 2 a Drama with weight 1, film 3 a Western."""
    assert _scores(GENRES.recommend(likes(1))) == {2: 1, 3: 0, 4: 0}
    assert explain(GENRES, likes(1), 2).liked == [(1, 1.0)]
    two = GENRES.recommend(likes(1))[0]
    assert (two.movie_id, two.basis) == (2, "liked")


def test_rated_excluded_and_other_genre_films_are_not_listed() -> None:
    assert {*ids(MODEL.recommend(history((1, 5.0, 1), (3, 0.5, 2))))} == {2, 4}
    assert {*ids(MODEL.recommend(likes(1), exclude=[3]))} == {2, 4}
    assert ids(MODEL.recommend(likes(1), genre="dramas")) == [2]
    assert len(MODEL.recommend(likes(1), k=1)) == 1
    assert MODEL.recommend(likes(1), k=0) == []
    assert MODEL.recommend(likes(1, 2, 3, 4)) == []


def test_exact_popularity_scores_without_history() -> None:
    known = replace(MODEL, likes=np.array([7, 15, 3, 0]))
    for profile in (history(), history((99, 5.0, 1))):
        scores = known.appeals.unknown["balanced"]
        assert _scores(known.recommend(profile)) == dict(
            zip([1, 2, 3, 4], scores.tolist(), strict=True)
        )
        assert known.recommend(profile)[0].movie_id == 2
        assert {item.basis for item in known.recommend(profile)} == {"popular"}


def test_little_known_film_is_not_called_popular() -> None:
    known = replace(MODEL, likes=np.array([7, 15, 3, 0]))
    bases = {item.movie_id: item.basis for item in known.recommend(history(), style="adventurous")}
    assert bases == {1: "Drama", 2: "Drama", 3: "Western", 4: "popular"}, "film 4 has no genre"


def test_most_similar_films() -> None:
    """Film 1, [1, 1], has an angle of 45° to film 2, [0, 2], and to film 3, [4, 0]."""
    similar = MODEL.similar(1)
    assert ids(similar) == [2, 3, 4]
    assert [item.score for item in similar] == pytest.approx([0.5**0.5, 0.5**0.5, -(0.5**0.5)])


def test_film_without_factors_is_similar_to_none() -> None:
    bare = replace(MODEL.factors, item=np.zeros((4, 2), np.float32))
    assert [item.score for item in replace(MODEL, factors=bare).similar(4)] == [0, 0, 0]


def test_item_item_weight_is_added_and_becomes_the_reason() -> None:
    """Film 4 has ½ of its bias; a like of film 1 adds ½·2 to it and nothing to the others."""
    listed = TWO_STAGES.recommend(likes(1))
    assert _scores(listed) == {3: 1.75, 4: 1.5, 2: 0}
    (reason,) = next(item.reasons for item in listed if item.movie_id == 4)
    assert reason.movie_id == 1
    assert reason.share == pytest.approx(2 / 3)
    assert explain(TWO_STAGES, likes(1), 4).liked == [(1, 1.0)]
    disliked = explain(TWO_STAGES, history((1, 2.0, 1)), 4)
    assert disliked.disliked == [(1, -0.25)]


def test_short_term_weights_favour_the_newest_likes() -> None:
    """The weight of film 1 for film 4 is 2 / √(1 + e^(−2/5)) as the newest like, then decays."""
    length = np.sqrt(1 + np.exp(-2 / 5))

    def added(*liked: int) -> float:
        short_term, bare = (
            _scores(model.recommend(likes(*liked))) for model in (SHORT_TERM, MODEL)
        )
        return short_term[4] - bare[4]

    assert added(2, 1) == pytest.approx(1 / length, abs=1e-6)
    assert added(1, 2) == pytest.approx(1 / length * np.exp(-1 / 5), abs=1e-6)
    newest_first = explain(SHORT_TERM, likes(2, 1), 4).liked
    assert sum(part for _, part in newest_first) == pytest.approx(
        sum(part for _, part in explain(MODEL, likes(2, 1), 4).liked) + added(2, 1)
    )


def test_dislikes_do_not_affect_the_short_term_stage() -> None:
    rated = history((1, 1.0, 1), (2, 5.0, 2))
    assert explain(SHORT_TERM, rated, 4) == explain(MODEL, rated, 4)


def test_likes_without_item_item_weights_add_nothing() -> None:
    for liked in (2, 3):
        assert TWO_STAGES.recommend(likes(liked)) == MODEL.recommend(likes(liked))
