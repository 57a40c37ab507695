"""Plain lists for many who ask at the same time, as `Recommender.give` gives each.

One look into Redis, one statement and one product for all: what each alone would spend on journeys
and on Python's lock is spent once.
"""

import time
from collections.abc import Mapping, Sequence

import numpy as np
from sqlalchemy import Engine

from db import ratings
from db.engine import for_reading
from db.users import User
from recsys.active import Active
from recsys.cache import LIST_LENGTH, encode
from recsys.diversity import arranged_of_each
from recsys.history import History, Rows
from recsys.model import Model
from recsys.parts import blocks, with_reasons
from recsys.results import Recommendation
from recsys.scoring import scores_of_each
from recsys.serving import Recommender, Served, served


def give_to_each(
    engine: Engine, recommender: Recommender, asked: Sequence[tuple[User, int]]
) -> list[Served]:
    """The best films that each person has neither rated nor marked.

    Parameters
    ----------
    engine : Engine
    recommender : Recommender
    asked : sequence of (User, int)
        Who, as just read from the database, and how many films; `LIST_LENGTH` at the most.
    """
    if not asked:
        return []
    started = time.perf_counter()
    active, cache = recommender.active(), recommender.cache
    users = list(dict.fromkeys(user for user, _ in asked))
    keys = [(str(user.id), user.ratings_revision) for user in users]
    kept = dict(zip(users, cache.get_many(active.label, keys), strict=True))
    is_kept = cache.takes_lists()
    length = LIST_LENGTH if is_kept else max(limit for _, limit in asked)
    made = _made(engine, active, {user.id for user in users if kept[user] is None}, length)
    if is_kept and made:
        cache.put_many(
            active.label,
            [
                (str(user.id), user.ratings_revision, encode(made[user.id][1]))
                for user in users
                if kept[user] is None
            ],
        )
    given = []
    for user, limit in asked:
        found = kept[user]
        if found is None:
            has_rated, items = made[user.id]
            given.append(served(active, has_rated, items[:limit], started))
        else:
            given.append(recommender.from_kept(found, user, active, started, limit=limit))
    return given


def _made(
    engine: Engine, active: Active, people: set[int], length: int
) -> Mapping[int, tuple[bool, list[Recommendation]]]:
    """For each of these people whether they have rated anything, and their films."""
    if not people:
        return {}
    numbers = sorted(people)
    with for_reading(engine).connect() as connection:
        told = ratings.told_by_each(connection, numbers)
    whose = np.searchsorted(numbers, told.people)
    model = active.model
    pasts = [
        model.without(past, active.absent | told.marked.get(number, set()))
        for number, past in zip(
            numbers,
            model.read_rows(Rows(len(numbers), whose, told.movie_ids, told.stars, told.times)),
            strict=True,
        )
    ]
    have_rated = (np.bincount(whose, minlength=len(numbers)) > 0).tolist()
    made = {}
    for block in blocks([len(past.told) for past in pasts]):
        lists = _listed(model, [pasts[person] for person in block], length)
        for person, items in zip(block, lists, strict=True):
            made[numbers[person]] = have_rated[person], items
    return made


def _listed(model: Model, pasts: Sequence[History], k: int) -> list[list[Recommendation]]:
    scores = scores_of_each(model, pasts)
    for row, past in zip(scores, pasts, strict=True):
        row[past.rated] = -np.inf
    return with_reasons(model, pasts, arranged_of_each(model, pasts, scores, k))
