"""Item-item weights of more people than fit into memory, from sums over blocks of people.

Ridge regressions and co-occurrence follow in closed form from products of likes that are summed
over people. So blocks of people are summed one by one, or by different machines, and the sums of
blocks add up. Their memory depends on the number of films alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recsys.data.features import recency_weights
from recsys.models.cooccurrence import cooccurrence_of_pairs, likes_of, pair_sums
from recsys.models.factors import Floats, ItemItem
from recsys.models.item_item import Choices, blended
from recsys.models.regressions import (
    Following,
    ease_of_gram,
    following_of_sums,
    following_sums,
    gram_of,
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

    def plus(self, other: "Sums") -> "Sums":
        """Return the sum over the people of both, in the memory of this one."""
        np.add(self.likes, other.likes, out=self.likes)
        for name, product in self.products.items():
            np.add(product, other.products[name], out=product)
        return self


def item_item_sums(histories: list[Ints], n: int, choices: Choices) -> Sums:
    """Return what `item_item_weights` needs of these people.

    Parameters
    ----------
    histories : list of int64 array
        Each person's likes, oldest first, as indices from 0 to n - 1.
    n : int
        The number of films.
    choices : Choices

    Returns
    -------
    Sums
    """
    learned = choices.learned
    products = {"gram": gram_of(histories, n, learned.activity)}
    if learned.next_share:
        products |= _following(histories, n, choices.next)
    if learned.after_share:
        products["pairs"] = pair_sums(histories, n, choices.after_decay)
    return Sums(likes_of(histories, n), products)


def short_term_sums(histories: list[Ints], n: int, choices: Choices) -> Sums:
    """Return what `short_term_weights` needs of these people; see `item_item_sums`."""
    learned, products = choices.learned, dict[str, Floats]()
    if learned.near_share < 1:
        products |= _following(histories, n, choices.short_term)
    if learned.near_share:
        products["pairs"] = pair_sums(histories, n, choices.near_decay)
    return Sums(likes_of(histories, n), products)


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


def _following(histories: list[Ints], n: int, how: Following) -> dict[str, Floats]:
    before, moment = following_sums(histories, n, how)
    return {"before": before, "moment": moment}


def _of_following(products: dict[str, Floats], ridge: float) -> Floats:
    return following_of_sums(products.pop("before"), products.pop("moment"), ridge)
