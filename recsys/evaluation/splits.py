"""What is kept back from training, and what each person should be recommended.

Relevant are the likes that were kept back (ratings of 4 and more).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from language import Text
from recsys.dataset import LIKE, split_by_time

FIRST_LIKES = (0, 1, 3, 5, 10)

_TEST_SHARE = 0.2
_TITLES = {
    "known": Text("Known people: the latest fifth of each person's ratings is kept back."),
    "time": Text("One moment for all: the latest fifth of all ratings is kept back."),
    "random": Text("A random fifth of each person's ratings is kept back."),
    **{
        f"newcomers-{n}": f"Newcomers: a fifth of the people are kept back; {n} of their first "
        "likes are told, all later ones should be found."
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
        What the models are told: movie_id, rating, rated_at; oldest first.
    relevant : frozenset of int
        The films that should be listed; at least one.
    """

    user_id: int
    history: pd.DataFrame
    relevant: frozenset[int]


@dataclass(frozen=True)
class Split:
    """A name, what it means, the ratings to train on and the people to ask about."""

    name: str
    explanation: str
    training: pd.DataFrame
    cases: list[Case]


def known(ratings: pd.DataFrame) -> Split:
    """Each person's earlier ratings for training, `int(0.8 n)` of n, the later ones for test."""
    earlier, later = split_by_time(ratings, 1 - _TEST_SHARE)
    return _of_known("known", earlier, later)


def by_time(ratings: pd.DataFrame) -> Split:
    """What was rated up to a moment, and what came after it; asked are those known before it."""
    in_order = ratings.sort_values(["rated_at", "user_id", "movie_id"], kind="stable")
    cut = int(len(in_order) * (1 - _TEST_SHARE))
    return _of_known("time", in_order.iloc[:cut], in_order.iloc[cut:])


def at_random(ratings: pd.DataFrame, seed: int) -> Split:
    """A random fifth of each person's ratings for test."""
    in_order = ratings.sort_values(["user_id", "rated_at", "movie_id"], kind="stable")
    draw = pd.Series(np.random.default_rng(seed).random(len(in_order)), in_order.index)
    of_person = draw.groupby(in_order["user_id"])
    sizes = of_person.transform("size")
    is_test = of_person.rank(method="first") > (sizes * (1 - _TEST_SHARE)).astype(int)
    return _of_known("random", in_order[~is_test], in_order[is_test])


def newcomers(ratings: pd.DataFrame, seed: int) -> Iterator[Split]:
    """People that nobody was trained on, known by their first 0, 1, 3, 5 and 10 likes.

    Of a random fifth of the people those with more than ten likes, so that each n asks about the
    same people; the rest of that fifth is left out.
    """
    everyone = np.sort(ratings["user_id"].unique())
    drawn = np.random.default_rng(seed).permutation(everyone)[: int(len(everyone) * _TEST_SHARE)]
    is_out = ratings["user_id"].isin(drawn)
    training = ratings[~is_out]
    own = ratings[is_out & (ratings["rating"] >= LIKE)]
    own = own.sort_values(["user_id", "rated_at", "movie_id"], kind="stable")
    own = own[own.groupby("user_id")["movie_id"].transform("size") > max(FIRST_LIKES)]
    place = own.groupby("user_id").cumcount()
    for n in FIRST_LIKES:
        name = f"newcomers-{n}"
        yield Split(name, _TITLES[name], training, _cases(own[place < n], own[place >= n]))


def _of_known(name: str, earlier: pd.DataFrame, later: pd.DataFrame) -> Split:
    is_known = later["user_id"].isin(earlier["user_id"].unique())
    asked = later[is_known & (later["rating"] >= LIKE)]
    return Split(name, _TITLES[name], earlier, _cases(earlier, asked))


def _cases(told: pd.DataFrame, relevant: pd.DataFrame) -> list[Case]:
    columns = ["movie_id", "rating", "rated_at"]
    histories = {person: own[columns] for person, own in told.groupby("user_id")}
    return [
        Case(
            int(str(person)),
            histories.get(person, told.iloc[:0][columns]),
            frozenset(films.tolist()),
        )
        for person, films in relevant.groupby("user_id")["movie_id"]
    ]
