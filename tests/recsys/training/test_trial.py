"""The trial: what it holds out, and what it learns about a data set."""

import numpy as np
import pandas as pd
import pytest

from recsys import fit
from recsys.data.dataset import likes_and_dislikes
from recsys.data.learned import Learned
from recsys.models.model import Model
from recsys.training import trial
from recsys.training.fit import fit_with_baselines
from recsys.training.trial import Split, hold_out
from tests.recsys.frames import TINY, checkerboard, ids, likes, movies, ratings

MOVIE_IDS = np.arange(1, 121, dtype=np.int32)


def _split(rows: pd.DataFrame) -> Split:
    split = hold_out(*likes_and_dislikes(rows, MOVIE_IDS), seed=1)
    assert split is not None
    return split


def test_the_later_fifth_of_people_who_stay_is_held_out() -> None:
    """The checkerboard's likes are in the order of film numbers, 59 for each person."""
    rows, _ = checkerboard(120)
    split = _split(rows)
    assert (len(split.held_out.people), split.training.n_people, len(split.known)) == (24, 96, 96)
    for person, question in enumerate(each.likes for each in split.known):
        own = split.training.films[split.training.people == person].tolist()
        assert question.liked.tolist() == own
        assert len(question.relevant) == int(59 * 0.2)
        assert question.relevant.min() > question.liked.max()


def test_a_random_fifth_is_held_out_where_likes_have_no_order() -> None:
    rows, _ = checkerboard(120)
    split = _split(rows.assign(rated_at=rows["rated_at"].max()))
    questions = [each.likes for each in split.known]
    assert {len(each.relevant) for each in questions} == {int(59 * 0.2)}
    earlier = np.mean([each.relevant.mean() < each.liked.mean() for each in questions])
    assert 0.3 < earlier < 0.7
    for person, question in enumerate(questions):
        own = split.training.films[split.training.people == person]
        assert question.liked.tolist() == own.tolist()
        assert not set(question.liked) & set(question.relevant)


def _with_dislikes() -> pd.DataFrame:
    """Everybody dislikes five films of the other colour, of which the first likes are 1 to 10."""
    rows, _ = checkerboard(120)
    seconds = 91, 94, 110, 112, 114  # the known likes end between second 95 and 98
    others = [
        (person, film + person % 2, stars, second)
        for person in range(1, 121)
        for film, stars, second in zip((1, 3, 5, 7, 9), (2.5, 1, 1, 1, 1), seconds, strict=True)
    ]
    return pd.concat([rows, ratings(*others)])


def test_of_many_people_two_thirds_are_known_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, _ = checkerboard(120)
    monkeypatch.setattr(trial, "LEAST_KNOWN", 50)
    assert len(_split(rows).known) == 64, "of 96"
    monkeypatch.setattr(trial, "MOST_KNOWN", 60)
    assert len(_split(rows).known) == 60


def test_dislikes_after_the_known_likes_are_held_out() -> None:
    split = _split(_with_dislikes())
    for each in split.known:
        colour = 1 - each.likes.liked[0] % 2
        assert each.disliked.tolist() == [colour, colour + 2]
        assert each.stars.tolist() == [2.5, 1]
        assert each.unwanted.tolist() == [colour + 4, colour + 6, colour + 8]


def test_a_random_fifth_of_dislikes_is_held_out_where_likes_have_no_order() -> None:
    rows = _with_dislikes()
    split = _split(rows.assign(rated_at=rows["rated_at"].max()))
    counts = [(len(each.disliked), len(each.unwanted)) for each in split.known]
    assert {known + unwanted for known, unwanted in counts} == {5}
    assert 0.7 < np.mean([known for known, _ in counts]) / 5 < 0.9


def test_the_weight_of_dislikes_is_chosen_and_kept() -> None:
    rows = _with_dislikes()
    films = movies({film: (None, []) for film in range(1, 121)})
    model = fit(rows, films, **TINY)
    chosen, gain = model.parameters["learned"]["dislikes"], model.parameters["gains"]["dislikes"]
    assert chosen == model.blend.dislikes
    assert (chosen == 0.2) == (gain == 0)
    kept, _ = fit_with_baselines(rows, films, kept=Learned(dislikes=0.4), **TINY)
    assert kept.blend.dislikes == 0.4


def test_too_few_people_for_a_trial() -> None:
    rows, films = checkerboard(12)
    movie_ids = np.arange(1, 13, dtype=np.int32)
    assert hold_out(*likes_and_dislikes(rows, movie_ids), seed=1) is None
    assert "learned" not in fit(rows, films, **TINY).parameters


@pytest.fixture(scope="module")
def sequels() -> pd.DataFrame:
    """Return the likes of 120 people who watch 20 of 60 films in a row, from anywhere."""
    starts = np.random.default_rng(3).integers(0, 60, 120).tolist()
    return ratings(
        *(
            (person, (start + step) % 60 + 1, 5.0, step)
            for person, start in enumerate(starts)
            for step in range(20)
        )
    )


FILMS = movies({film: (None, []) for film in range(1, 61)})


def _fit(rows: pd.DataFrame) -> Model:
    return fit(rows, FILMS, **TINY)


def test_where_order_says_everything_ease_has_no_share(sequels: pd.DataFrame) -> None:
    """EASE ignores order: it expects the films before one as much as those after it."""
    model = _fit(sequels)
    learned = model.parameters["learned"]
    assert learned["next_share"] + learned["after_share"] > 0.95
    assert model.parameters["gains"]["shares"] > 0.01
    assert set(ids(model.recommend(likes(5, 6, 7)))) == {8, 9, 10, 11, 12}


def test_without_times_nothing_leans_on_order(sequels: pd.DataFrame) -> None:
    model = _fit(sequels.assign(rated_at=sequels["rated_at"].max()))
    learned = model.parameters["learned"]
    assert (learned["oldest"], learned["next_share"], learned["after_share"]) == (1, 0, 0)
    assert learned["shares"][-1] == 0
    assert not len(model.short_term.films)
    forwards, backwards = (
        {item.movie_id: item.score for item in model.recommend(likes(*films), k=60)}
        for films in ((5, 6, 7), (7, 6, 5))
    )
    assert forwards == pytest.approx(backwards, abs=1e-5)


def test_a_trial_is_repeatable_to_the_byte(sequels: pd.DataFrame) -> None:
    shuffled = sequels.sample(frac=1, random_state=2)
    assert _fit(sequels).to_bytes() == _fit(shuffled).to_bytes()


def test_with_little_memory_the_trial_only_measures() -> None:
    model, _ = fit_with_baselines(*checkerboard(60), little_memory=True, **TINY)
    assert model.validation is not None
    assert model.validation.people == 12
    assert "learned" not in model.parameters
    assert model.blend.shares == pytest.approx((0.48, 0.18, 0.23, 0.11))
