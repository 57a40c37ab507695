"""Splits: the ratings that are held out of training, and the films that are relevant.

Films with held-out ratings of 4 or more (likes) are relevant, those with 2.5 or less disliked.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from db.scale import DISLIKE, LIKE
from i18n.language import Text
from recsys.data.dataset import split_by_time

FIRST_LIKES = (0, 1, 3, 5, 10)

_TEST_SHARE = 0.2
_TITLES = {
    "per-user-temporal": Text(
        "Known people: the latest fifth of each person's ratings is kept back."
    ),
    "global-temporal": Text("One moment for all: the latest fifth of all ratings is kept back."),
    "random": Text("A random fifth of each person's ratings is kept back."),
    **{
        f"cold-start-{n}": f"Cold start: a fifth of the people are held out; the models see {n} of "
        "their first likes and should find all later ones."
        for n in FIRST_LIKES
    },
}


@dataclass(frozen=True)
class Case:
    """A person to recommend films to.

    Attributes
    ----------
    user_id : int
    history : DataFrame
        The ratings that the models see: movie_id, rating (0.5–5), rated_at (UTC); oldest first.
    relevant : frozenset of int
        The films that should be listed; at least one.
    rated, disliked : frozenset of int
        The films with held-out ratings, and those of them rated `DISLIKE` or less.
    """

    user_id: int
    history: pd.DataFrame
    relevant: frozenset[int]
    rated: frozenset[int] = frozenset()
    disliked: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Split:
    """A split: its name and explanation, the training ratings and the people to evaluate.

    `is_random` says that the ratings held out aren't the latest.
    """

    name: str
    explanation: str
    training: pd.DataFrame
    cases: list[Case]
    is_random: bool = False


def per_user_temporal(ratings: pd.DataFrame) -> Split:
    """Return the per-user temporal split: `int(0.8 n)` of each person's n ratings for training."""
    earlier, later = split_by_time(ratings, 1 - _TEST_SHARE)
    return _of_known("per-user-temporal", earlier, later)


def global_temporal(ratings: pd.DataFrame) -> Split:
    """Return the global temporal split: train up to a point in time, test on known people after."""
    in_order = ratings.sort_values(["rated_at", "user_id", "movie_id"], kind="stable")
    cut = int(len(in_order) * (1 - _TEST_SHARE))
    return _of_known("global-temporal", in_order.iloc[:cut], in_order.iloc[cut:])


def at_random(ratings: pd.DataFrame, seed: int) -> Split:
    """Return the random split: a random fifth of each person's ratings for test.

    What is held out isn't later than the rest, so nothing can be learned from the order: all
    ratings for training get the same time.
    """
    in_order = ratings.sort_values(["user_id", "rated_at", "movie_id"], kind="stable")
    draw = pd.Series(np.random.default_rng(seed).random(len(in_order)), in_order.index)
    of_person = draw.groupby(in_order["user_id"])
    sizes = of_person.transform("size")
    is_test = of_person.rank(method="first") > (sizes * (1 - _TEST_SHARE)).astype(int)
    earlier = in_order[~is_test].assign(rated_at=ratings["rated_at"].max())
    return _of_known("random", earlier, in_order[is_test], is_random=True)


def cold_start(ratings: pd.DataFrame, seed: int) -> Iterator[Split]:
    """Yield cold-start splits: people outside training, with their first 0, 1, 3, 5 and 10 likes.

    A random fifth of the people is held out. Those with more than ten likes are evaluated, so that
    they are the same people for each n; the rest of that fifth is left out.
    """
    everyone = np.sort(ratings["user_id"].unique())
    drawn = np.random.default_rng(seed).permutation(everyone)[: int(len(everyone) * _TEST_SHARE)]
    is_out = ratings["user_id"].isin(drawn)
    training = ratings[~is_out]
    own = ratings[is_out].sort_values(["user_id", "rated_at", "movie_id"], kind="stable")
    is_like = own["rating"] >= LIKE
    has_enough = is_like.groupby(own["user_id"]).transform("sum") > max(FIRST_LIKES)
    own, is_like = own[has_enough], is_like[has_enough]
    place = is_like.groupby(own["user_id"]).cumsum()
    for n in FIRST_LIKES:
        name = f"cold-start-{n}"
        is_seen = is_like & (place <= n)
        yield Split(name, _TITLES[name], training, cases_of(own[is_seen], own[~is_seen]))


def cases_of(seen: pd.DataFrame, kept_back: pd.DataFrame) -> list[Case]:
    """Return a case for each person with a held-out like, from histories and held-out ratings."""
    columns = ["movie_id", "rating", "rated_at"]
    histories = {person: own[columns] for person, own in seen.groupby("user_id")}
    has_like = (kept_back["rating"] >= LIKE).groupby(kept_back["user_id"]).transform("any")
    return [
        Case(
            int(str(person)),
            histories.get(person, seen.iloc[:0][columns]),
            relevant=_films(own, own["rating"] >= LIKE),
            rated=frozenset(own["movie_id"].tolist()),
            disliked=_films(own, own["rating"] <= DISLIKE),
        )
        for person, own in kept_back[has_like].groupby("user_id")
    ]


def _of_known(
    name: str, training: pd.DataFrame, held_out: pd.DataFrame, *, is_random: bool = False
) -> Split:
    is_known = held_out["user_id"].isin(training["user_id"].unique())
    cases = cases_of(training, held_out[is_known])
    return Split(name, _TITLES[name], training, cases, is_random)


def _films(own: pd.DataFrame, which: pd.Series) -> frozenset[int]:
    return frozenset(own["movie_id"][which].tolist())
