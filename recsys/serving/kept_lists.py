"""Lists as Redis stores them: JSON, from which only the films that are asked for are built."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice

from pydantic import TypeAdapter, ValidationError

from recsys.models.results import Reason, Recommendation

_Row = tuple[int, float, list[tuple[int, float]], str]
_ROWS = TypeAdapter(list[_Row])


@dataclass(frozen=True)
class KeptList:
    """A list as stored in Redis; items are built on request, usually five of a hundred.

    Attributes
    ----------
    rows : list of (film, score, list of (liked film, share), basis)
    """

    rows: list[_Row]

    @property
    def movie_ids(self) -> list[int]:
        """The film IDs, the best first."""
        return [movie_id for movie_id, *_ in self.rows]

    def items(
        self,
        *,
        without: Collection[int] = (),
        limit: int | None = None,
        new: Collection[int] = frozenset(),
    ) -> list[Recommendation]:
        """Return the first `limit` films, skipping those in `without`; mark the `new` ones."""
        wanted = (row for row in self.rows if row[0] not in without)
        return [
            Recommendation(movie_id, score, [Reason(*why) for why in whys], basis, movie_id in new)
            for movie_id, score, whys, basis in islice(wanted, limit)
        ]


def encode(recommendations: list[Recommendation]) -> bytes:
    """Encode a list for Redis."""
    return json.dumps(
        [
            [
                each.movie_id,
                each.score,
                [[why.movie_id, why.share] for why in each.reasons],
                each.basis,
            ]
            for each in recommendations
        ],
        separators=(",", ":"),
    ).encode()


def decode(value: bytes) -> KeptList | None:
    """Decode a list; None if the value wasn't written by `encode`."""
    try:
        return KeptList(_ROWS.validate_json(value))
    except ValidationError:
        return None
