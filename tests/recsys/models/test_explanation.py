"""Contributions to scores, and reasons."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.models.explanation import Explanation, explain
from recsys.models.model import Model
from recsys.models.results import MOST_REASONS, UnknownMovie, strongest_of_each
from recsys.models.styles import STYLES, Style
from tests.recsys.frames import history, likes

FILMS = [10, 20, 30, 40, 50, 60]

histories = st.lists(
    st.tuples(
        st.sampled_from([*FILMS, 7, 999]),
        st.sampled_from([0.0, 0.5, 2.5, 3.5, 4.0, 4.5, 5.0]),
        st.integers(0, 99),
    ),
    max_size=12,
)


def _from_ratings(why: Explanation) -> float:
    return sum(part for _, part in [*why.liked, *why.disliked])


@given(rows=histories, style=st.sampled_from(STYLES))
def test_contributions_add_up_to_the_score(
    model: Model, rows: list[tuple[int, float, int]], style: Style
) -> None:
    profile = history(*rows)
    scores = model.scores(model.read_history(profile, style))
    for place, film in enumerate(FILMS):
        why = explain(model, profile, film, style)
        parts = _from_ratings(why) + why.genre + why.period + why.popularity
        assert why.score == pytest.approx(parts, abs=1e-9)
        assert why.score == pytest.approx(scores[place], abs=1e-5)


@given(rows=histories)
def test_shares_are_of_positive_contributions_strongest_first(
    model: Model, rows: list[tuple[int, float, int]]
) -> None:
    profile = history(*rows)
    for item in model.recommend(profile, k=9):
        why = explain(model, profile, item.movie_id)
        parts = [part for _, part in why.liked]
        positive = sum(max(part, 0) for part in [*parts, why.genre, why.period, why.popularity])
        expected = [(film, part / positive) for film, part in why.liked if part > 0][:3]
        assert [reason.movie_id for reason in item.reasons] == [film for film, _ in expected]
        assert [reason.share for reason in item.reasons] == pytest.approx(
            [share for _, share in expected], abs=1e-5
        )
        assert all(0 < reason.share <= 1 for reason in item.reasons)


@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from([*FILMS, 7, 999, 2**31 - 1]),
            st.integers(1, 10).map(lambda halves: halves / 2),
            st.integers(0, 5),
        ),
        max_size=12,
    ),
    excluded=st.sets(st.sampled_from([*FILMS, 999])),
    only=st.none() | st.sets(st.sampled_from([*FILMS, 7])),
    style=st.sampled_from(STYLES),
)
def test_listed_score_is_the_sum_of_contributions(
    model: Model,
    rows: list[tuple[int, float, int]],
    excluded: set[int],
    only: set[int] | None,
    style: Style,
) -> None:
    profile = history(*rows)
    items = model.recommend(profile, k=9, exclude=excluded, only=only, style=style)
    allowed = set(FILMS) if only is None else only & set(FILMS)
    assert {item.movie_id for item in items} == allowed - excluded - {film for film, *_ in rows}
    for item in items:
        why = explain(model, profile, item.movie_id, style)
        parts = _from_ratings(why) + why.genre + why.period + why.popularity
        assert item.score == pytest.approx(parts, abs=1e-5)
        assert all(0 < reason.share <= 1 for reason in item.reasons)
        assert sum(reason.share for reason in item.reasons) <= 1 + 1e-9


def test_only_liked_and_disliked_films_contribute(model: Model) -> None:
    rows = [(10, 5.0, 1), (20, 2.0, 2), (999, 5.0, 3), (30, 4.0, 4), (50, 3.0, 5), (60, 1.0, 6)]
    why = explain(model, history(*rows), 40)
    assert {film for film, _ in why.liked} == {10, 30}
    assert {film for film, _ in why.disliked} == {20, 60}
    liked, disliked = ([part for _, part in each] for each in (why.liked, why.disliked))
    assert liked == sorted(liked, reverse=True)
    assert disliked == sorted(disliked)


def test_film_without_genre_and_year_has_no_such_contributions(model: Model) -> None:
    why = explain(model, likes(10, 20), 50)
    assert (why.genre, why.period) == (0, 0)
    why = explain(model, likes(10, 20), 40)
    assert 0 not in (why.genre, why.period)


def test_score_without_history_is_popularity(model: Model) -> None:
    why = explain(model, likes(), 10)
    assert (why.liked, why.genre, why.period) == ([], 0, 0)
    assert why.score == why.popularity == pytest.approx(float(model.appeals.unknown["balanced"][0]))


def test_unknown_film(model: Model) -> None:
    with pytest.raises(UnknownMovie, match="999"):
        explain(model, likes(10), 999)


@given(parts=st.lists(st.sampled_from([-1.0, 0.0, 0.25, 0.5, 1.0]), max_size=12))
def test_strongest_contributions_are_reasons_ties_by_age(parts: list[float]) -> None:
    by_strength = sorted(range(len(parts)), key=lambda place: -parts[place])
    numbers, added = np.arange(len(parts))[None], np.array([parts])
    (reasons,), _ = strongest_of_each(numbers, added, np.array([2.0]))
    assert [tuple(reason) for reason in reasons] == [
        (place, parts[place] / 2) for place in by_strength[:MOST_REASONS] if parts[place] > 0
    ]
