"""Storing the ratings and marks chosen for an import: all of them or none."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from sqlalchemy import Engine

from accounts.imports.fields import FIRST_RATED_YEAR
from accounts.imports.preview import Choice
from db.loading.values import MOST_FILM
from db.queries import journal, ratings
from db.queries.marks import Mark, add_missing
from db.scale import is_on_scale

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Applied:
    """The result of an import; counts are films.

    Attributes
    ----------
    added, changed : int
        Films that the user hadn't rated, and films whose rating was replaced.
    unchanged : int
        Films with the same rating, or with a different one that was kept.
    unknown : int
        Films that don't exist and were skipped.
    marked : int
        Films that are now marked "seen" or "watch later".
    """

    added: int
    changed: int
    unchanged: int
    unknown: int
    marked: int = 0


def apply(
    engine: Engine,
    user_id: int,
    chosen: Sequence[Choice],
    *,
    replace: bool,
    marks: Mapping[int, Mark] = MappingProxyType({}),
    service: str = "a program",
) -> Applied:
    """Add ratings and marks to a user's own, in one transaction.

    Of several ratings for a film, the one with the latest `rated_at` counts, and of those the last.
    Repeating an import changes nothing. The user's revision is incremented once if anything
    changed.

    Parameters
    ----------
    engine : Engine
    user_id : int
    chosen : sequence of Choice
        The ratings, from `preview.chosen`. A time that is missing, in the future or before 1900
        is replaced by the present.
    replace : bool
        Whether to replace existing ratings that differ.
    marks : mapping of int to {"seen", "later"}
        The mark by film. Films that the user has rated or marked already stay as they are.
    service : str
        Where the file comes from; stored with the import.

    Returns
    -------
    Applied

    Raises
    ------
    ValueError
        If a rating is not a half-star from 0.5 to 5, or a time has no time zone; nothing is
        changed.
    sqlalchemy.exc.IntegrityError
        If the user does not exist (any more); nothing is changed.
    """
    now = datetime.now(UTC)
    latest: dict[int, tuple[datetime, float]] = {}
    for pick in chosen:
        _check(pick)
        when = pick.rated_at or now
        when = when if when.year >= FIRST_RATED_YEAR and when <= now else now
        before = latest.get(pick.movie_id)
        if before is None or before[0] <= when:
            latest[pick.movie_id] = (when, pick.rating)
    possible = [movie_id for movie_id in sorted(latest) if 1 <= movie_id <= MOST_FILM]
    with engine.begin() as connection:
        written = ratings.put_many(
            connection,
            user_id,
            [(movie_id, latest[movie_id][1], latest[movie_id][0]) for movie_id in possible],
            replace=replace,
        )
        marked = add_missing(
            connection,
            user_id,
            {film: mark for film, mark in sorted(marks.items()) if 1 <= film <= MOST_FILM},
        )
        applied = Applied(
            added=written.added,
            changed=written.changed,
            unchanged=written.known - written.added - written.changed,
            unknown=len(latest) - written.known,
            marked=marked,
        )
        journal.note_import(
            connection,
            user_id,
            service,
            added=applied.added,
            changed=applied.changed,
            unchanged=applied.unchanged,
            unknown=applied.unknown,
        )
    logger.info("ratings imported: user %d, %s", user_id, applied)
    return applied


def _check(pick: Choice) -> None:
    if not is_on_scale(pick.rating):
        raise ValueError(f"a rating is a half-star from 0.5 to 5, not {pick.rating}")
    if pick.rated_at is not None and pick.rated_at.tzinfo is None:
        raise ValueError(f"the time {pick.rated_at} of a rating has no time zone")
