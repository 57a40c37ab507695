"""The lists in Redis."""

from redis import Redis
from sqlalchemy import Engine

from db.queries.statistics import installation


def cached_lists(redis: Redis, engine: Engine, person: str = "*") -> list[bytes | str]:
    """Return the keys of a person's lists, or of everybody's, for this database."""
    with engine.connect() as connection:
        return redis.keys(f"five-films:{installation(connection)}:list:{person}:*")
