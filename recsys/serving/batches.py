"""Lists for concurrent requests, the same as from `Recommender.recommend`.

One Redis command, one SQL statement and one matrix product serve all of them, so that the cost of
round trips and of Python's global lock is paid once. The lists of users with stored filters are
computed one by one.
"""

import time
from collections.abc import Mapping, Sequence

import numpy as np
from sqlalchemy import Engine

from db.connection.engine import for_reading
from db.queries import histories
from db.queries.users import User
from recsys.models.contributions import blocks, with_reasons
from recsys.models.diversity import arranged_of_each
from recsys.models.model import Model
from recsys.models.profiles import Profile
from recsys.models.results import Recommendation
from recsys.models.scoring import scores_of_each
from recsys.models.styles import Style
from recsys.serving.active import Active
from recsys.serving.cache import EXPLAINED, LIST_LENGTH
from recsys.serving.histories import rows_of_each
from recsys.serving.kept_lists import encode
from recsys.serving.lists import Served, served, style_of
from recsys.serving.recommender import Recommender


def recommend_to_each(
    engine: Engine, recommender: Recommender, asked: Sequence[tuple[User, int]]
) -> list[Served]:
    """Return the best films that each person has neither rated nor marked.

    Parameters
    ----------
    engine : Engine
    recommender : Recommender
    asked : sequence of (User, int)
        Users, as just read from the database, and how many films each wants, at most `LIST_LENGTH`.

    Returns
    -------
    list of Served
        One for each request, in their order.
    """
    if not asked:
        return []
    started = time.perf_counter()
    active, cache = recommender.active(), recommender.cache
    users = list(dict.fromkeys(user for user, _ in asked if not user.has_filters))
    keys = [(str(user.id), user.ratings_revision, style_of(user)) for user in users]
    kept = dict(zip(users, cache.get_many(active.label, keys), strict=True))
    is_kept = cache.takes_lists()
    length = LIST_LENGTH if is_kept else max(limit for _, limit in asked)
    lacking = [(user, key) for user, key in zip(users, keys, strict=True) if kept[user] is None]
    explained = max(EXPLAINED, *(limit for _, limit in asked))
    styles = {user.id: style_of(user) for user, _ in lacking}
    made = _made(engine, active, styles, length, explained)
    if is_kept and made:
        cache.put_many(active.label, [(key, encode(made[user.id][1])) for user, key in lacking])
    given = []
    for user, limit in asked:
        if user.has_filters:
            given.append(recommender.recommend(user, limit=limit))
            continue
        found, style = kept[user], style_of(user)
        if found is None:
            has_rated, items, total = made[user.id]
            given.append(served(active, has_rated, items[:limit], started, style, total=total))
        else:
            given.append(recommender.from_kept(found, user, active, started, style, limit=limit))
    return given


def _made(
    engine: Engine, active: Active, styles: Mapping[int, Style], length: int, explained: int
) -> Mapping[int, tuple[bool, list[Recommendation], int]]:
    """Compute the lists of these people.

    Parameters
    ----------
    engine : Engine
    active : Active
    styles : mapping of int to Style
        By user ID.
    length : int
        How many films to list.
    explained : int
        How many of them have reasons.

    Returns
    -------
    mapping of int to (bool, list of Recommendation, int)
        By user ID: whether the user has ratings, the films, and the length of the whole list.
    """
    if not styles:
        return {}
    with for_reading(engine).connect() as connection:
        found = histories.get_many(connection, list(styles))
    have_rated = set(found.people.tolist())
    model = active.model
    numbers, profiles = [], []
    for style in sorted(set(styles.values())):
        own = sorted(number for number, chosen in styles.items() if chosen == style)
        read = model.read_rows(rows_of_each(found, own), style)
        for number, profile in zip(own, read, strict=True):
            numbers.append(number)
            profiles.append(model.without(profile, active.absent | found.marked.get(number, set())))
    made = {}
    for block in blocks([len(profile.films) for profile in profiles]):
        lists = _listed(model, [profiles[person] for person in block], length, explained)
        for person, items in zip(block, lists, strict=True):
            total = min(len(model.movie_ids) - len(profiles[person].rated), LIST_LENGTH)
            made[numbers[person]] = numbers[person] in have_rated, items, total
    return made


def _listed(
    model: Model, profiles: Sequence[Profile], k: int, explained: int
) -> list[list[Recommendation]]:
    scores = scores_of_each(model, profiles)
    for row, profile in zip(scores, profiles, strict=True):
        row[profile.rated] = -np.inf
    return with_reasons(model, profiles, arranged_of_each(model, profiles, scores, k), explained)
