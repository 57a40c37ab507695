"""Ratings are refused over all lines, or early if the first ones make it clear."""

from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from db.loading.blocks import Block
from db.loading.refusals import Lines, refusing
from db.loading.report import Reason, SourceError
from db.loading.values import Scale


def _block(good: int, broken: int = 0, first: int = 1, above: int = 0, highest: float = 5) -> Block:
    """Build a block whose broken lines come first."""
    lines = np.arange(first + broken, first + broken + good)
    rejected = {Reason.FIELDS: np.arange(first, first + broken)} if broken else {}
    ids, stars = np.ones(good, np.int32), np.ones(good, np.float32)
    return Block("r.csv", lines, ids, ids, stars, lines, rejected, above, highest)


class _Read:
    """Blocks that count how many of them were requested."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        self.asked = 0

    def __iter__(self) -> Iterator[Block]:
        for block in self.blocks:
            self.asked += 1
            yield block


def _refused(blocks: Sequence[Block], scale: Scale | None = None) -> tuple[str, int]:
    """Return the message, and after how many blocks it came."""
    read = _Read(blocks)
    with pytest.raises(SourceError) as caught:
        list(refusing(read, scale, []))
    return str(caught.value), read.asked


def _taken(blocks: Sequence[Block], scale: Scale | None = None) -> list[str]:
    """Return the notes on ratings that are not refused."""
    notes: list[str] = []
    assert [*refusing(blocks, scale, notes)] == [*blocks]
    return notes


def test_at_most_half_of_the_lines_may_be_broken() -> None:
    assert _taken([_block(5, 5)]) == []
    words, _ = _refused([_block(5, 6)])
    assert words == (
        "6 of 11 lines of r.csv can't be used (line 1: wrong number of fields; line 2: wrong "
        "number of fields; line 3: wrong number of fields); nothing was changed"
    )


def test_all_blocks_count() -> None:
    assert _taken([_block(20, 80), _block(100, first=101)]) == []
    words, asked = _refused([_block(60), _block(0, 70, first=61), _block(5, first=131)])
    assert "70 of 135 lines of r.csv can't be used (line 61: wrong" in words
    assert asked == 3


def test_first_block_is_enough_if_it_is_clear() -> None:
    words, asked = _refused([_block(90, 910), _block(9_000, first=1_001)])
    assert words.startswith("910 of 1,000 lines of r.csv can't be used")
    assert asked == 1
    words, asked = _refused([_block(0, 500), _block(0, 500, first=501), _block(9_000, first=1_001)])
    assert words.startswith("r.csv has no line that can be used (line 1: wrong")
    assert asked == 2
    scaled = _block(400, 600, above=600, highest=10)
    words, asked = _refused([scaled, _block(9_000, first=1_001)])
    assert "use --scale 10" in words
    assert asked == 1


def test_first_lines_are_at_least_a_thousand() -> None:
    """A file of the Netflix Prize may have only a few lines."""
    assert _taken([_block(0, 999), _block(1_000, first=1_000)]) == []


def test_no_lines_at_all() -> None:
    assert _refused([_block(0)]) == ("r.csv has no line that can be used; nothing was changed", 1)


def test_a_tenth_may_exceed_the_scale() -> None:
    assert _taken([_block(90, 10, above=10, highest=7)]) == []
    words, _ = _refused([_block(89, 11, above=11, highest=7)])
    assert words.endswith(
        "ratings go up to 7, 11 of them above 5: if they are out of 10, use --scale 10; "
        "nothing was changed"
    )


def test_given_scale() -> None:
    assert _taken([_block(80, 20, above=20, highest=7)], Scale.FIVE) == []
    words, _ = _refused([_block(80, 20, above=20, highest=70)], Scale.TEN)
    assert "20 of them above 10: if they are out of 100, use --scale 100" in words
    words, _ = _refused([_block(80, 20, above=20, highest=120)], Scale.HUNDRED)
    assert "go up to 120, 20 of them above 100; nothing" in words


@pytest.mark.parametrize(
    ("scale", "highest", "is_noted"),
    [(Scale.TEN, 5, True), (Scale.TEN, 5.5, False), (Scale.HUNDRED, 10, True), (None, 2, False)],
)
def test_scale_that_ratings_do_not_reach(
    scale: Scale | None, highest: float, is_noted: bool
) -> None:
    notes = _taken([_block(10, highest=highest)], scale)
    assert bool(notes) is is_noted
    assert all("without --scale" in note for note in notes)


def test_unmatched_line_is_not_broken() -> None:
    lines = Lines()
    for number, reason in enumerate(
        [Reason.UNKNOWN_FILM, Reason.SECOND_FILM, None, Reason.NO_LINK]
    ):
        lines.add_line("links.csv", number, reason)
    lines.check()
    assert (lines.good, lines.broken) == (4, 0)
