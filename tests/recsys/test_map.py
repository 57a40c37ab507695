"""The picture of the films."""

import numpy as np

from recsys.map import LEAST_FILMS, draw_map, no_map


def test_films_whose_factors_are_alike_are_near_each_other() -> None:
    noise = np.random.default_rng(1).normal(scale=0.05, size=(80, 8))
    groups = np.repeat([0, 1], 40)
    factors = (np.eye(8)[groups] + noise).astype(np.float32)
    picture = draw_map(factors, np.full(80, 5), seed=1)
    centres = np.array([picture[groups == group].mean(axis=0) for group in (0, 1)])
    to_own = np.linalg.norm(picture - centres[groups], axis=1)
    to_other = np.linalg.norm(picture - centres[1 - groups], axis=1)
    assert (to_own < to_other).all()
    assert np.abs(picture).max() == 1
    assert (draw_map(factors, np.full(80, 5), seed=1) == picture).all()


def test_films_that_nobody_likes_are_not_drawn() -> None:
    factors = np.random.default_rng(1).normal(size=(LEAST_FILMS + 2, 4)).astype(np.float32)
    likes = np.full(len(factors), 3)
    likes[[4, 7]] = 0
    is_off = np.isnan(draw_map(factors, likes, seed=1)).all(axis=1)
    assert np.flatnonzero(is_off).tolist() == [4, 7]


def test_too_few_films_make_no_picture() -> None:
    factors = np.ones((LEAST_FILMS - 1, 4), np.float32)
    assert np.isnan(draw_map(factors, np.full(len(factors), 3), seed=1)).all()
    assert no_map(2).shape == (2, 2)
