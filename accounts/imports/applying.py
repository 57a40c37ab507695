"""Writing the ratings and marks that somebody has chosen to import: all of them, or none."""

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

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Applied:
    """What an import did, in films.

    Attributes
    ----------
    added, changed : int
        Films that the person hadn't rated, and films that were rated differently.
    unchanged : int
        Films that were rated the same, or differently and that was to stay.
    unknown : int
        Films that don't exist: left out.
    marked : int
        Films that are now marked as seen, or to watch later.
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
    """Add ratings and marks to a person's own, in one transaction.

    Of several for a film the one with the latest `rated_at` counts, of those the last. Applying
    the same again changes nothing. The person's revision moves on once, if anything changed.

    Parameters
    ----------
    engine : Engine
        The database.
    user_id : int
        The person.
    chosen : sequence of Choice
        The ratings, as of `preview.chosen`. A time that is missing, in the future or before 1900
        is now.
    replace : bool
        Whether a rating that the person has is replaced when the chosen one is different.
    marks : mapping of int to {"seen", "later"}
        The mark by film. One that the person has rated or marked stays as it is.
    service : str
        Whose file it was; kept with the import.

    Raises
    ------
    ValueError
        When a rating is no half-star from 0.5 to 5, or a time has no time zone: nothing has
        changed.
    sqlalchemy.exc.IntegrityError
        When there is no such person (any more): nothing has changed.
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
    if not 0.5 <= pick.rating <= 5 or not float(pick.rating * 2).is_integer():
        raise ValueError(f"a rating is a half-star from 0.5 to 5, not {pick.rating}")
    if pick.rated_at is not None and pick.rated_at.tzinfo is None:
        raise ValueError(f"the time {pick.rated_at} of a rating has no time zone")
