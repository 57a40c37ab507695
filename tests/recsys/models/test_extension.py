"""Models extended by films that were loaded after the training."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys import fit
from recsys.data.features import NO_PERIOD
from recsys.data.series import NO_SERIES
from recsys.models.batches import rank_for_each
from recsys.models.explanation import explain
from recsys.models.extension import extended
from recsys.models.model import Model
from recsys.models.styles import STYLES, Style
from tests.recsys.frames import history, ids, likes, movies
from tests.recsys.models.test_by_hand import GENRES, MODEL, SHORT_TERM, TWO_STAGES

NO_TITLES = pd.Series({}, dtype="str")
WESTERN = movies({5: (1991, ["Western"])})
OF_FILMS = {film: f"Film {film}" for film in (10, 20, 30, 40, 50, 60)}

new_films = st.dictionaries(
    st.integers(1, 99).filter(lambda film: film not in OF_FILMS),
    st.tuples(
        st.none() | st.integers(1870, 2100),
        st.lists(st.sampled_from(["Action", "Drama", "Sci-Fi", "Western"]), unique=True),
    ),
    min_size=1,
    max_size=8,
)
histories = st.lists(
    st.tuples(
        st.sampled_from([*OF_FILMS, 999]),
        st.sampled_from([0.0, 0.5, 2.5, 3.5, 4.0, 5.0]),
        st.integers(0, 99),
    ),
    max_size=10,
)


def _place(model: Model, film: int) -> int:
    return int(np.searchsorted(model.movie_ids, film))


def test_no_missing_film_leaves_the_model() -> None:
    known = movies({2: (None, ["Musical"])})
    assert extended(MODEL, known, NO_TITLES) is MODEL
    assert extended(MODEL, known.iloc[:0], NO_TITLES) is MODEL


def test_new_film_is_the_sum_of_its_genres_and_its_half_decade() -> None:
    """A Western, [1, 0] with a bias of -1, of the early nineties, [1, 0] with a bias of ½."""
    model = extended(MODEL, WESTERN, NO_TITLES)
    assert model.movie_ids.tolist() == [1, 2, 3, 4, 5]
    assert model.film_factors[4].tolist() == [2, 0]
    assert model.film_vectors[4, -1] == -0.5
    why = explain(model, likes(1), 5)
    assert (why.liked, why.genre, why.period, why.popularity) == ([(1, 0.0)], 0.0, 0.75, 0.0)
    assert why.score == 0.75
    listed = {item.movie_id: item.score for item in model.recommend(likes(1))}
    assert listed == {3: 1.75, 5: 0.75, 4: 0.5, 2: 0}


def test_new_film_shares_genres_with_liked_films() -> None:
    """Film 3 is a Western with length 1, and the new film one with weight 2."""
    model = extended(GENRES, WESTERN, NO_TITLES)
    assert explain(model, likes(3), 5).liked == [(3, 2.0)]
    assert explain(model, likes(1), 5).liked == [(1, 0.0)]
    (first, *_) = model.recommend(likes(3))
    assert (first.movie_id, first.basis, first.is_new) == (5, "liked", True)


def test_liked_new_film_counts_by_its_genres() -> None:
    model = extended(GENRES, WESTERN, NO_TITLES)
    assert explain(model, likes(5), 3).liked == [(5, 2.0)]


def test_new_film_is_named_by_its_genre_and_marked() -> None:
    """For a person who likes film 2, [0, 1], nothing supports a Western but popularity."""
    known = replace(MODEL, likes=np.array([7, 15, 3, 0]))
    model = extended(known, movies({5: (None, ["Western"]), 6: (None, [])}), NO_TITLES)
    for explained in (None, 0):
        items = {
            item.movie_id: item
            for item in model.recommend(likes(2), 9, style="popular", explained=explained)
        }
        assert {film for film, item in items.items() if item.is_new} == {5, 6}
    bases = {item.movie_id: item.basis for item in model.recommend(likes(2), 9, style="popular")}
    assert (bases[5], bases[6]) == ("Western", "popular"), "film 6 has no genre"


def test_new_film_is_as_popular_as_the_typical_film() -> None:
    """Film 1 has the median number of likes, and its bias is 3; no one likes film 4."""
    biases = np.array([3, 5, 7, 9], np.float32)
    known = replace(
        MODEL,
        likes=np.array([7, 15, 3, 0]),
        factors=replace(MODEL.factors, item_bias=biases),
    )
    model = extended(known, WESTERN, NO_TITLES)
    assert model.factors.item_bias.tolist() == [3, 5, 7, 9, 3]
    assert model.likes.tolist() == [7, 15, 3, 0, 0], "nobody likes it, all the same"
    for style in STYLES:
        before, after = known.appeals.liking[style], model.appeals.liking[style]
        assert after.tolist() == [*before.tolist(), before[0]]
        before, after = known.appeals.unknown[style], model.appeals.unknown[style]
        assert after.tolist() == [*before.tolist(), before[0]]


def test_half_decade_without_factors_is_the_nearest_one() -> None:
    two = replace(
        MODEL,
        catalogue=replace(
            MODEL.catalogue,
            periods=[1980, 1990],
            period=np.array([NO_PERIOD, 0, 1, NO_PERIOD], np.int16),
        ),
    )
    years = {5: 1935, 6: 1984, 7: 1985, 8: 1999, 9: 2030, 10: None}
    films = movies({film: (year, []) for film, year in years.items()})
    model = extended(two, films, NO_TITLES)
    assert model.catalogue.periods == [1980, 1990]
    assert model.catalogue.period.tolist() == [NO_PERIOD, 0, 1, NO_PERIOD, 0, 0, 0, 1, 1, NO_PERIOD]


def test_half_decades_of_a_model_without_any() -> None:
    undated = replace(
        MODEL,
        catalogue=replace(MODEL.catalogue, periods=[], period=np.full(4, NO_PERIOD, np.int16)),
        factors=replace(
            MODEL.factors, period=MODEL.factors.period[:0], period_bias=np.zeros(0, np.float32)
        ),
    )
    model = extended(undated, WESTERN, NO_TITLES)
    assert model.catalogue.period.tolist() == [NO_PERIOD] * 5


def test_new_genre_has_no_factors_but_is_rare() -> None:
    known = replace(MODEL, likes=np.array([7, 15, 3, 0]))
    films = movies({5: (None, ["Musical"]), 6: (None, ["(no genres listed)", "Drama"])})
    model = extended(known, films, NO_TITLES)
    assert model.genres == ["(no genres listed)", "Drama", "Musical", "Western"]
    assert model.genre_weights.tolist() == [0, 1, pytest.approx(np.log(25)), 2]
    assert model.factors.genre.tolist() == [[0, 0], [0, 1], [0, 0], [1, 0]]
    assert model.catalogue.genre_mask[:, 1:].tolist() == [
        *([1, 0, 0], [1, 0, 0], [0, 0, 1], [0, 0, 0]),
        *([0, 1, 0], [1, 0, 0]),
    ]
    assert ids(model.recommend(likes(1), genre="musical")) == [5]


def test_new_film_can_belong_to_the_series_of_an_old_one() -> None:
    titles = pd.Series({1: "Alien", 2: "Heat", 3: "Fargo", 5: "Alien 3"})
    series = extended(MODEL, WESTERN, titles).catalogue.series
    assert series[0] == series[4] != NO_SERIES
    assert series[1:4].tolist() == [NO_SERIES] * 3


def test_weights_and_map_stay_with_their_films() -> None:
    """The films were numbered 0 to 3; 5 and 15 come before some of them."""
    spaced = replace(MODEL.catalogue, movie_ids=np.array([10, 20, 30, 40], np.int32))
    films = movies({5: (None, []), 15: (None, [])})
    positions = np.arange(8, dtype=np.float32).reshape(4, 2)
    model = extended(replace(TWO_STAGES, catalogue=spaced, map=positions), films, NO_TITLES)
    assert model.movie_ids.tolist() == [5, 10, 15, 20, 30, 40]
    assert model.new.tolist() == [0, 2]
    assert model.new_ids == {5, 15}
    assert model.item_item.films.tolist() == [1, 5]
    assert model.item_item.weights is TWO_STAGES.item_item.weights
    assert model.map[[1, 3, 4, 5]].tolist() == positions.tolist()
    assert np.isnan(model.map[[0, 2]]).all()
    short_term = extended(replace(SHORT_TERM, catalogue=spaced), films, NO_TITLES).short_term
    assert short_term.films.tolist() == [1, 5]


def test_extended_again() -> None:
    titles = pd.Series({1: "Alien", 5: "Heat", 0: "Fargo"})
    once = extended(MODEL, WESTERN, titles)
    twice = extended(once, movies({0: (None, []), 5: (1991, ["Western"])}), titles)
    assert twice.movie_ids.tolist() == [0, 1, 2, 3, 4, 5]
    assert twice.new_ids == {0, 5}
    assert explain(twice, likes(1), 5).score == 0.75


def test_similar_films_are_never_new() -> None:
    model = extended(MODEL, WESTERN, NO_TITLES)
    assert ids(model.similar(1)) == [2, 3, 4]
    assert ids(model.similar(5)) == [3, 1, 2, 4], "film 3 has the same direction"


@given(films=new_films, rows=histories, style=st.sampled_from(STYLES))
def test_scores_of_trained_films_stay(
    model: Model, films: dict[int, Any], rows: list[tuple[int, float, int]], style: Style
) -> None:
    titles = pd.Series({**OF_FILMS, **{film: f"Untitled, with number {film}!" for film in films}})
    more = extended(model, movies(films), titles)
    person = history(*rows)
    before = model.read_history(person, style)
    scores = more.scores(more.read_history(person, style))
    trained = ~more.is_new
    assert more.movie_ids[trained].tolist() == [*OF_FILMS]
    assert scores[trained] == pytest.approx(model.scores(before), abs=1e-5)
    assert more.film_factors[trained] == pytest.approx(model.film_factors, abs=1e-6)
    ((ranked, _),) = rank_for_each(more, [more.read_history(person, style)], 99)
    assert {*more.movie_ids[ranked].tolist()} == ({*OF_FILMS} | {*films}) - {
        film for film, *_ in rows
    }


@given(films=new_films, rows=histories, style=st.sampled_from(STYLES))
def test_contributions_to_new_films_add_up(
    model: Model, films: dict[int, Any], rows: list[tuple[int, float, int]], style: Style
) -> None:
    more = extended(model, movies(films), pd.Series(OF_FILMS))
    liked = [(film, 5.0, 100 + place) for place, film in enumerate(films)][:2]
    for person in (history(*rows), history(*rows, *liked)):
        scores = more.scores(more.read_history(person, style))
        for film in films:
            why = explain(more, person, film, style)
            of_films = sum(part for _, part in [*why.liked, *why.disliked])
            assert why.score == pytest.approx(of_films + why.genre + why.period + why.popularity)
            assert why.score == pytest.approx(scores[_place(more, film)], abs=1e-5)


def test_model_of_an_empty_catalogue() -> None:
    nothing = fit(history().assign(user_id=pd.Series(dtype=int)), movies({}))
    model = extended(nothing, movies({5: (1991, ["Western"])}), NO_TITLES)
    assert ids(model.recommend(likes())) == [5]
