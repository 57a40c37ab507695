"""The extension of a trained model by films that were loaded after the training.

Nobody could like such a film yet, so nothing is known about it but its features. LightFM has
factors and biases for its genres and its half-decade, which is what content features are for in
item cold start (Kula 2015, https://arxiv.org/abs/1507.08439); its identity has none. In everything
else it counts as a typical film: its bias and its popularity are those of films with the median
number of likes. Zero likes would be wrong in both directions, because "balanced" would favour the
film for being unpopular, and "adventurous" would bury it as one that people have tried and left.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys.data.features import NO_PERIOD, Catalogue, catalogue, genre_weights
from recsys.data.series import series_of
from recsys.models.factors import Factors, ItemItem
from recsys.models.model import Model
from recsys.models.typical import typical_films

Places = NDArray[np.int64]
Value = TypeVar("Value", bound=np.generic)


def extended(model: Model, movies: pd.DataFrame, titles: "pd.Series[str]") -> Model:
    """Return a model that also recommends these films.

    The scores of the films that the model was trained with stay the same, up to rounding, unless a
    person dislikes a film whose series has changed.

    Parameters
    ----------
    model : Model
    movies : DataFrame
        movie_id, title, year, genres (lists); films of the model's catalogue are ignored.
    titles : Series of str
        The titles of all films, by film ID: a new film can belong to the series of an old one.

    Returns
    -------
    Model
        `new` has the positions of the added films. The same object if there are none.
    """
    movies = movies[~movies["movie_id"].isin(model.movie_ids)]
    if movies.empty:
        return model
    before, added = model.catalogue, catalogue(movies)
    movie_ids = np.union1d(before.movie_ids, added.movie_ids)
    kept = np.searchsorted(movie_ids, before.movie_ids)
    new = np.searchsorted(movie_ids, added.movie_ids)
    genres = sorted({*before.genres, *added.genres})
    old_genres = np.searchsorted(genres, before.genres).astype(np.int64)

    mask = np.zeros((len(movie_ids), len(genres)), bool)
    mask[np.ix_(kept, old_genres)] = before.genre_mask
    mask[np.ix_(new, np.searchsorted(genres, added.genres).astype(np.int64))] = added.genre_mask
    period = _moved(before.period, kept, len(movie_ids), NO_PERIOD)
    period[new] = _nearest_periods(added, before.periods)
    films = Catalogue(
        movie_ids,
        genres,
        mask,
        before.periods,
        period,
        series_of(titles.reindex(movie_ids, fill_value="").tolist()),
    )
    likes = _moved(model.likes, kept, len(movie_ids))
    weights = genre_weights(films, likes)
    weights[old_genres] = model.genre_weights
    return replace(
        model,
        catalogue=films,
        factors=_factors(model, kept, old_genres, len(movie_ids), len(genres)),
        likes=likes,
        quality=_moved(model.quality, kept, len(movie_ids)),
        genre_weights=weights,
        item_item=_renumbered(model.item_item, kept),
        short_term=_renumbered(model.short_term, kept),
        map=_moved(model.map, kept, len(movie_ids), np.nan),
        new=np.union1d(kept[model.new], new),
    )


def _factors(model: Model, films: Places, genres: Places, n_films: int, n_genres: int) -> Factors:
    """Return the factors with zeros for new films and genres, and a typical bias for new films."""
    factors = model.factors
    typical = np.setdiff1d(typical_films(model.likes), model.new)
    bias = float(np.median(factors.item_bias[typical])) if len(typical) else 0.0
    return replace(
        factors,
        item=_moved(factors.item, films, n_films),
        item_bias=_moved(factors.item_bias, films, n_films, bias),
        genre=_moved(factors.genre, genres, n_genres),
        genre_bias=_moved(factors.genre_bias, genres, n_genres),
        history=_moved(factors.history, films, n_films),
    )


def _moved(values: NDArray[Value], places: Places, n: int, rest: float = 0) -> NDArray[Value]:
    """Return n rows with these values at these places, and `rest` everywhere else."""
    moved = np.full((n, *values.shape[1:]), rest, values.dtype)
    moved[places] = values
    return moved


def _renumbered(stage: ItemItem, kept: Places) -> ItemItem:
    return ItemItem(kept[stage.films].astype(np.int32), stage.weights)


def _nearest_periods(added: Catalogue, periods: Sequence[int]) -> NDArray[np.int16]:
    """Return each film's half-decade among those that have factors, the earlier one in a tie."""
    if not periods:
        return np.full(len(added.movie_ids), NO_PERIOD, np.int16)
    distances = np.abs(np.subtract.outer(added.periods, periods))
    nearest = np.append(distances.argmin(axis=1), NO_PERIOD)
    return nearest[added.period].astype(np.int16)
