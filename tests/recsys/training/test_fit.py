"""Training is reproducible and handles unusual data."""

import hashlib
import sys
import warnings
from contextlib import suppress
from typing import Any

import pandas as pd
import psutil
import pytest

from recsys import fit
from recsys import fit as fit_function
from recsys.models.model import Model
from tests.recsys.frames import TINY, checkerboard, ids, likes, movies, ratings
from tests.recsys.processes import run_elsewhere

FILMS = movies({1: (1990, ["Drama"]), 2: (1991, ["Crime"]), 3: (None, [])})
BARE = movies({1: (None, []), 2: (None, []), 3: (None, [])})


def _digest(model: Model) -> str:
    return hashlib.sha256(model.to_bytes()).hexdigest()


def test_same_seed_gives_the_same_bytes_in_any_process() -> None:
    first = _digest(fit(*checkerboard(12), **TINY))
    assert _digest(fit(*checkerboard(12), **TINY)) == first
    script = f"""
import hashlib
from frames import checkerboard
from recsys import fit
print(hashlib.sha256(fit(*checkerboard(12), **{TINY!r}).to_bytes()).hexdigest())
"""
    assert run_elsewhere(script) == first


def test_different_seeds_give_different_models() -> None:
    assert _digest(fit(*checkerboard(12), seed=1, **TINY)) != _digest(
        fit(*checkerboard(12), seed=2, **TINY)
    )


def test_order_of_rows_does_not_matter() -> None:
    ratings, films = checkerboard(12)
    shuffled = ratings.sample(frac=1, random_state=3)
    assert _digest(fit(shuffled, films[::-1], **TINY)) == _digest(fit(ratings, films, **TINY))


def test_result_does_not_depend_on_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    here = _digest(fit(*checkerboard(12), **TINY))
    module = sys.modules[fit_function.__module__]
    monkeypatch.setattr(module, "LIKES_WORTH_A_PROCESS", 0)
    monkeypatch.setattr("recsys.training.jobs.cpu_count", lambda: 2)
    assert _digest(fit(*checkerboard(12), **TINY)) == here


def test_training_continues_here_if_the_second_process_dies(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    many: dict[str, Any] = {**TINY, "epochs": 400}
    here = _digest(fit(*checkerboard(12), **many))
    module = sys.modules[fit_function.__module__]
    monkeypatch.setattr(module, "LIKES_WORTH_A_PROCESS", 0)
    monkeypatch.setattr("recsys.training.jobs.cpu_count", lambda: 2)
    killed: list[int] = []

    def kill_it(_share: float, _what: str) -> None:
        for child in psutil.Process().children():
            with suppress(psutil.ZombieProcess):  # a child of an earlier test that has just ended
                if not killed and "LokyProcess" in " ".join(child.cmdline()):
                    killed.append(child.pid)
                    child.kill()

    assert _digest(fit(*checkerboard(12), progress=kill_it, **many)) == here
    assert killed


def test_progress_rises_to_one() -> None:
    reported: list[tuple[float, str]] = []
    fit(*checkerboard(), progress=lambda share, what: reported.append((share, what)), **TINY)
    shares = [share for share, _ in reported]
    assert shares == sorted(shares)
    assert len(shares) > 10
    assert shares[0] > 0
    assert shares[-1] == 1
    assert all(what for _, what in reported)


@pytest.mark.parametrize(
    ("rows", "films", "profile", "listed"),
    [
        ([], FILMS, likes(), [1, 2, 3]),
        ([], FILMS.iloc[:0], likes(1), []),
        ([(1, 3, 2.0, 1)], FILMS, likes(), [1, 2, 3]),
        ([(1, 99, 5.0, 1)], FILMS, likes(), [1, 2, 3]),
        ([(1, 3, 5.0, 1)], FILMS, likes(), [3, 1, 2]),
        ([(1, 3, 5.0, 1)], FILMS, likes(1, 2, 3), []),
        ([(1, 3, 5.0, 1)], FILMS[:1], likes(1), []),
        ([(1, 1, 5.0, 1), (2, 1, 4.0, 1), (2, 2, 4.5, 2)], BARE, likes(), [1, 2, 3]),
        ([(1, film, 5.0, film) for film in (1, 2, 3)], BARE, likes(), [1, 2, 3]),
        (
            [(1, 2, 5.0, 1), (1, 2, 5.0, 1), (1, 2, 5.0, 1), (2, 3, 5.0, 1)],
            FILMS,
            likes(),
            [2, 3, 1],
        ),
    ],
)
def test_unusual_data(
    rows: list[tuple[int, int, float, int]],
    films: pd.DataFrame,
    profile: pd.DataFrame,
    listed: list[int],
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = fit(ratings(*rows), films, **TINY)
    found = ids(model.recommend(profile))
    assert found[:1] == listed[:1]
    assert {*found} == {*listed}
    for liked in range(4):
        for item in model.recommend(likes(*range(1, liked + 1))):
            assert item.score == item.score, "not a number"


def test_without_likes_the_model_ranks_by_popularity() -> None:
    model = fit(ratings((1, 1, 3.0, 1)), FILMS)
    assert model.recommend(likes(1))[0].reasons == []


@pytest.mark.parametrize("name", ["members", "components", "epochs", "most_likes"])
def test_too_small_parameters_are_rejected(name: str) -> None:
    wrong: dict[str, Any] = {name: 0}
    with pytest.raises(ValueError, match=f"{name} must be at least 1"):
        fit(ratings(), FILMS, **wrong)


@pytest.mark.parametrize("shares", [(1.5, 0.0), (-0.1, 0.1), (0.6, 0.5)])
def test_invalid_shares_are_rejected(shares: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="lightfm_share, genres_share and soon_share must be"):
        fit(ratings(), FILMS, lightfm_share=shares[0], soon_share=shares[1])


def test_negative_dislikes_are_rejected() -> None:
    with pytest.raises(ValueError, match="dislikes must not be less than 0"):
        fit(ratings(), FILMS, dislikes=-0.1)


def test_unknown_parameters_are_rejected() -> None:
    with pytest.raises(TypeError, match="layers"):
        fit(ratings(), FILMS, layers=3)


def test_invalid_frames_are_rejected() -> None:
    with pytest.raises(ValueError, match="ratings: column rated_at is missing"):
        fit(ratings().drop(columns="rated_at"), FILMS)
    with pytest.raises(ValueError, match="movies: column year is missing"):
        fit(ratings(), FILMS.drop(columns="year"))
