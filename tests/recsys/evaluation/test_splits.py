"""Splits of ratings into training and test parts."""

import pandas as pd

from recsys.evaluation import splits
from tests.recsys.frames import ratings

# Person 1 rated films 1 to 5 in seconds 1 to 5, person 2 later, and person 3 last.
RATINGS = ratings(
    *((1, film, 5.0, film) for film in range(1, 6)),
    *((2, film, 4.0 if film == 5 else 2.0, 10 + film) for film in range(1, 6)),
    *((3, film, 5.0, 20) for film in (1, 2)),
)


def _histories(split: splits.Split) -> dict[int, list[int]]:
    return {case.user_id: case.history["movie_id"].tolist() for case in split.cases}


def _relevant(split: splits.Split) -> dict[int, set[int]]:
    return {case.user_id: set(case.relevant) for case in split.cases}


def test_per_user_temporal_split_holds_out_the_latest_fifth() -> None:
    split = splits.per_user_temporal(RATINGS)
    assert _histories(split) == {1: [1, 2, 3, 4], 2: [1, 2, 3, 4], 3: [1]}
    assert _relevant(split) == {1: {5}, 2: {5}, 3: {2}}
    assert len(split.training) == 9


def test_cases_have_held_out_ratings_and_dislikes() -> None:
    people = ratings(
        *((1, film, 5.0, film) for film in range(1, 9)),
        *((1, film, 2.5, film) for film in (9, 10)),
        *((2, film, 5.0, film) for film in range(1, 9)),
        *((2, film, stars, film) for film, stars in ((9, 4.0), (10, 2.5))),
        *((3, film, 5.0, film) for film in range(1, 9)),
        *((3, film, stars, film) for film, stars in ((9, 4.0), (10, 3.0))),
    )
    found = {
        case.user_id: (set(case.rated), set(case.disliked))
        for case in splits.per_user_temporal(people).cases
    }
    assert found == {2: ({9, 10}, {10}), 3: ({9, 10}, set())}, "person 1 likes nothing later"


def test_random_split_has_no_order() -> None:
    """What is held out isn't later, so the times of the rest say nothing about it."""
    split = splits.at_random(RATINGS, seed=1)
    assert set(split.training["rated_at"]) == {RATINGS["rated_at"].max()}
    for case in split.cases:
        assert set(case.history["rated_at"]) == {RATINGS["rated_at"].max()}


def test_cold_start_holds_out_all_dislikes() -> None:
    many = ratings(
        *((person, film, 5.0, film) for person in range(1, 6) for film in range(2, 14)),
        *((person, film, 1.0, film) for person in range(1, 6) for film in (1, 14)),
    )
    found = {split.name: split.cases[0] for split in splits.cold_start(many, seed=3)}
    assert set(found["cold-start-0"].rated) == set(range(1, 15))
    assert set(found["cold-start-10"].rated) == {1, 12, 13, 14}
    assert all(set(case.disliked) == {1, 14} for case in found.values())


def test_global_temporal_split_only_has_cases_of_known_people() -> None:
    split = splits.global_temporal(RATINGS)
    assert split.training["rated_at"].max() < pd.Timestamp(15, unit="s", tz="UTC")
    assert _histories(split) == {2: [1, 2, 3, 4]}
    assert _relevant(split) == {2: {5}}


def test_random_split_depends_only_on_the_seed() -> None:
    first, again, other = (splits.at_random(RATINGS, seed) for seed in (1, 1, 5))
    assert len(first.training) == 9
    assert _relevant(first) == _relevant(again)
    assert _relevant(first) != _relevant(other)
    shuffled = splits.at_random(RATINGS.sample(frac=1, random_state=1), 1)
    assert _relevant(shuffled) == _relevant(first)


def test_cold_start_people_are_not_in_training_and_the_same_for_each_n() -> None:
    many = ratings(
        *((person, film, 5.0, film) for person in range(1, 11) for film in range(1, 13)),
    )
    found = list(splits.cold_start(many, seed=3))
    assert [split.name for split in found] == [f"cold-start-{n}" for n in (0, 1, 3, 5, 10)]
    asked = [set(_histories(split)) for split in found]
    assert all(people == asked[0] for people in asked)
    assert len(asked[0]) == 2
    assert not asked[0] & set(found[0].training["user_id"])
    for split, n in zip(found, splits.FIRST_LIKES, strict=True):
        assert all(films == list(range(1, n + 1)) for films in _histories(split).values())
        assert all(films == set(range(n + 1, 13)) for films in _relevant(split).values())


def test_cold_start_needs_more_than_ten_likes() -> None:
    few = ratings(*((person, film, 5.0, film) for person in range(1, 11) for film in range(10)))
    assert [split.cases for split in splits.cold_start(few, seed=3)] == [[]] * 5
