"""What strangers rate: kept in Redis under their visitor cookie until they have an account."""

import hashlib
import json
import math
import time
from uuid import UUID

import pandas as pd
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import Engine

from db import ratings
from db.users import User

LASTS_SECONDS = 30 * 24 * 60 * 60
MOST = 500


class PicksAwayError(RuntimeError):
    """Redis doesn't answer, so a pick can't be kept; nothing has changed."""


class TooManyPicksError(ValueError):
    """A visitor has rated as much as can be kept without an account."""


class Picks:
    """Visitors' ratings, `MOST` each at the most, for 30 days after the last one."""

    def __init__(self, redis: Redis, installation: UUID) -> None:
        self._redis = redis
        self._prefix = f"five-films:{installation}:picks"

    def history(self, visitor: str | None) -> pd.DataFrame:
        """What this visitor has rated: movie_id, rating, rated_at; empty while Redis is away."""
        try:
            kept = self._kept(visitor) if visitor else {}
        except RedisError:
            kept = {}
        rows = sorted((when, movie, stars) for movie, (stars, when) in kept.items())
        return pd.DataFrame(
            {
                "movie_id": pd.Series([movie for _, movie, _ in rows], dtype="int64"),
                "rating": pd.Series([stars for _, _, stars in rows], dtype="float64"),
                "rated_at": pd.to_datetime(
                    pd.Series([when for when, _, _ in rows], dtype="float64"), unit="s", utc=True
                ),
            }
        )

    def put(self, visitor: str, movie_id: int, rating: float) -> None:
        """Keep a rating, in place of an earlier one of the film.

        Raises
        ------
        ValueError
            When it isn't a half-star from 0.5 to 5.
        TooManyPicksError
            When the visitor has rated `MOST` other films.
        PicksAwayError
            When Redis doesn't answer.
        """
        if not (math.isfinite(rating) and 0.5 <= rating <= 5 and float(rating * 2).is_integer()):
            raise ValueError(f"a rating is a half-star from 0.5 to 5, not {rating}")
        key = self._key(visitor)
        try:
            is_new = not self._redis.hexists(key, str(movie_id))
            if is_new and int(self._redis.hlen(key)) >= MOST:
                raise TooManyPicksError(f"more than {MOST} ratings need an account")
            with self._redis.pipeline() as together:
                together.hset(key, str(movie_id), json.dumps([rating, time.time()]))
                together.expire(key, LASTS_SECONDS)
                together.execute()
        except RedisError as error:
            raise PicksAwayError("the rating could not be kept; try again in a moment") from error

    def remove(self, visitor: str, movie_id: int) -> None:
        """Take a rating back; raises PicksAwayError when Redis doesn't answer."""
        try:
            self._redis.hdel(self._key(visitor), str(movie_id))
        except RedisError as error:
            raise PicksAwayError("that could not be undone; try again in a moment") from error

    def adopt(self, engine: Engine, visitor: str | None, user: User) -> int:
        """Make a visitor's ratings the account's; where it has its own, that one stays.

        Returns
        -------
        int
            How many ratings were added. While Redis is away none are, and they stay the
            visitor's.
        """
        picks = self.history(visitor)
        if visitor is None or picks.empty:
            return 0
        with engine.begin() as connection:
            added = ratings.add_missing(connection, user.id, picks)
        try:
            self._redis.delete(self._key(visitor))
        except RedisError:
            return added  # they lie there until they run out; adopting them again changes nothing
        return added

    def _kept(self, visitor: str) -> dict[int, tuple[float, float]]:
        found = self._redis.hgetall(self._key(visitor))
        return {int(movie): tuple(json.loads(value)) for movie, value in found.items()}

    def _key(self, visitor: str) -> str:
        # The cookie is a secret, so that its hash names the key.
        return f"{self._prefix}:{hashlib.sha256(visitor.encode('utf-8', 'replace')).hexdigest()}"
