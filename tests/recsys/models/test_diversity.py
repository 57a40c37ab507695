"""Diversification of lists."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.data.features import NO_PERIOD, Catalogue
from recsys.data.series import NO_SERIES
from recsys.models.blend import KNOTS, STAGES, Blend
from recsys.models.diversity import arranged_of_each
from recsys.models.factors import Factors, ItemItem
from recsys.models.model import Model
from recsys.models.profiles import Profile
from recsys.models.projection import no_map
from tests.recsys.frames import ids, likes

N = 12
GENRES = ["Comedy", "Drama", "War"]


def _model(
    genres: list[list[str]],
    series: list[int] | None = None,
    item: np.ndarray[tuple[int, ...], np.dtype[np.float32]] | None = None,
    periods: list[int] | None = None,
) -> Model:
    """Build a model of films 0, 1, … with orthogonal factors; only genres contribute to scores."""
    n = len(genres)
    years = sorted({*(periods or [])})
    period = [years.index(each) for each in periods] if periods else [NO_PERIOD] * n
    own = np.eye(n, dtype=np.float32) if item is None else item
    nothing = np.zeros(n, np.float32)
    return Model(
        Catalogue(
            np.arange(n, dtype=np.int32),
            GENRES,
            np.array([[genre in each for genre in GENRES] for each in genres]),
            years,
            np.array(period, np.int16),
            np.array(series or [NO_SERIES] * n, np.int32),
        ),
        Factors(
            own,
            nothing,
            np.zeros((3, own.shape[1]), np.float32),
            np.zeros(3, np.float32),
            np.zeros((len(years), own.shape[1]), np.float32),
            np.zeros(len(years), np.float32),
            np.zeros((n, own.shape[1]), np.float32),
        ),
        np.zeros(n, np.int64),
        nothing,
        np.ones(3, np.float32),
        Blend((0.0, 1.0, 0.0, 0.0), ((1.0,) * len(KNOTS),) * len(STAGES), 0.0),
        {},
        ItemItem.empty(),
        ItemItem.empty(),
        no_map(n),
    )


def _order(model: Model, profile: Profile, scores: list[float], k: int = 5) -> list[int]:
    ((films, _),) = arranged_of_each(model, [profile], np.array([scores], np.float32), k)
    found: list[int] = films.tolist()
    return found


DRAMAS = [["Drama"]] * N
BY_NUMBER = [12.0 - film for film in range(N)]


def test_unrelated_films_are_sorted_by_score() -> None:
    model = _model(DRAMAS)
    profile = model.read_history(likes(11))
    assert _order(model, profile, BY_NUMBER, k=12) == list(range(N))
    assert _order(model, profile, BY_NUMBER, k=0) == []
    assert _order(model, profile, [-np.inf] * 10 + [1, 2]) == [11, 10]


def test_at_most_two_films_of_a_series_per_page() -> None:
    """Films 0 to 5 belong to one series: two are on the first page, two on the second."""
    model = _model(DRAMAS, series=[3] * 6 + [NO_SERIES] * 6)
    profile = model.read_history(likes(11))
    assert _order(model, profile, BY_NUMBER, k=12) == [0, 1, 6, 7, 8, 2, 3, 9, 10, 11, 4, 5]


def test_at_most_two_films_with_nearly_the_same_factors_per_page() -> None:
    item = np.eye(N, dtype=np.float32)
    item[:6, 0] += 5
    model = _model(DRAMAS, item=item)
    profile = model.read_history(likes(11))
    assert _order(model, profile, BY_NUMBER) == [0, 1, 6, 7, 8]


def test_page_has_one_series_if_there_are_no_others() -> None:
    model = _model(DRAMAS, series=[3] * N)
    profile = model.read_history(likes(11))
    assert _order(model, profile, BY_NUMBER) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("liked", "wars"), [([10], 0), ([11], 5), ([8, 9, 10, 11], 3), ([8, 9, 10], 2)]
)
def test_genres_are_in_proportion_to_likes(liked: list[int], wars: int) -> None:
    """Odd films are War, even ones Drama, and all have the same score."""
    model = _model([["War"] if film % 2 else ["Drama"] for film in range(N)])
    order = _order(model, model.read_history(likes(*liked)), [1.0] * N)
    assert sum(film % 2 for film in order) == wars


def test_cold_start_varies_genres_and_decades() -> None:
    genres = [["Drama"]] * 4 + [["War"]] * 4 + [["Comedy"]] * 4
    periods = [1990, 1990, 1990, 1970] * 3
    model = _model(genres, periods=periods)
    profile = model.read_history(likes())
    scores = [1 - film / 100 for film in range(N)]
    assert _order(model, profile, scores, k=3) == [0, 7, 8], "1990s drama, 1970s war, 1990s comedy"


def _with_new(*new: int) -> Model:
    return replace(_model(DRAMAS), new=np.array(new, np.int64))


def test_page_has_at_most_one_new_film() -> None:
    """Films 0 to 3 are new: the last page has the other two for want of more."""
    model = _with_new(0, 1, 2, 3)
    profile = model.read_history(likes(11))
    assert _order(model, profile, BY_NUMBER, k=12) == [0, 4, 5, 6, 7, 1, 8, 9, 10, 11, 2, 3]
    assert _order(model, profile, BY_NUMBER) == [0, 4, 5, 6, 7]


def test_new_films_fill_a_page_that_would_be_shorter() -> None:
    model = _with_new(0, 1, 2, 3, 4, 5, 6, 7, 8)
    profile = model.read_history(likes(11))
    assert _order(model, profile, BY_NUMBER) == [0, 1, 9, 10, 11]
    assert _order(model, profile, [*BY_NUMBER[:9], *[-np.inf] * 3]) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("new", "tenths"),
    [
        ([35, 36], {10: 35, 20: 36}),
        ([49, 50], {10: 49, 20: 18}),  # film 50 isn't among the best twentieth of 1,000
        ([8, 40], {9: 8, 10: 9, 20: 40}),  # the page has film 8 already
        ([], {10: 9, 20: 19}),
    ],
)
def test_every_tenth_place_is_for_a_new_film_with_a_high_score(
    new: list[int], tenths: dict[int, int]
) -> None:
    model = replace(_model([["Drama"]] * 1000), new=np.array(new, np.int64))
    profile = model.read_history(likes(999))
    scores = [1000.0 - film for film in range(1000)]
    order = _order(model, profile, scores, k=20)
    assert {place: order[place - 1] for place in tenths} == tenths
    assert _order(model, profile, scores, k=10) == order[:10]
    cold = _order(model, model.read_history(likes()), scores, k=20)
    assert not {*new}.intersection(cold)


def test_explored_film_is_not_the_third_of_its_series() -> None:
    series = [3, 3] + [NO_SERIES] * 33 + [3, NO_SERIES] + [NO_SERIES] * 963
    series[5:7] = [3, 3]
    model = replace(_model([["Drama"]] * 1000, series=series), new=np.array([35, 36]))
    scores = [1000.0 - film for film in range(1000)]
    order = _order(model, model.read_history(likes(999)), scores, k=10)
    assert order == [0, 1, 2, 3, 4, 5, 6, 7, 8, 36]


def test_cold_start_has_new_films_only_for_want_of_others() -> None:
    model = _with_new(0, 1, 2, 3)
    profile = model.read_history(likes())
    assert _order(model, profile, BY_NUMBER) == [4, 5, 6, 7, 8]
    assert {*_order(model, profile, BY_NUMBER, k=10)} == {4, 5, 6, 7, 8, 9, 10, 11, 0, 1}


@given(
    scores=st.lists(st.sampled_from([-np.inf, *range(9)]), min_size=N, max_size=N),
    new=st.sets(st.integers(0, N - 1)),
    k=st.integers(1, N + 1),
)
def test_new_films_never_make_a_list_shorter(scores: list[float], new: set[int], k: int) -> None:
    model = _with_new(*sorted(new))
    order = _order(model, model.read_history(likes(11)), scores, k)
    eligible = {film for film, score in enumerate(scores) if score > -np.inf}
    assert len({*order}) == len(order) == min(k, len(eligible))
    assert {*order} <= eligible
    others = len(eligible - new)
    for start in range(0, len(order), 5):
        page = order[start : start + 5]
        enough = others >= start + 5
        assert len(new.intersection(page)) <= 1 or not enough


def test_recommend_uses_the_diversified_order(model: Model) -> None:
    """`Model.recommend` applies diversification to its scores."""
    profile = model.read_history(likes(10))
    scores = model.scores(profile)
    scores[profile.rated] = -np.inf
    ((films, _),) = arranged_of_each(model, [profile], scores[None], 5)
    assert ids(model.recommend(likes(10))) == model.movie_ids[films].tolist()


def test_catalogue_without_genres() -> None:
    model = replace(_model([[]] * N))
    assert _order(model, model.read_history(likes(11)), BY_NUMBER) == [0, 1, 2, 3, 4]
