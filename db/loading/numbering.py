"""Numbers for text ids."""

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
    """Return whether most of these ids are not whole numbers from 1 to `most`."""
    numbers = sum(whole(text, most) is not None for text in ids)
    return 2 * numbers < len(ids)


def imdb_of(text: str) -> int | None:
    """Return the number in an IMDb id such as tt0111161; None for anything else."""
    found = _IMDB.fullmatch(text.strip())
    return whole(found[1]) if found else None


def as_texts(ids: Sequence[str]) -> Texts:
    """Return ids as bytes; ids that are too long become empty."""
    texts = (id_text(text.encode("utf-8", "surrogateescape")) for text in ids)
    return pa.array(texts, pa.binary(), size=len(ids))


class Numbers:
    """Text ids numbered from 1 in byte order: the same set of texts gets the same numbers."""

    def __init__(self) -> None:
        self._texts: Texts = pa.array([], pa.binary())

    def __len__(self) -> int:
        return len(self._texts)

    def add(self, texts: Texts) -> None:
        """Add texts without duplicates; empty ones are ignored.

        Parameters
        ----------
        texts : Texts

        Raises
        ------
        SourceError
            If there are more than fit in memory.
        """
        new = pa.concat_arrays([self._texts, texts.unique()]).unique()
        self._texts = new.filter(pa.compute.not_equal(pa.compute.binary_length(new), 0))
        if len(self._texts) > MOST_TEXTS:
            raise SourceError(f"there are more than {MOST_TEXTS:,} text ids; nothing was changed")

    def sort(self) -> None:
        """Assign the numbers, once all texts are added."""
        self._texts = self._texts.take(pa.compute.sort_indices(self._texts))

    def of(self, texts: Texts, otherwise: int = 0) -> NDArray[np.int64]:
        """Return the numbers of texts, int64 array (texts,); `otherwise` for unknown ones."""
        places = pa.compute.index_in(texts, value_set=self._texts)
        found: NDArray[np.int64] = (
            places.cast(pa.int64()).fill_null(-1).to_numpy(zero_copy_only=False) + 1
        )
        return np.where(found == 0, otherwise, found)
