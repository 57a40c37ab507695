"""Types for running `python -m recsys` in tests."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Done:
    """The result of a command."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]
