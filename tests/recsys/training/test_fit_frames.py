"""How training handles its input frames."""

import pandas as pd
import pytest

from recsys import fit
from recsys.models.model import Model
from tests.recsys.frames import TINY, checkerboard, ids, likes, movies, ratings


def test_frames_are_not_modified() -> None:
    given = checkerboard(12)
    before = [frame.copy(deep=True) for frame in given]
    fit(*given, **TINY)
    for frame, copy in zip(given, before, strict=True):
        pd.testing.assert_frame_equal(frame, copy)


def test_narrower_types_and_extra_columns_give_the_same_model() -> None:
    stars, films = checkerboard(12)
    narrow = stars.astype({"user_id": "int32", "movie_id": "int32", "rating": "float32"})
    narrow["rated_at"] = narrow["rated_at"].dt.tz_localize(None)
    extra = films.assign(director="nobody")
    assert fit(narrow, extra, **TINY).to_bytes() == fit(stars, films, **TINY).to_bytes()


def test_only_the_order_of_user_ids_matters() -> None:
    stars, films = checkerboard(12)
    far = stars.assign(user_id=stars["user_id"] * 1_000_003)
    assert fit(far, films, **TINY).to_bytes() == fit(stars, films, **TINY).to_bytes()


def test_dislikes_do_not_affect_factors() -> None:
    stars, films = checkerboard(12)
    disliked = ratings(*((person, 13 - person, 3.5, 99) for person in range(1, 13)))
    both = pd.concat([stars, disliked])
    assert fit(both, films, **TINY).to_bytes() == fit(stars, films, **TINY).to_bytes()


@pytest.fixture(scope="module")
def lonely() -> Model:
    """Return a model trained on a single person."""
    films = movies({film: (1990 + film, ["Drama"]) for film in range(1, 9)})
    return fit(ratings(*((1, film, 4.5, film) for film in range(1, 6))), films, **TINY)


def test_single_person_is_enough(lonely: Model) -> None:
    assert {*ids(lonely.recommend(likes(1, 2, 3, 4, 5)))} == {6, 7, 8}
    assert ids(lonely.recommend(likes())) == [1, 2, 3, 4, 5]


def test_two_tastes_get_different_films() -> None:
    """With popularity alone, both would get the same films."""
    tastes = [range(1, 9), range(11, 19)]
    rows = [(person, film, 5.0, film) for person in range(40) for film in tastes[person % 2]]
    films = movies({film: (None, []) for taste in tastes for film in taste})
    model = fit(ratings(*rows), films, **{**TINY, "epochs": 40})
    assert {*ids(model.recommend(likes(1, 2, 3)))} == {4, 5, 6, 7, 8}
    assert {*ids(model.recommend(likes(11, 12, 13)))} == {14, 15, 16, 17, 18}
