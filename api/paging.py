"""Paging of lists: offset, limit and total."""

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
"""For responses that are a bare array, which has no room for a total."""

Limit = Annotated[int, Query(ge=1, le=LIST_LENGTH, description="The number of films.")]
Offset = Annotated[
    int,
    Query(
        ge=0,
        le=LIST_LENGTH - 1,
        description=f"How many of the best films to skip; a list has at most {LIST_LENGTH} films.",
    ),
]


@dataclass(frozen=True)
class Page:
    """A part of a list; without a limit, the rest of it."""

    offset: int
    limit: int | None

    def of(self, whole: Sequence[T]) -> Sequence[T]:
        """Return the items on this page."""
        return whole[self.offset :][: self.limit]


async def _page(
    offset: Annotated[
        int, Query(ge=0, le=2_147_483_647, description="The number of items to skip.")
    ] = 0,
    limit: Annotated[
        int | None, Query(ge=1, le=1000, description="The number of items; all by default.")
    ] = None,
) -> Page:
    return Page(offset, limit)


Paged = Annotated[Page, Depends(_page)]


def tell_total(response: Response, total: int) -> None:
    """Set the header with the number of items on all pages."""
    response.headers["X-Total-Count"] = str(total)
