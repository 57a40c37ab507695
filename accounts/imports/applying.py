"""Writing the ratings that somebody has chosen to import: all of them, or none."""

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine

from accounts.imports.fields import FIRST_RATED_YEAR
from accounts.imports.preview import Choice
from db import journal, ratings
from db.loading.films import MOST_FILM

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
    """

    added: int
    changed: int
    unchanged: int
    unknown: int


def apply(
    engine: Engine,
    user_id: int,
    chosen: Sequence[Choice],
    *,
    replace: bool,
    service: str = "a program",
) -> Applied:
    """Add ratings to a person's own, in one transaction.

    Of several for a film the one with the latest `rated_at` counts, of those the last. Applying
    the same again changes nothing. The person's revision moves on once, if anything changed.

    Parameters
    ----------
    engine : Engine
        The database.
    user_id : int
        The person.
    chosen : sequence of Choice
        `Matched.choice`, and `choice(row, movie_id)` for rows that somebody has decided. A time
        that is missing, in the future or before 1900 is now.
    replace : bool
        Whether a rating that the person has is replaced when the chosen one is different.
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
        applied = Applied(
            added=written.added,
            changed=written.changed,
            unchanged=written.known - written.added - written.changed,
            unknown=len(latest) - written.known,
        )
        journal.note_import(connection, user_id, service, **asdict(applied))
    logger.info("ratings imported: user %d, %s", user_id, applied)
    return applied


def _check(pick: Choice) -> None:
    if not 0.5 <= pick.rating <= 5 or not float(pick.rating * 2).is_integer():
        raise ValueError(f"a rating is a half-star from 0.5 to 5, not {pick.rating}")
    if pick.rated_at is not None and pick.rated_at.tzinfo is None:
        raise ValueError(f"the time {pick.rated_at} of a rating has no time zone")
