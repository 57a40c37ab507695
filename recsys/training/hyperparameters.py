"""The choice of hyperparameters on held-out likes.

First those of single regressions (`recsys.training.own_lists`), then how much the order of likes
counts, then the weights of all stages together, and last the popularity discount.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from monitoring.progress import OnShare
from recsys.data.dataset import Likes
from recsys.data.learned import Learned
from recsys.models.cooccurrence import cooccurrence
from recsys.models.factors import Floats, ItemItem
from recsys.models.item_item import Choices, films_that_take_part, histories_of
from recsys.models.model import Model
from recsys.models.regressions import ease
from recsys.training.candidates import Question
from recsys.training.comparison import Comparison
from recsys.training.own_lists import choose_ease, choose_next, choose_short_term
from recsys.training.search import ascend, better, climb
from recsys.training.spreads import alone

Ints = NDArray[np.int64]
Doubles = NDArray[np.float64]

# The options of each hyperparameter.
_OLDEST = (0.3, 0.6, 1.0)
_DISCOUNTS = (-0.12, -0.08, -0.04, 0.0, 0.04, 0.08, 0.12, 0.16, 0.2)


def learn(
    on_progress: OnShare,
    model: Model,
    likes: Likes,
    known: Sequence[Question],
    people: Sequence[Ints],
    start: Learned,
    of_films: Choices,
) -> tuple[Learned, dict[str, float]]:
    """Choose the hyperparameters of a model.

    Parameters
    ----------
    on_progress : callable
        Called with the share done.
    model : Model
        Fitted factors without other stages.
    likes : Likes
        What it was fitted to.
    known : sequence of Question
        People with other likes.
    people : sequence of int64 array
        The likes of other people, oldest first, as indices into the catalogue.
    start : Learned
        Where the search starts.
    of_films : Choices
        For how many films there are item-item weights.

    Returns
    -------
    learned : Learned
    gains : dict of str to float
        What each choice gained, relative to `start`.
    """
    places = films_that_take_part(likes, len(model.movie_ids), of_films.most_films)
    if len(places) < 2 or not known or not people:
        return start, {}
    histories = histories_of(likes, places)
    learned, of_ease = choose_ease(known, places, histories, start)
    gains = {"ease": of_ease, "next": 0.0, "short-term": 0.0}
    of_order: tuple[Floats, ItemItem] | None = None
    if likes.is_ordered:
        choices = replace(of_films, learned=learned)
        learned, gains["short-term"], short_term = choose_short_term(
            known, places, histories, choices
        )
        choices = replace(of_films, learned=learned)
        learned, gains["next"], next_likes = choose_next(known, places, histories, choices)
        of_order = next_likes, short_term
    on_progress(0.4)
    stages = _stages(model, places, histories, replace(of_films, learned=learned), of_order)
    learned, of_blend = _choose_blend(
        cache(lambda oldest: Comparison.of(stages, likes, known, people, oldest)),
        _OLDEST if likes.is_ordered else (start.oldest,),
        learned,
    )
    return learned, {name: round(gain, 4) for name, gain in (gains | of_blend).items()}


def _stages(
    model: Model,
    places: Ints,
    histories: list[Ints],
    choices: Choices,
    of_order: tuple[Floats, ItemItem] | None,
) -> list[Model]:
    """Return a model for each stage, EASE, the next likes and co-occurrence apart.

    `of_order` has the weights of the next likes and of the short-term stage if likes have an order.
    """
    n, films, learned = len(places), places.astype(np.int32), choices.learned

    def of_items(weights: Floats) -> Model:
        np.fill_diagonal(weights, 0)
        return alone(replace(model, item_item=ItemItem(films, weights)), "item_item")

    found = [
        alone(model, "lightfm"),
        alone(model, "genres"),
        of_items(ease(histories, n, learned.ridge, learned.dropout, learned.activity)),
    ]
    if of_order is not None:
        next_likes, short_term = of_order
        found += [
            of_items(next_likes),
            of_items(cooccurrence(histories, n, choices.after_decay, ordered=True)),
            alone(replace(model, short_term=short_term.in_single_precision()), "short_term"),
        ]
    return found


def _choose_blend(
    compare: Callable[[float], Comparison], of_oldest: Sequence[float], learned: Learned
) -> tuple[Learned, dict[str, float]]:
    """Choose the weight of the oldest likes, the weights of the stages, and the discount."""
    base, discount = compare(learned.oldest), learned.discount
    start = _weights(base, learned)
    units = base.means(start, discount)
    oldest = climb(
        of_oldest,
        learned.oldest,
        better(lambda each: compare(each).value(start, discount, units)),
    )
    comparison = compare(oldest)
    values = [comparison.value(start, discount, units).mean]
    found = ascend(lambda weights: comparison.value(weights, discount, units), start)
    values.append(comparison.value(found, discount, units).mean)
    weights, learned = _as_shares(comparison, found, replace(learned, oldest=oldest))
    before = comparison.value(weights, discount, units).mean
    discount = climb(
        _DISCOUNTS, discount, better(lambda each: comparison.value(weights, each, units))
    )
    gained = {
        "oldest": values[0] - 1,
        "shares": values[1] - values[0],
        "discount": comparison.value(weights, discount, units).mean - before,
    }
    return replace(learned, discount=discount), gained


def _weights(comparison: Comparison, learned: Learned) -> Doubles:
    """Return the weights of the stages, those of item-item apart."""
    lightfm, genres, item_item, short_term = learned.shares
    of_next, after = learned.next_share, learned.after_share
    inside = np.array([1 - of_next - after, of_next, after])
    inside = inside[: len(comparison.stages) - 2]
    inside *= item_item / (comparison.spread(inside, first=2) or 1.0)
    return np.array([lightfm, genres, *inside, short_term])[: len(comparison.stages)]


def _as_shares(comparison: Comparison, found: Doubles, learned: Learned) -> tuple[Doubles, Learned]:
    """Return the weights and the hyperparameters, scaled so that the stages' shares add up to 1.

    The item-item stage is one matrix, which is scaled to a standard deviation of 1, too.
    """
    if np.array_equal(found, _weights(comparison, learned)):
        return found, learned
    lightfm, genres, *inside = found.tolist()
    short_term = inside.pop() if len(inside) > 1 else 0.0
    items = np.array(inside)
    item_item = comparison.spread(items, first=2) if items.any() else 0.0
    total = lightfm + genres + item_item + short_term
    shares = (lightfm / total, genres / total, item_item / total, short_term / total)
    learned = replace(learned, shares=shares)
    if len(items) > 1 and items.any():
        of_next, after = (items[1:] / items.sum()).tolist()
        learned = replace(learned, next_share=of_next, after_share=after)
    return found / total, learned
