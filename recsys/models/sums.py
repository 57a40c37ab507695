"""Item-item weights of more people than fit into memory, from sums over blocks of people.

Ridge regressions and co-occurrence follow in closed form from products of likes that are summed
over people. So blocks of people are summed one by one, or by different machines, and the sums of
blocks add up. Their memory depends on the number of films alone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recsys.data.features import recency_weights
from recsys.models.cooccurrence import add_pairs, cooccurrence_of_pairs, likes_of
from recsys.models.factors import Floats, ItemItem
from recsys.models.item_item import Choices, blended
from recsys.models.regressions import (
    Following,
    add_following,
    add_gram,
    ease_of_gram,
    following_of_sums,
    square,
)

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Sums:
    """Sums over people.

    Attributes
    ----------
    likes : int64 array (n,)
        How many people like each film.
    products : dict of str to float32 array (n, n)
        Named as in `item_item_sums` and `short_term_sums`; those whose share is 0 are left out.
    """

    likes: Ints
    products: dict[str, Floats]

    def __sizeof__(self) -> int:
        """Return the bytes of the arrays, by which Dask decides where to add."""
        return self.likes.nbytes + sum(each.nbytes for each in self.products.values())

    def add_following(self, histories: list[Ints], how: Following) -> None:
        """Add what `recsys.models.regressions.following` needs of these people."""
        add_following(self.products["before"], self.products["moment"], histories, how)

    def plus(self, other: "Sums") -> "Sums":
        """Return the sum over the people of both, in the memory of this one."""
        np.add(self.likes, other.likes, out=self.likes)
        for name, product in self.products.items():
            np.add(product, other.products[name], out=product)
        return self


def item_item_sums(blocks: Iterable[list[Ints]], n: int, choices: Choices) -> Sums:
    """Return what `item_item_weights` needs of some people.

    Parameters
    ----------
    blocks : iterable of list of int64 array
        Blocks of people, one of which is in memory at a time: each person's likes, oldest first, as
        indices from 0 to n - 1.
    n : int
        The number of films.
    choices : Choices

    Returns
    -------
    Sums
    """
    learned = choices.learned
    found = Sums(np.zeros(n, np.int64), {"gram": np.zeros((n, n), np.float32)})
    if learned.next_share:
        found.products.update(before=square(n), moment=square(n))
    if learned.after_share:
        found.products["pairs"] = np.zeros((n, n), np.float32)
    for histories in blocks:
        found.likes[:] += likes_of(histories, n)
        add_gram(found.products["gram"], histories, learned.activity)
        if learned.next_share:
            found.add_following(histories, choices.next)
        if learned.after_share:
            add_pairs(found.products["pairs"], histories, choices.after_decay)
    return found


def short_term_sums(blocks: Iterable[list[Ints]], n: int, choices: Choices) -> Sums:
    """Return what `short_term_weights` needs of some people; see `item_item_sums`."""
    learned = choices.learned
    found = Sums(np.zeros(n, np.int64), {})
    if learned.near_share < 1:
        found.products.update(before=square(n), moment=square(n))
    if learned.near_share:
        found.products["pairs"] = np.zeros((n, n), np.float32)
    for histories in blocks:
        found.likes[:] += likes_of(histories, n)
        if learned.near_share < 1:
            found.add_following(histories, choices.short_term)
        if learned.near_share:
            add_pairs(found.products["pairs"], histories, choices.near_decay)
    return found


def item_item_weights(sums: Sums, films: Ints, examples: list[Ints], choices: Choices) -> ItemItem:
    """Return the weights of `recsys.models.item_item.learn_item_item`, from sums over people.

    Parameters
    ----------
    sums : Sums
        Overwritten.
    films : int64 array (n,)
        The films, as indices into the catalogue, ascending.
    examples : list of int64 array
        Some people's likes, as indices into `films`, to measure standard deviations on.
    choices : Choices

    Returns
    -------
    ItemItem
    """
    learned, products = choices.learned, sums.products

    def parts() -> Iterator[tuple[Floats, float]]:
        of_ease = 1 - learned.next_share - learned.after_share
        yield ease_of_gram(products.pop("gram"), learned.ridge, learned.dropout), of_ease
        if learned.next_share:
            yield _of_following(products, learned.next_ridge), learned.next_share
        if learned.after_share:
            pairs = products.pop("pairs")
            yield cooccurrence_of_pairs(pairs, sums.likes, ordered=True), learned.after_share

    return blended(films, parts(), examples, choices.of_likes)


def short_term_weights(sums: Sums, films: Ints, examples: list[Ints], choices: Choices) -> ItemItem:
    """Return the weights of `recsys.models.item_item.learn_short_term`; see `item_item_weights`."""
    learned, products = choices.learned, sums.products

    def parts() -> Iterator[tuple[Floats, float]]:
        if learned.near_share < 1:
            yield _of_following(products, learned.short_term_ridge), 1 - learned.near_share
        if learned.near_share:
            pairs = products.pop("pairs")
            yield cooccurrence_of_pairs(pairs, sums.likes, ordered=False), learned.near_share

    return blended(films, parts(), examples, recency_weights)


def _of_following(products: dict[str, Floats], ridge: float) -> Floats:
    return following_of_sums(products.pop("before"), products.pop("moment"), ridge)
