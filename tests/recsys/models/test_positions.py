"""Positions of films and people on the map."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from recsys.models.model import Model
from recsys.models.positions import place_of_person, places
from recsys.models.results import Recommendation

FILMS = pd.DataFrame({"movie_id": [1, 2, 3], "x": [0.0, 1.0, -1.0], "y": [0.0, 1.0, 0.5]})


def _item(movie_id: int, score: float) -> Recommendation:
    return Recommendation(movie_id, score, [])


def test_only_drawn_films_that_still_exist(model: Model) -> None:
    drawn = np.full((6, 2), np.nan, np.float32)
    drawn[[0, 2, 3]] = np.array([[0, 1], [-1, 0.5], [0.25, 0]])
    found = places(replace(model, map=drawn), absent=[30])
    assert found.to_dict("list") == {"movie_id": [10, 40], "x": [0.0, 0.25], "y": [1.0, 0.0]}
    assert places(model).empty


def test_position_of_a_person_is_weighted_by_score() -> None:
    assert place_of_person(FILMS, [_item(1, 1.0), _item(2, 3.0)]) == (0.75, 0.75)
    assert place_of_person(FILMS, [_item(9, 9.0), _item(2, 3.0)]) == (1.0, 1.0)
    assert place_of_person(FILMS, [_item(2, 3.0), _item(3, -2.0)]) == (1.0, 1.0)
    assert place_of_person(FILMS, [_item(1, -1.0), _item(2, -3.0)]) == (0.5, 0.5)


def test_no_position_without_films_on_the_map() -> None:
    assert place_of_person(FILMS, []) is None
    assert place_of_person(FILMS, [_item(9, 1.0)]) is None


def test_only_the_first_twenty_films_count() -> None:
    films = pd.DataFrame({"movie_id": range(30), "x": [0.0] * 20 + [9.0] * 10, "y": 0.0})
    assert place_of_person(films, [_item(each, 1.0) for each in range(30)]) == pytest.approx((0, 0))
