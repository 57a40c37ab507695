"""Numbers for ids that are texts."""

import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute
from numpy.typing import NDArray

from db.loading.blocks import Texts
from db.loading.lines import id_text
from db.loading.report import SourceError
from db.loading.values import whole

MOST_TEXTS = 10_000_000
"""At a hundred bytes each they take a gigabyte."""

_IMDB = re.compile("tt([0-9]{5,10})")


def are_texts(ids: Sequence[str], most: int) -> bool:
    """Whether most of these ids are no whole numbers from 1 to `most`."""
    numbers = sum(whole(text, most) is not None for text in ids)
    return 2 * numbers < len(ids)


def imdb_of(text: str) -> int | None:
    """The number in an id of IMDb's, such as tt0111161."""
    found = _IMDB.fullmatch(text.strip())
    return whole(found[1]) if found else None


def as_texts(ids: Sequence[str]) -> Texts:
    """Ids as bytes; one that is too long for an id is empty."""
    texts = (id_text(text.encode("utf-8", "surrogateescape")) for text in ids)
    return pa.array(texts, pa.binary(), size=len(ids))


class Numbers:
    """Texts numbered from 1 in their order, byte by byte: the same texts get the same numbers."""

    def __init__(self) -> None:
        self._texts: Texts = pa.array([], pa.binary())

    def __len__(self) -> int:
        return len(self._texts)

    def add(self, texts: Texts) -> None:
        """Take texts in, each once; those that are empty or too long are none.

        Raises
        ------
        SourceError
            When there are more than can be kept in memory.
        """
        new = pa.concat_arrays([self._texts, texts.unique()]).unique()
        self._texts = new.filter(pa.compute.not_equal(pa.compute.binary_length(new), 0))
        if len(self._texts) > MOST_TEXTS:
            raise SourceError(
                f"there are more than {MOST_TEXTS:,} ids that are texts; nothing was changed"
            )

    def sort(self) -> None:
        """Number them, once all are in."""
        self._texts = self._texts.take(pa.compute.sort_indices(self._texts))

    def of(self, texts: Texts, otherwise: int = 0) -> NDArray[np.int64]:
        """The numbers of texts; `otherwise` for those that there are not."""
        places = pa.compute.index_in(texts, value_set=self._texts)
        found: NDArray[np.int64] = (
            places.cast(pa.int64()).fill_null(-1).to_numpy(zero_copy_only=False) + 1
        )
        return np.where(found == 0, otherwise, found)
