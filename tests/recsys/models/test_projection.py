"""The map of films."""

import numpy as np

from recsys.models.projection import LEAST_FILMS, draw_map, no_map


def test_films_with_similar_factors_are_close() -> None:
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


def test_films_without_likes_are_not_drawn() -> None:
    factors = np.random.default_rng(1).normal(size=(LEAST_FILMS + 2, 4)).astype(np.float32)
    likes = np.full(len(factors), 3)
    likes[[4, 7]] = 0
    is_off = np.isnan(draw_map(factors, likes, seed=1)).all(axis=1)
    assert np.flatnonzero(is_off).tolist() == [4, 7]


def test_no_map_with_too_few_films() -> None:
    factors = np.ones((LEAST_FILMS - 1, 4), np.float32)
    assert np.isnan(draw_map(factors, np.full(len(factors), 3), seed=1)).all()
    assert no_map(2).shape == (2, 2)


def test_films_stay_near_their_former_positions() -> None:
    """All factors have changed a little, and one film is new."""
    numbers = np.random.default_rng(1)
    factors = (np.eye(8)[np.arange(80) % 8] + numbers.normal(scale=0.1, size=(80, 8))).astype(
        np.float32
    )
    moved = (factors + numbers.normal(scale=0.02, size=factors.shape)).astype(np.float32)
    likes = np.full(80, 5)
    former = draw_map(factors, likes, seed=1)
    former[7] = np.nan
    picture = draw_map(moved, likes, seed=2, former=former)
    was_there = ~np.isnan(former).any(axis=1)
    by = np.linalg.norm(picture - former, axis=1)[was_there]
    by_anew = np.linalg.norm(draw_map(moved, likes, seed=2) - former, axis=1)[was_there]
    assert np.median(by) < 0.2
    assert np.median(by) < np.median(by_anew) / 2
    own = np.arange(80) % 8 == 7
    to_own = np.linalg.norm(picture[7] - picture[own & was_there].mean(axis=0))
    assert to_own < np.linalg.norm(picture[7] - picture[was_there].mean(axis=0))
    assert np.abs(picture).max() == 1


def test_former_map_of_other_films_is_ignored() -> None:
    factors = np.random.default_rng(1).normal(size=(LEAST_FILMS, 4)).astype(np.float32)
    likes = np.full(len(factors), 3)
    anew = draw_map(factors, likes, seed=1)
    assert (draw_map(factors, likes, seed=1, former=no_map(len(factors))) == anew).all()
