"""Lists from a fitted model."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recsys.data.genres import UnknownGenre
from recsys.data.history import NOT_INTERESTED
from recsys.models.model import Model
from recsys.models.results import Recommendation, UnknownMovie
from recsys.models.styles import STYLES, Style
from tests.recsys.frames import history, ids, likes
from tests.recsys.processes import run_elsewhere


@pytest.mark.parametrize("missing", [1, 2, 7, 12, 23, 24])
def test_checkerboard_has_one_correct_answer(board: Model, missing: int) -> None:
    own = [film for film in range(1, 25) if film % 2 == missing % 2 and film != missing]
    assert ids(board.recommend(likes(*own), k=1)) == [missing]
    assert {reason.movie_id % 2 for reason in board.recommend(likes(*own))[0].reasons} == {
        missing % 2
    }


def test_most_liked_films_without_history(model: Model) -> None:
    items = model.recommend(history(), style="popular")
    assert items[0].movie_id == 10, "three people like it"
    assert model.recommend(history())[0].movie_id == 20, "no one who rated it dislikes it"
    assert [item.reasons for item in items] == [[]] * 5
    scores = {item.movie_id: item.score for item in items}
    assert scores[10] > scores[20] > scores[30]


def test_dislikes_alone_penalise_similar_popular_films(model: Model) -> None:
    """Film 20 is a crime drama, and people who like it like film 10, a drama."""
    stranger = {item.movie_id: item.score for item in model.recommend(history(), k=9)}
    for stars in (2.0, 0.5, NOT_INTERESTED):
        items = model.recommend(history((20, stars, 1)), k=9)
        scores = {item.movie_id: item.score for item in items}
        assert {*scores} == {10, 30, 40, 50, 60}
        assert scores[10] < stranger[10]
        assert scores[10] - stranger[10] < scores[40] - stranger[40]
        assert [item.reasons for item in items] == [[]] * 5, "a dislike is no reason"


def test_given_films_are_ranked_by_their_scores_whether_rated_or_not(model: Model) -> None:
    everybody, own = history(), history((30, 5.0, 1), (10, 1.0, 2))
    assert model.ranked(everybody, [40, 999, 30, 20, 10], "popular") == [10, 20, 40, 30, 999]
    assert model.ranked(own, [20, 40]) == [40, 20], "film 40 is science fiction too"
    assert model.ranked(own, []) == []
    films = [film for film in model.movie_ids.tolist() if film not in (10, 30)]
    scores = {item.movie_id: item.score for item in model.recommend(own, k=9)}
    assert model.ranked(own, films) == sorted(films, key=lambda film: -scores[film])


def test_first_films_do_not_depend_on_the_length(board: Model) -> None:
    for mine in (likes(2, 4), likes()):
        every = ids(board.recommend(mine, k=24))
        for k in (1, 5, 7, 12):
            assert ids(board.recommend(mine, k=k)) == every[:k]


@given(
    rated=st.lists(st.sampled_from([10, 20, 30, 40, 50, 60, 999]), unique=True),
    stars=st.sampled_from([1.0, 4.0, 5.0]),
    excluded=st.sets(st.sampled_from([10, 30, 999, -5, 2**40])),
    k=st.integers(0, 8),
)
def test_short_lists_have_all_eligible_films(
    model: Model, rated: list[int], stars: float, excluded: set[int], k: int
) -> None:
    profile = history(*((film, stars, second) for second, film in enumerate(rated)))
    listed = ids(model.recommend(profile, k=k, exclude=excluded))
    eligible = {10, 20, 30, 40, 50, 60} - {*rated} - excluded
    assert len(listed) == min(k, len(eligible))
    assert {*listed} <= eligible
    assert len({*listed}) == len(listed)


@given(
    rated=st.sets(st.sampled_from([10, 20, 999])),
    only=st.sets(st.sampled_from([10, 20, 30, 40, 50, 60, 999, -5, 2**40])),
    excluded=st.sets(st.sampled_from([10, 30])),
)
def test_only_restricts_films_without_changing_scores(
    model: Model, rated: set[int], only: set[int], excluded: set[int]
) -> None:
    profile = likes(*sorted(rated))
    every = {item.movie_id: item.score for item in model.recommend(profile, k=9)}
    items = model.recommend(profile, k=9, exclude=excluded, only=only)
    assert {item.movie_id: item.score for item in items} == {
        film: score for film, score in every.items() if film in only - excluded
    }


def test_only_and_genre_are_combined(model: Model) -> None:
    assert ids(model.recommend(history(), genre="drama", only=[20, 30])) == [20]
    assert model.recommend(history(), only=[]) == []


def test_genre_filter(model: Model) -> None:
    assert {*ids(model.recommend(likes(10), genre="SCI FI"))} == {30, 40}
    assert ids(model.recommend(likes(10), genre="drama")) == [20]
    with pytest.raises(UnknownGenre) as caught:
        model.recommend(history(), genre="actoin")
    assert caught.value.available == ["Action", "Crime", "Drama", "Sci-Fi"]
    assert caught.value.did_you_mean == "Action"


def test_unknown_films_in_a_history_are_ignored(model: Model) -> None:
    profile = history((999, 5.0, 1), (10, 5.0, 2), (7, 1.0, 3))
    assert model.recommend(profile) == model.recommend(history((10, 5.0, 2)))
    assert model.recommend(history((999, 5.0, 1))) == model.recommend(history())


def test_order_of_rows_does_not_matter(model: Model) -> None:
    rows = [(10, 5.0, 1), (30, 4.0, 5), (20, 1.0, 3)]
    assert model.recommend(history(*rows)) == model.recommend(history(*rows[::-1]))


@settings(deadline=None)  # threads on a busy machine
@given(
    people=st.lists(
        st.lists(
            st.tuples(
                st.sampled_from([10, 20, 30, 40, 50, 60, 999]),
                st.sampled_from([0.0, 1.0, 4.0, 5.0]),
                st.integers(0, 3),
            ),
            max_size=6,
        ),
        max_size=5,
    ),
    k=st.integers(6, 8),
    style=st.sampled_from(STYLES),
)
def test_recommend_many_equals_recommend(
    model: Model, people: list[list[tuple[int, float, int]]], k: int, style: Style
) -> None:
    """Histories include films rated twice, at the same time, or outside the catalogue."""
    histories = [history(*rows) for rows in people]
    assert [_rounded(listed) for listed in model.recommend_many(histories, k, style=style)] == [
        _rounded(model.recommend(each, k, style=style)) for each in histories
    ]


def test_recommend_many_with_several_blocks(board: Model) -> None:
    histories = [likes(*range(1 + person % 2, 3 + person % 20, 2)) for person in range(150)]
    assert [_rounded(listed) for listed in board.recommend_many(histories)] == [
        _rounded(board.recommend(each)) for each in histories
    ]


def test_single_frame_equals_separate_histories(board: Model) -> None:
    apart = {7: likes(1, 3), 2: likes(4), 9: likes(2, 6, 8)}
    frame = pd.concat(apart.values(), keys=apart, names=["user_id", None]).reset_index(level=0)
    frame = frame.sample(frac=1, random_state=1)
    assert board.recommend_many(frame) == board.recommend_many([apart[2], apart[7], apart[9]])


def _rounded(listed: list[Recommendation]) -> dict[int, tuple[Any, dict[int, Any]]]:
    """Return rounded scores and shares: batches add in a different order."""
    return {
        item.movie_id: (
            pytest.approx(item.score, abs=1e-5),
            {why.movie_id: pytest.approx(why.share, abs=1e-5) for why in item.reasons},
        )
        for item in listed
    }


def test_similar_films_have_similar_factors(board: Model, model: Model) -> None:
    assert {film % 2 for film in ids(board.similar(3, k=8))} == {1}
    items = model.similar(10, k=9)
    assert {*ids(items)} == {20, 30, 40, 50, 60}
    assert all(-1.0001 <= item.score <= 1.0001 for item in items)
    a, b = model.film_factors[[0, 1]].astype(float)
    cosine = a @ b / np.linalg.norm(a) / np.linalg.norm(b)
    assert {item.movie_id: item.score for item in items}[20] == pytest.approx(cosine, abs=1e-5)


@pytest.mark.parametrize("movie_id", [0, 15, 999, 2**40])
def test_similar_to_an_unknown_film(model: Model, movie_id: int) -> None:
    with pytest.raises(UnknownMovie) as caught:
        model.similar(movie_id)
    assert isinstance(caught.value, KeyError)


def test_artefact_round_trip(model: Model, tmp_path: Path) -> None:
    model.save(tmp_path / "model.npz")
    again = Model.load(tmp_path / "model.npz")
    assert again.to_bytes() == model.to_bytes()
    assert again.parameters == model.parameters
    assert again.recommend(likes(10, 30)) == model.recommend(likes(10, 30))
    assert all(array.dtype == np.float32 for array in vars(again.factors).values())


def test_serving_does_not_load_lightfm(model: Model, tmp_path: Path) -> None:
    model.save(tmp_path / "model.npz")
    script = f"""
import sys
from frames import ids, likes
from recsys import fit
from recsys.models.model import Model
from recsys.models.popularity import popular_model
print(ids(Model.load({str(tmp_path / "model.npz")!r}).recommend(likes(10), k=9)))
print("lightfm" in sys.modules)
"""
    assert run_elsewhere(script).splitlines() == [
        str(ids(model.recommend(likes(10), k=9))),
        "False",
    ]
