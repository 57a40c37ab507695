"""Callbacks that long tasks report their progress to."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec

P = ParamSpec("P")

OnShare = Callable[[float], None]
"""Called with the share done, 0 to 1."""

OnProgress = Callable[[float, str], None]
"""Called with the share done, 0 to 1, and a description of the current step."""

OnIndeterminateProgress = Callable[[float | None, str], None]
"""The same, with None for a share that is unknown."""

OnRead = Callable[[int], None]
"""Called with the number of bytes read since the last call."""


def ignore_progress(*_progress: object) -> None:
    """Do nothing: the callback of a task that nobody watches."""


def part(
    on_progress: Callable[Concatenate[float, P], None], start: float, end: float
) -> Callable[Concatenate[float, P], None]:
    """Return the callback of a task that is part of a larger one.

    Parameters
    ----------
    on_progress : callable
        The callback of the larger task.
    start : float
        The share of the larger task at which the part starts, 0 to 1.
    end : float
        The share at which it ends.

    Returns
    -------
    callable
        Called like `on_progress`, with the share of the part that is done.
    """

    def of_part(share: float, /, *args: P.args, **kwargs: P.kwargs) -> None:
        on_progress(start + (end - start) * share, *args, **kwargs)

    return of_part
