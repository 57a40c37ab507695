"""Everybody's likes, read in blocks of people, because they may not fit into memory together."""

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from config import settings
from db.connection import snapshots
from db.connection.engine import Route, open_without_pool, route_to
from db.connection.snapshots import NoSnapshotError
from db.embedded import EmbeddedServerError
from db.queries import interactions
from db.queries.interactions import Block
from monitoring.errors import first_line
from recsys.data.dataset import Likes, likes


class ReplacedError(RuntimeError):
    """The ratings that a training reads have been replaced."""


class Everybody(Protocol):
    """Everybody's likes, in blocks of people."""

    @property
    def n_blocks(self) -> int:
        """The number of blocks."""

    def read(self, block: int) -> Likes:
        """Return the likes of a block, 0 to `n_blocks` − 1, with its people numbered from 0."""


@dataclass(frozen=True)
class InMemory:
    """Likes in this process's memory.

    Attributes
    ----------
    likes : Likes
    size : int
        People a block; the last one may have fewer.
    """

    likes: Likes
    size: int

    @property
    def n_blocks(self) -> int:
        """The number of blocks."""
        return -(-self.likes.n_people // self.size)

    def read(self, block: int) -> Likes:
        """Return the likes of a block, with its people numbered from 0."""
        first = block * self.size
        start, end = np.searchsorted(self.likes.people, [first, first + self.size])
        return Likes(
            self.likes.people[start:end] - first,
            self.likes.films[start:end],
            is_ordered=self.likes.is_ordered,
        )


@dataclass(frozen=True)
class InDatabase:
    """Likes in a snapshot of the database, which any process can read: this can be pickled.

    Attributes
    ----------
    movie_ids : int32 array (films,)
        The catalogue, ascending.
    blocks : tuple of Block
        Of the snapshot: `db.queries.interactions.blocks_of_people`.
    snapshot : str
        From `db.connection.snapshots.exported`, which keeps it.
    route : Route or None
        To the database; None to connect with the process's own settings.
    elsewhere : bool
        Whether other processes are on other machines. They connect with their own settings, so that
        no password is sent to them.
    """

    movie_ids: NDArray[np.int32]
    blocks: tuple[Block, ...]
    snapshot: str
    route: Route | None = field(repr=False)
    elsewhere: bool = False

    def __getstate__(self) -> dict[str, Any]:
        """Return what is sent to another process."""
        return {**vars(self), "route": None} if self.elsewhere else vars(self)

    @property
    def n_blocks(self) -> int:
        """The number of blocks."""
        return len(self.blocks)

    def read(self, block: int) -> Likes:
        """Read the likes of a block.

        Parameters
        ----------
        block : int
            0 to `n_blocks` − 1.

        Returns
        -------
        Likes
            People are numbered from 0.

        Raises
        ------
        ReplacedError
            If the ratings have been replaced since the snapshot.
        db.connection.snapshots.NoSnapshotError
            If the database that this process connects to doesn't have the snapshot.
        """
        first, last, n_likes = self.blocks[block]
        found = self._frame(first, last)
        # A data load or a restore may truncate the table, whose former rows are in no snapshot.
        if len(found) != n_likes:
            raise ReplacedError("the ratings were replaced during the training: train again")
        return likes(found, self.movie_ids)

    def _frame(self, first: int, last: int) -> pd.DataFrame:
        if self.route is not None:
            return self._frame_at(self.route, first, last)
        try:
            return self._frame_at(route_to(settings(), statement_timeout=0), first, last)
        except (NoSnapshotError, EmbeddedServerError) as error:
            raise NoSnapshotError(
                f"this worker can't read what the training learns from ({first_line(error)}): "
                "start the workers with the DATABASE_URL of the database that the training reads"
            ) from error

    def _frame_at(self, route: Route, first: int, last: int) -> pd.DataFrame:
        with snapshots.reading(open_without_pool(route), self.snapshot) as connection:
            return interactions.likes_of(connection, first, last)
