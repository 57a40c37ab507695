"""Precomputation of everyone's lists in Redis, the same as from `Recommender.recommend`."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import Engine

from db.queries import interactions, marks, users
from db.queries.marks import Mark
from db.queries.users import Standing
from monitoring.progress import OnProgress, ignore_progress
from recsys.models.model import Model
from recsys.models.styles import DEFAULT_STYLE, Style
from recsys.serving.active import Active
from recsys.serving.cache import EXPLAINED, LIST_LENGTH, ListCache
from recsys.serving.histories import frame_of_each
from recsys.serving.kept_lists import encode
from recsys.training.workers import Here, Workers

PEOPLE_A_JOB = 500


class NoRoomError(RuntimeError):
    """Redis has no room for the lists, or is unavailable."""


@dataclass(frozen=True)
class Precomputed:
    """The result of a precomputation.

    Attributes
    ----------
    people : int
        How many people's lists are ready; people without ratings or with stored filters have none.
    seconds : float
    bytes_each : float or None
        The mean size of a list in Redis; None without lists.
    memory, most_memory : int, int or None
        Bytes that Redis uses now, and its limit; None without a limit.
    """

    people: int
    seconds: float
    bytes_each: float | None
    memory: int
    most_memory: int | None


@dataclass(frozen=True, eq=False)
class _Shared:
    """The data that every job needs."""

    model: Model
    absent: frozenset[int]


@dataclass(frozen=True, eq=False)
class _People:
    """A job: some people's ratings (user_id, movie_id, rating, rated_at) and marks."""

    standings: dict[int, Standing]
    rated: pd.DataFrame
    marked: dict[int, dict[int, Mark]]

    def style(self, person: int) -> Style:
        """Return the style that the person has chosen."""
        return self.standings[person].style or DEFAULT_STYLE


def precompute(
    engine: Engine,
    cache: ListCache,
    active: Active,
    *,
    most: int | None = None,
    workers: Workers = Here(),  # noqa: B008 - it has no state
    progress: OnProgress = ignore_progress,
) -> Precomputed:
    """Compute and cache the unfiltered lists of all people with ratings, or of the most recent.

    People who have stored filters are left out: their lists are others. Some hundred people are in
    memory at a time. Only this process reads the database and writes to Redis; workers receive the
    data they need.

    Parameters
    ----------
    engine : Engine
        Without a statement timeout.
    cache : ListCache
    active : Active
        The active model.
    most : int, optional
        How many people, those who rated most recently; all by default.
    workers : Workers
        The workers that compute the lists.
    progress : callable
        Called with the share done and a description of the current step.

    Returns
    -------
    Precomputed

    Raises
    ------
    NoRoomError
        If Redis is unavailable or has no room for that many lists. The lists of the first people,
        from which the size is estimated, stay.
    """
    started = time.monotonic()
    with engine.connect() as connection:
        total = users.number_who_rated(connection)
    total = total if most is None else min(total, most)
    done = 0
    jobs = _jobs(engine, most)
    waiting: list[_People] = []

    def handed_out() -> Iterator[_People]:
        for job in jobs:
            waiting.append(job)
            yield job

    shared = _Shared(active.model, active.absent)
    for lists in workers.map(_encoded_lists, shared, handed_out()):
        job = waiting.pop(0)
        entries = [
            ((str(person), job.standings[person].revision, job.style(person)), kept)
            for person, kept in lists
        ]
        if not cache.put_many(active.label, entries):
            raise NoRoomError("Redis is unavailable or full: start it, then run this again.")
        if not done:
            _check_room(cache, total - len(entries))
        done += len(entries)
        progress(min(done / max(total, 1), 1.0), f"{done:,} lists")
    statistics = cache.statistics()
    if statistics is None:
        raise NoRoomError("Redis is unavailable: start it, then run this again.")
    return Precomputed(
        people=done,
        seconds=time.monotonic() - started,
        bytes_each=statistics.bytes_each,
        memory=statistics.memory,
        most_memory=statistics.most_memory,
    )


def _jobs(engine: Engine, most: int | None) -> Iterator[_People]:
    """Yield the people in jobs, each read when it is requested."""
    if most is None:
        last = 0
        while True:
            with engine.connect() as connection:
                some = users.who_rated(connection, after=last, limit=PEOPLE_A_JOB)
            if not some:
                return
            yield _people(engine, some)
            last = max(some)
    else:
        with engine.connect() as connection:
            latest = interactions.latest_raters(connection, most)
        for start in range(0, len(latest), PEOPLE_A_JOB):
            with engine.connect() as connection:
                some = users.standings(connection, latest[start : start + PEOPLE_A_JOB])
            yield _people(engine, some)


def _people(engine: Engine, standings: dict[int, Standing]) -> _People:
    """Read ratings after the standings: a list may be newer than its stamp, but never older."""
    with engine.connect() as connection:
        rated = interactions.frame(connection, list(standings))
        return _People(standings, rated, marks.of_each(connection, list(standings)))


def _encoded_lists(shared: _Shared, some: _People) -> list[tuple[int, bytes]]:
    """Return the encoded list of each person who has ratings."""
    rated: NDArray[np.int32] = np.unique(some.rated["user_id"].to_numpy())
    of_style: dict[Style, list[int]] = {}
    for person in rated.tolist():
        of_style.setdefault(some.style(person), []).append(person)
    made = []
    for style, people in of_style.items():
        marked = [some.marked.get(person, {}) for person in people]
        dismissed = {
            person: [film for film, mark in own.items() if mark == "dismissed"]
            for person, own in zip(people, marked, strict=True)
        }
        histories = frame_of_each(some.rated[some.rated["user_id"].isin(people)], dismissed)
        exclude = [shared.absent.union(own) for own in marked]
        lists = shared.model.recommend_many(histories, LIST_LENGTH, exclude, style, EXPLAINED)
        made += [(person, encode(listed)) for person, listed in zip(people, lists, strict=True)]
    return made


def _check_room(cache: ListCache, more: int) -> None:
    """Raise `NoRoomError` if more lists would evict those that were cached first."""
    statistics = cache.statistics()
    if statistics is None or statistics.most_memory is None or statistics.bytes_each is None:
        return
    needed, room = statistics.bytes_each * more, statistics.most_memory - statistics.memory
    if needed > room:
        fits = max(int(room // statistics.bytes_each), 0)
        raise NoRoomError(
            f"Redis has {room / 1e6:,.0f} of {statistics.most_memory / 1e6:,.0f} MB free, and "
            f"{more:,} more lists of {statistics.bytes_each / 1e3:.1f} kB need "
            f"{needed / 1e6:,.0f} MB: use `--most {fits}`, or increase Redis's maxmemory."
        )
