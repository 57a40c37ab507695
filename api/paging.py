"""Paging: offset, limit and the total of a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Query, Response

from api.responses import Responses
from recsys.serving.cache import LIST_LENGTH

T = TypeVar("T")

_INTEGER = {"type": "integer"}

TOTAL: Responses = {
    200: {"headers": {"X-Total-Count": {"description": "Items on all pages.", "schema": _INTEGER}}}
}
"""For answers that are a bare array, which has no room for a total."""

Limit = Annotated[int, Query(ge=1, le=LIST_LENGTH, description="How many films.")]
Offset = Annotated[
    int,
    Query(
        ge=0,
        le=LIST_LENGTH - 1,
        description=f"How many of the best to pass over; a list has {LIST_LENGTH} films at most.",
    ),
]


@dataclass(frozen=True)
class Page:
    """A part of a list; all of it without a limit."""

    offset: int
    limit: int | None

    def of(self, whole: Sequence[T]) -> Sequence[T]:
        """The items on this page."""
        return whole[self.offset :][: self.limit]


async def _page(
    offset: Annotated[int, Query(ge=0, le=2_147_483_647, description="How many to pass over.")] = 0,
    limit: Annotated[
        int | None, Query(ge=1, le=1000, description="How many; without it all of them.")
    ] = None,
) -> Page:
    return Page(offset, limit)


Paged = Annotated[Page, Depends(_page)]


def tell_total(response: Response, total: int) -> None:
    """Put the number of items on all pages into the header."""
    response.headers["X-Total-Count"] = str(total)
