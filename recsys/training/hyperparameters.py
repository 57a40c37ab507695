"""The choice of hyperparameters on held-out likes.

First EASE's own, then how much the order of likes counts, then the weights of all stages together,
and last the popularity discount.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from monitoring.progress import OnShare
from recsys.data.dataset import Likes
from recsys.data.features import find_known
from recsys.data.learned import Learned
from recsys.data.metrics import ndcg
from recsys.models.cooccurrence import cooccurrence
from recsys.models.factors import Floats, ItemItem
from recsys.models.item_item import Choices, films_that_take_part, histories_of, learn_short_term
from recsys.models.model import Model
from recsys.models.ranking import best_of_each
from recsys.models.regressions import ease, following, likes_matrix
from recsys.training.candidates import CUTS, Question
from recsys.training.comparison import Comparison
from recsys.training.search import SIGNIFICANT, Outcome, ascend, climb
from recsys.training.spreads import alone

Ints = NDArray[np.int64]
Doubles = NDArray[np.float64]

# The options of each hyperparameter.
_OF_EASE = {
    "ridge": (25.0, 50.0, 100.0, 200.0, 400.0, 800.0, 1600.0, 3200.0),
    "dropout": (0.0, 0.2, 0.4, 0.6),
    "activity": (-0.75, -0.5, -0.25, 0.0),
}
_OLDEST = (0.3, 0.6, 1.0)
_DISCOUNTS = (-0.12, -0.08, -0.04, 0.0, 0.04, 0.08, 0.12, 0.16, 0.2)

# Of the standard error. EASE's own lists change more with its hyperparameters than those of all
# stages together do, and there are only two steps to choose from.
_ERRORS_OF_EASE = 1.5


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
    on_progress(0.4)
    stages = _stages(model, likes, learned, places, histories, of_films)
    learned, of_blend = _choose_blend(
        cache(lambda oldest: Comparison.of(stages, likes, known, people, oldest)),
        _OLDEST if likes.is_ordered else (start.oldest,),
        learned,
    )
    return learned, {"ease": round(of_ease, 4), **of_blend}


def choose_ease(
    known: Sequence[Question], places: Ints, histories: list[Ints], start: Learned
) -> tuple[Learned, float]:
    """Choose EASE's hyperparameters by its own NDCG for known people.

    Parameters
    ----------
    known : sequence of Question
    places : int64 array (films,)
        The films that have weights, as indices into the catalogue, ascending.
    histories : list of int64 array
        What to learn from: each person's likes, as indices into `places`.
    start : Learned

    Returns
    -------
    learned : Learned
    gain : float
        Relative to `start`.
    """
    liked = [find_known(each.liked, places.astype(np.int32)) for each in known]
    rows = likes_matrix(liked, len(places))

    @cache
    def outcome(ridge: float, dropout: float, activity: float) -> Outcome:
        scores = np.asarray(rows @ ease(histories, len(places), ridge, dropout, activity))
        for row, films in zip(scores, liked, strict=True):
            row[films] = -np.inf
        lists = [places[films].tolist() for films in best_of_each(scores, max(CUTS))]
        found = [
            [ndcg(listed, each.relevant.tolist(), cut) for cut in CUTS]
            for listed, each in zip(lists, known, strict=True)
        ]
        return Outcome((np.mean(found, axis=1),), (1.0,))

    chosen = {name: asdict(start)[name] for name in _OF_EASE}
    before = outcome(**chosen).mean
    for name, options in _OF_EASE.items():

        def of_option(option: float, name: str = name) -> Outcome:
            return outcome(**{**chosen, name: option})

        chosen[name] = climb(options, chosen[name], _better(of_option, _ERRORS_OF_EASE))
    return replace(start, **chosen), outcome(**chosen).mean / before - 1 if before else 0.0


def _stages(
    model: Model,
    likes: Likes,
    learned: Learned,
    places: Ints,
    histories: list[Ints],
    of_films: Choices,
) -> list[Model]:
    """Return a model for each stage, EASE, the next likes and co-occurrence apart."""
    n, films = len(places), places.astype(np.int32)

    def of_items(weights: Floats) -> Model:
        np.fill_diagonal(weights, 0)
        return alone(replace(model, item_item=ItemItem(films, weights)), "item_item")

    found = [
        alone(model, "lightfm"),
        alone(model, "genres"),
        of_items(ease(histories, n, learned.ridge, learned.dropout, learned.activity)),
    ]
    if likes.is_ordered:
        short_term = learn_short_term(likes, len(model.movie_ids), of_films)
        found += [
            of_items(following(histories, n, of_films.next)),
            of_items(cooccurrence(histories, n, of_films.after_decay, ordered=True)),
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
        _better(lambda each: compare(each).value(start, discount, units)),
    )
    comparison = compare(oldest)
    values = [comparison.value(start, discount, units).mean]
    found = ascend(lambda weights: comparison.value(weights, discount, units), start)
    values.append(comparison.value(found, discount, units).mean)
    weights, learned = _as_shares(comparison, found, replace(learned, oldest=oldest))
    before = comparison.value(weights, discount, units).mean
    discount = climb(
        _DISCOUNTS, discount, _better(lambda each: comparison.value(weights, each, units))
    )
    gained = {
        "oldest": values[0] - 1,
        "shares": values[1] - values[0],
        "discount": comparison.value(weights, discount, units).mean - before,
    }
    return replace(learned, discount=discount), {k: round(each, 4) for k, each in gained.items()}


def _better(
    outcome: Callable[[float], Outcome], errors: float = SIGNIFICANT
) -> Callable[[float, float], bool]:
    """Return whether one option is significantly better than another."""
    return lambda one, other: outcome(one).is_better_than(outcome(other), errors)


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
