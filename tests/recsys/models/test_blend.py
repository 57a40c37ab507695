"""The blend of the stages of a score."""

from itertools import pairwise

import numpy as np
import pytest

from recsys.data.dataset import likes as likes_of
from recsys.models.blend import KNOTS, STAGES, Blend
from recsys.models.model import Model
from recsys.training.spreads import measure_spreads
from tests.recsys.frames import checkerboard

WIDENING = Blend(
    shares=(0.5, 0.25, 0.25, 0.0),
    spreads=((1, 2, 2, 2, 2, 2, 2, 4), (1,) * 8, (0,) * 8, (1,) * 8),
    dislikes=0.5,
)


def test_scale_is_share_divided_by_standard_deviation() -> None:
    assert WIDENING.scales(1).tolist() == [0.5, 0.25, 0, 0]
    assert WIDENING.scales(2).tolist() == [0.25, 0.25, 0, 0]
    assert WIDENING.scales(80).tolist() == WIDENING.scales(9_999).tolist() == [0.125, 0.25, 0, 0]


def test_standard_deviations_are_interpolated_between_knots() -> None:
    """Halfway between 40 and 80 likes on a log scale, the value is halfway between 2 and 4."""
    n = round(np.sqrt(40 * 80))
    assert WIDENING.scales(n)[0] == pytest.approx(0.5 / 3, rel=1e-2)


def test_single_stage_has_the_whole_share() -> None:
    assert WIDENING.only("genres").scales(1).tolist() == [0, 1, 0, 0]
    assert not Blend.nothing().scales(3).any()


def test_spreads_are_the_standard_deviations_of_stages(board: Model) -> None:
    """They scale the scores of a single stage to a standard deviation of 1 over films."""
    ratings, _ = checkerboard()
    likes = likes_of(ratings, board.movie_ids)
    spreads = measure_spreads(board, likes, oldest=0.3)
    assert [len(each) for each in spreads] == [len(KNOTS)] * len(STAGES)
    assert spreads == board.blend.spreads, "training measures the same"
    lightfm, genres, item_item, short_term = spreads
    assert min(lightfm + item_item + short_term) > 0
    assert set(genres) == {0.0}, "no film has a genre"
    for few, more in pairwise(lightfm[:5]):
        assert more > few, "scores vary more with more likes"
    assert len(set(lightfm[5:])) == 1, "no one has twenty likes"
