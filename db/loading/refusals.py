"""Rejection of a whole file because most of its lines are broken or its scale is wrong."""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from db.loading.blocks import Block
from db.loading.report import Reason, Rejection, SourceError
from db.loading.values import Scale

MOST_BROKEN = 0.5
"""Share of a file's lines."""

MOST_BROKEN_AT_FIRST = 0.9
"""Share of the first lines; beyond it the others are not read."""

FIRST_LINES = 1_000
"""The first blocks with this many lines count as the first lines."""

MOST_ABOVE = 0.1
"""Share of the ratings that may exceed the scale before it is considered wrong."""

_NAMED = 3

# Such a line is well-formed; it just doesn't go with the others.
_WHOLE = {Reason.SECOND_FILM, Reason.UNKNOWN_FILM, Reason.NO_LINK, Reason.SECOND_RATING}


class Lines:
    """Counts good and broken lines, and names the first broken ones."""

    def __init__(self) -> None:
        self.good = 0
        self.broken = 0
        self._file = ""
        self._first: list[Rejection] = []

    def add(self, file: str, good: int, rejected: Mapping[Reason, NDArray[np.int64]]) -> None:
        """Count the lines of a block."""
        self.good += good
        self._file = file
        first = []
        for reason, lines in rejected.items():
            self.broken += len(lines)
            first += [(int(line), reason) for line in lines[:_NAMED]]
        room = _NAMED - len(self._first)
        self._first += [Rejection(file, line, reason) for line, reason in sorted(first)[:room]]

    def add_line(self, file: str, line: int, reason: Reason | None) -> None:
        """Count one line; `reason` is None if it was accepted."""
        if reason is None or reason in _WHOLE:
            self.good += 1
        else:
            self.add(file, 0, {reason: np.array([line], np.int64)})

    def check(self, most: float = MOST_BROKEN) -> None:
        """Reject the file if too many lines are broken.

        Parameters
        ----------
        most : float
            The greatest accepted share, 0–1.

        Raises
        ------
        SourceError
            If more are; it names the first three broken lines with their reasons.
        """
        if self.broken > most * (self.good + self.broken):
            raise self.refusal()

    def refusal(self, hint: str = "") -> SourceError:
        """Return the error, with the first broken lines and a hint."""
        every = self.good + self.broken
        file = self._first[0].file if self._first else self._file
        count = (
            f"{file} has no line that can be used"
            if not self.good
            else f"{self.broken:,} of {every:,} lines of {file} can't be used"
        )
        named = "; ".join(f"line {found.line}: {found.reason}" for found in self._first)
        return SourceError(f"{count}{named and f' ({named})'}{hint}; nothing was changed")


def refusing(blocks: Iterable[Block], scale: Scale | None, notes: list[str]) -> Iterator[Block]:
    """Pass ratings on; at the end, or as soon as it is clear, reject them if most are broken.

    Parameters
    ----------
    blocks : iterable of Block
    scale : Scale or None
    notes : list of str
        Gets a note if the scale seems too large.

    Yields
    ------
    Block

    Raises
    ------
    SourceError
        If more than half of the lines are broken, or more than a tenth of the ratings exceed the
        scale (which `--scale 5` allows). After the first thousand lines (and the rest of their
        block), if nine tenths are broken or half of the ratings exceed the scale.
    """
    lines = Lines()
    above, highest = 0, 0.0
    is_clear = False
    for block in blocks:
        lines.add(block.file, len(block.lines), block.rejected)
        above, highest = above + block.above, max(highest, block.highest)
        if not is_clear and lines.good + lines.broken >= FIRST_LINES:
            _check(lines, above, highest, scale, MOST_BROKEN_AT_FIRST, MOST_BROKEN)
            is_clear = True
        yield block
    _check(lines, above, highest, scale, MOST_BROKEN, MOST_ABOVE)
    if not lines.good:
        raise lines.refusal()
    if scale in (Scale.TEN, Scale.HUNDRED) and highest <= int(scale) / 2:
        notes.append(
            f"No rating is above {highest:g} out of {scale}. If they are out of 5, load the data "
            "set again without --scale."
        )


def _check(
    lines: Lines,
    above: int,
    highest: float,
    scale: Scale | None,
    most_broken: float,
    most_above: float,
) -> None:
    if scale is not Scale.FIVE and above > most_above * (lines.good + above):
        raise lines.refusal(_hint(above, highest, scale))
    lines.check(most_broken)


def _hint(above: int, highest: float, scale: Scale | None) -> str:
    best = 5 if scale is None else int(scale)
    range_text = f"; ratings go up to {highest:g}, {above:,} of them above {best}"
    for other in (Scale.TEN, Scale.HUNDRED):
        if highest <= int(other):
            return f"{range_text}: if they are out of {other}, use --scale {other}"
    return range_text
