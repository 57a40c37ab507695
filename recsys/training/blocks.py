"""Learning from more people than fit into memory, in blocks.

Sums over people (`recsys.models.sums`) are added up over all blocks, here or on other machines.
LightFM learns from some of the blocks in each epoch: its users are features alone, the films that
they like, so that each epoch may have other people.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitoring.progress import OnShare, ignore_progress
from recsys.data.dataset import Likes, joined
from recsys.models import sums
from recsys.models.factors import ItemItem
from recsys.models.item_item import Choices, films_of_short_term, films_that_take_part, histories_of
from recsys.models.sums import Sums
from recsys.training.everybody import Everybody
from recsys.training.workers import Here, Workers

# More people than this are read in blocks. A random sample of this many is for what can't be added
# up: the trial, the scales of the stages, the map and the baselines.
MOST_PEOPLE = 20_000
MOST_PEOPLE_WITH_LITTLE_MEMORY = 2_000
PEOPLE_A_BLOCK = 2_000

# Fewer blocks at a time would add up large matrices more often than necessary, more take memory.
_BLOCKS_A_JOB = 5

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Epochs:
    """The people of each epoch: in all together everybody, equally often except for one time.

    Memory depends on the size of an epoch. So with very many people there are more epochs, not more
    people in each.

    Attributes
    ----------
    everybody : Everybody
    least : int
        The least number of epochs.
    size : int
        Blocks in an epoch.
    seed : int
    """

    everybody: Everybody
    least: int
    size: int
    seed: int

    def __len__(self) -> int:
        """Return the number of epochs."""
        return max(self.least, -(-self.everybody.n_blocks // self.size))

    def __iter__(self) -> Iterator[Likes]:
        """Read the likes of each epoch's people in turn."""
        blocks = self.everybody.n_blocks
        order = np.random.default_rng(self.seed).permutation(blocks)
        size = min(self.size, blocks)
        for epoch in range(len(self)):
            some = np.take(order, np.arange(epoch * size, (epoch + 1) * size), mode="wrap")
            yield joined([self.everybody.read(block) for block in np.sort(some).tolist()])


@dataclass(frozen=True)
class _Summed:
    """What is summed over which blocks."""

    everybody: Everybody
    films: Ints
    choices: Choices
    sums_of: Callable[[Iterable[list[Ints]], int, Choices], Sums]


def learn_item_item(
    everybody: Everybody,
    workers: Workers,
    sample: Likes,
    n_films: int,
    on_progress: OnShare,
    choices: Choices,
) -> ItemItem:
    """Learn the weights of `recsys.models.item_item.learn_item_item` from everybody.

    Parameters
    ----------
    everybody : Everybody
    workers : Workers
        They read and sum the blocks.
    sample : Likes
        Of some people, with the number of everybody's likes in `counts`.
    n_films : int
        The number of films in the catalogue.
    on_progress : callable
        Called with the share done.
    choices : Choices

    Returns
    -------
    ItemItem
    """
    films = films_that_take_part(sample, n_films, choices.most_films)
    found = _sums(on_progress, _Summed(everybody, films, choices, sums.item_item_sums), workers)
    if found is None:
        return ItemItem.empty()
    return sums.item_item_weights(found, films, histories_of(sample, films), choices)


def learn_short_term(
    everybody: Everybody,
    workers: Workers,
    sample: Likes,
    n_films: int,
    on_progress: OnShare,
    choices: Choices,
) -> ItemItem:
    """Learn the weights of `recsys.models.item_item.learn_short_term`; see `learn_item_item`."""
    films = films_of_short_term(sample, n_films, choices)
    found = _sums(on_progress, _Summed(everybody, films, choices, sums.short_term_sums), workers)
    if found is None:
        return ItemItem.empty()
    return sums.short_term_weights(found, films, histories_of(sample, films), choices)


def _sums(on_progress: OnShare, summed: _Summed, workers: Workers) -> Sums | None:
    """Return the sums over all blocks; None with fewer than two films."""
    if len(summed.films) < 2:
        return None
    blocks = range(summed.everybody.n_blocks)
    if isinstance(workers, Here):  # all in the memory of one sum
        return _sums_of_blocks(summed, blocks, on_progress)
    jobs = [blocks[start : start + _BLOCKS_A_JOB] for start in blocks[::_BLOCKS_A_JOB]]
    return workers.reduce(_sums_of_blocks, Sums.plus, summed, jobs, on_progress)


def _sums_of_blocks(
    summed: _Summed, blocks: Sequence[int], on_progress: OnShare = ignore_progress
) -> Sums:
    def histories() -> Iterator[list[Ints]]:
        for number, block in enumerate(blocks, 1):
            yield histories_of(summed.everybody.read(block), summed.films)
            on_progress(number / len(blocks))

    return summed.sums_of(histories(), len(summed.films), summed.choices)
