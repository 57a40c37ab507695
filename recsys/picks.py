"""What strangers tell: kept in Redis under their visitor cookie, until they log in."""

import hashlib
import json
import math
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

import numpy as np
import pandas as pd
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import Engine

from db import marks, ratings, users
from db.marks import MARKS, Mark
from db.ratings import Own
from db.users import User
from language import Text
from recsys.styles import STYLES, Style

LASTS_SECONDS = 30 * 24 * 60 * 60
MOST = 500

_STYLE = "style"  # beside the films' numbers


class PicksAwayError(RuntimeError):
    """Redis doesn't answer, so a pick can't be kept; nothing has changed."""


class TooManyPicksError(ValueError):
    """A visitor has rated as much as can be kept without an account."""


class Rated(Protocol):
    """A rating with its film and time; without a time it is now."""

    @property
    def movie_id(self) -> int: ...

    @property
    def rating(self) -> float: ...

    @property
    def rated_at(self) -> datetime | None: ...


@dataclass(frozen=True)
class Picked:
    """What a stranger has told us.

    Attributes
    ----------
    history : DataFrame
        movie_id, rating, rated_at; oldest first.
    marks : mapping of int to "dismissed", "seen" or "later"
        By film, the newest last.
    style : "popular", "balanced" or "adventurous" or None
        What they have chosen.
    """

    history: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame({"movie_id": [], "rating": [], "rated_at": []})
    )
    marks: Mapping[int, Mark] = field(default_factory=dict)
    style: Style | None = None

    @property
    def told(self) -> Own:
        """The same as an account's is read."""
        dismissed = (film for film, mark in self.marks.items() if mark == "dismissed")
        return Own.of(self.history, self.marks, dismissed)

    @property
    def name(self) -> str:
        """The same for all strangers who have rated and marked the same, in the same order."""
        if self.history.empty and not self.marks:
            return "stranger"
        rated = list(zip(self.history["movie_id"], self.history["rating"], strict=True))
        told = f"{rated};{sorted(self.marks)};{sorted(self.told.dismissed)}"
        return f"picks-{hashlib.sha256(told.encode()).hexdigest()}"

    def of(self, movie_id: int) -> float | Mark | None:
        """The rating or mark of a film; None where there is neither."""
        rated = self.history.loc[self.history["movie_id"] == movie_id, "rating"]
        return self.marks.get(movie_id) if rated.empty else float(rated.iloc[0])


NOTHING_PICKED = Picked()


class Picks:
    """Visitors' ratings and marks, `MOST` of a visitor at the most, for 30 days after the last."""

    def __init__(self, redis: Redis, installation: UUID) -> None:
        self._redis = redis
        self._prefix = f"five-films:{installation}:picks"

    def of(self, visitor: str | None) -> Picked:
        """What this visitor has told us; nothing while Redis is away."""
        try:
            kept, style = self._kept(visitor) if visitor else ([], None)
        except RedisError:
            kept, style = [], None
        rated = [row for row in kept if not isinstance(row[2], str)]
        times = np.array([when for when, _, _ in rated], np.float64)
        return Picked(
            pd.DataFrame(
                {
                    "movie_id": np.array([movie for _, movie, _ in rated], np.int64),
                    "rating": np.array([stars for _, _, stars in rated], np.float64),
                    "rated_at": pd.DatetimeIndex((times * 1e6).astype("M8[us]"), tz="UTC"),
                }
            ),
            {movie: what for _, movie, what in kept if isinstance(what, str)},
            style,
        )

    def put_style(self, visitor: str, style: Style) -> None:
        """Keep the style of a visitor's lists; PicksAwayError when Redis doesn't answer."""
        key = self._key(visitor)
        try:
            with self._redis.pipeline() as together:
                together.hset(key, _STYLE, style)
                together.expire(key, LASTS_SECONDS)
                together.execute()
        except RedisError as error:
            raise PicksAwayError("the choice could not be kept; try again in a moment") from error

    def put(self, visitor: str, movie_id: int, pick: float | Mark) -> float | Mark | None:
        """Keep a rating or a mark, in place of what was picked of the film before.

        Returns
        -------
        float or "dismissed", "seen" or "later" or None
            What that was.

        Raises
        ------
        ValueError
            When it is neither a half-star from 0.5 to 5 nor a mark.
        TooManyPicksError
            When the visitor has rated or marked `MOST` other films.
        PicksAwayError
            When Redis doesn't answer.
        """
        if not (pick in MARKS if isinstance(pick, str) else _is_rating(pick)):
            raise ValueError(f"{pick!r} is neither a half-star from 0.5 to 5 nor a mark")
        key = self._key(visitor)
        try:
            with self._redis.pipeline(transaction=False) as together:
                together.hget(key, str(movie_id))
                together.hlen(key)
                together.hexists(key, _STYLE)
                before, kept, has_style = together.execute()
            if before is None and kept - has_style >= MOST:
                raise TooManyPicksError(Text("more than {most} ratings need an account", most=MOST))
            with self._redis.pipeline() as together:
                together.hset(key, str(movie_id), json.dumps([pick, time.time()]))
                together.expire(key, LASTS_SECONDS)
                together.execute()
        except RedisError as error:
            raise PicksAwayError("the rating could not be kept; try again in a moment") from error
        return _picked(before)

    def put_many(self, visitor: str, rated: Iterable[Rated], *, replace: bool) -> tuple[int, int]:
        """Keep many ratings, all or none; `replace` also those of films that are rated already.

        Of several for a film the latest counts, of those the last. A mark gives way to a rating.

        Returns
        -------
        tuple of int and int
            How many were added, and how many changed.

        Raises
        ------
        TooManyPicksError
            When they would be more than `MOST`.
        PicksAwayError
            When Redis doesn't answer.
        """
        now = time.time()
        dated = [(each.rated_at.timestamp() if each.rated_at else now, each) for each in rated]
        latest = {
            each.movie_id: (each.rating, when)
            for when, each in sorted(dated, key=lambda pair: pair[0])
        }
        try:
            picked = {movie: what for _, movie, what in self._kept(visitor)[0]}
            kept = {movie: what for movie, what in picked.items() if not isinstance(what, str)}
            new = {
                movie: pick
                for movie, pick in latest.items()
                if movie not in kept or (replace and kept[movie] != pick[0])
            }
            if len(picked | new) > MOST:
                raise TooManyPicksError(Text("more than {most} ratings need an account", most=MOST))
            with self._redis.pipeline() as together:
                for movie, pick in new.items():
                    together.hset(self._key(visitor), str(movie), json.dumps(pick))
                together.expire(self._key(visitor), LASTS_SECONDS)
                together.execute()
        except RedisError as error:
            raise PicksAwayError("nothing was kept; try again in a moment") from error
        changed = len(kept.keys() & new.keys())
        return len(new) - changed, changed

    def remove(self, visitor: str, movie_id: int) -> float | Mark | None:
        """Take a rating or a mark back, and tell it; PicksAwayError when Redis doesn't answer."""
        key = self._key(visitor)
        try:
            with self._redis.pipeline() as together:
                together.hget(key, str(movie_id))
                together.hdel(key, str(movie_id))
                before, _ = together.execute()
        except RedisError as error:
            raise PicksAwayError("that could not be undone; try again in a moment") from error
        return _picked(before)

    def adopt(self, engine: Engine, visitor: str | None, user: User) -> int:
        """Make a visitor's picks the account's; where it has its own of a film, that stays.

        So does its style, where it has one.

        Returns
        -------
        int
            How many ratings and marks were added. While Redis is away none are, and they stay
            the visitor's.
        """
        picked = self.of(visitor)
        if visitor is None or (picked.history.empty and not picked.marks and not picked.style):
            return 0
        with engine.begin() as connection:
            if picked.style is not None and user.style is None:
                users.set_style(connection, user.id, picked.style)
            own = marks.marked_movies(connection, user.id)
            rated = picked.history[~picked.history["movie_id"].isin(own)]
            added = ratings.add_missing(connection, user.id, rated)
            added += marks.add_missing(connection, user.id, picked.marks)
        try:
            self._redis.delete(self._key(visitor))
        except RedisError:
            return added  # they lie there until they run out; adopting them again changes nothing
        return added

    def _kept(self, visitor: str) -> tuple[list[tuple[float, int, float | Mark]], Style | None]:
        """When, which film, and the rating or mark, oldest first; and the style."""
        found = self._redis.hgetall(self._key(visitor))
        chosen = found.pop(_STYLE.encode(), None)
        read = [(int(movie), *json.loads(value)) for movie, value in found.items()]
        picked = sorted((when, movie, what) for movie, what, when in read)
        return picked, next((style for style in STYLES if style.encode() == chosen), None)

    def _key(self, visitor: str) -> str:
        # The cookie is a secret, so that its hash names the key.
        return f"{self._prefix}:{hashlib.sha256(visitor.encode('utf-8', 'replace')).hexdigest()}"


def _picked(value: bytes | None) -> float | Mark | None:
    if value is None:
        return None
    pick: float | Mark = json.loads(value)[0]
    return pick


def _is_rating(number: float) -> bool:
    return math.isfinite(number) and 0.5 <= number <= 5 and float(number * 2).is_integer()
