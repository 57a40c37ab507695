"""One person's top hundred films and everyone's top five, compared with LightFM and implicit.

    python -m benchmarks scoring

Factors and histories are random, with the demo set's distributions of ratings and likes; both sides
use the same ones. LightFM's side is `LightFM.predict` over all films and `argsort`; implicit's is
`implicit.cpu.topk`, leaving out the films that each person has rated, as Five Films does.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
from implicit.cpu.topk import topk
from lightfm import LightFM
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import threadpool_limits

from benchmarks.table import Row, faster, medians, more
from recsys.data.features import NO_PERIOD, Catalogue
from recsys.data.parameters import Parameters
from recsys.data.series import NO_SERIES
from recsys.models.batches import rank_for_each
from recsys.models.blend import KNOTS, STAGES, Blend
from recsys.models.factors import Factors, Floats, ItemItem
from recsys.models.item_item import DEFAULT
from recsys.models.model import Model
from recsys.models.profiles import Profile
from recsys.models.projection import no_map
from recsys.models.ranking import best
from recsys.models.scoring import LIGHTFM

D = 64
GENRES, GENRES_EACH = 20, 2.3
# As in the demo set.
LEAST_RATINGS, MEDIAN_RATINGS, MOST_RATINGS = 20, 71, 2_390
SIZES = (9_066, 87_585)  # the demo's ml-latest-small, and ML-32M


def measure(sizes: Sequence[int] = SIZES, people: int = 671, repeats: int = 15) -> list[Row]:
    """Return rows for each number of films."""
    rows = []
    with threadpool_limits(1, "blas"):  # as in the app, and as implicit recommends
        for films in sizes:
            rows += _one(films, repeats)
            rows += _everybody(films, people, max(repeats // 3, 1))
    return rows


def _one(films: int, repeats: int) -> list[Row]:
    model = a_model(films)
    first_stage = _lightfm_of(model)
    history = _history(np.random.default_rng(7), films, MEDIAN_RATINGS)
    profile = first_stage.read_history(history)
    lightfm, numbers = LightFM(no_components=D), np.arange(films, dtype=np.int32)
    lightfm._initialize(D, films, 1)
    lightfm.item_embeddings = model.film_factors.copy()
    lightfm.item_biases = model.factors.item_bias
    lightfm.user_embeddings = _person(model, profile)[None].astype("f4")

    def peer() -> None:
        np.argsort(-lightfm.predict(0, numbers))[:100]

    ours, theirs = medians(lambda: best(first_stage.scores(profile), 100), peer, repeats)
    whole, theirs_again = medians(lambda: model.recommend(history, 100), peer, repeats)
    return [
        faster(f"top 100 of one person, same factors, {films:,} films", ours, theirs, 5),
        faster(f"… with all stages and reasons, {films:,} films", whole, theirs_again, None),
    ]


def _everybody(films: int, people: int, repeats: int) -> list[Row]:
    model = a_model(films)
    first_stage = _lightfm_of(model)
    rated = histories(films, people)
    profiles = first_stage.read_histories(rated)
    vectors = np.stack([_person(model, profile) for profile in profiles])
    ends = np.cumsum([0, *(len(profile.rated) for profile in profiles)])
    numbers = np.concatenate([profile.rated for profile in profiles])
    left_out = sparse.csr_matrix(
        (np.ones(len(numbers), "f4"), numbers, ends), shape=(people, films)
    )
    factors, queries = np.ascontiguousarray(model.film_factors), vectors.astype("f4")

    def peer() -> None:
        topk(factors, queries, 5, filter_query_items=left_out)

    ours, theirs = medians(lambda: list(rank_for_each(first_stage, profiles, 5)), peer, repeats)
    served = model.in_single_precision()  # as in the app
    whole, theirs_again = medians(lambda: served.recommend_many(rated, 5), peer, repeats)
    frame = pd.concat(rated, keys=range(people), names=["user_id", None]).reset_index(level=0)
    in_one, theirs_at_last = medians(lambda: served.recommend_many(frame, 5), peer, repeats)
    return [
        more(
            f"everybody's five, same factors, {films:,} films",
            people / ours,
            people / theirs,
            1,
            "people/s",
        ),
        more(
            f"`recommend_many`, a frame for each person, all stages, reasons, {films:,} films",
            people / whole,
            people / theirs_again,
            None,
            "people/s",
        ),
        more(
            f"`recommend_many`, one frame for all, all stages, reasons, {films:,} films",
            people / in_one,
            people / theirs_at_last,
            1,
            "people/s",
        ),
    ]


def a_model(films: int) -> Model:
    """Return a random model with the shape of a real one."""
    numbers = np.random.default_rng(42)

    def drawn(*shape: int) -> Floats:
        return numbers.standard_normal(shape, dtype=np.float32) / np.float32(8)

    def item_item(most_liked: int) -> ItemItem:
        places = np.sort(_by_likes(films)[:most_liked]).astype(np.int32)
        return ItemItem(places, drawn(len(places), len(places)).astype(np.float16))

    return Model(
        Catalogue(
            np.arange(1, films + 1, dtype=np.int32),
            [f"Genre {number}" for number in range(GENRES)],
            numbers.random((films, GENRES)) < GENRES_EACH / GENRES,
            [],
            np.full(films, NO_PERIOD, np.int16),
            np.full(films, NO_SERIES, np.int32),
        ),
        Factors(
            item=drawn(films, D),
            item_bias=drawn(films),
            genre=np.zeros((GENRES, D), np.float32),
            genre_bias=np.zeros(GENRES, np.float32),
            period=np.zeros((0, D), np.float32),
            period_bias=np.zeros(0, np.float32),
            history=drawn(films, D),
        ),
        likes=_likes(films),
        quality=drawn(films),
        genre_weights=np.ones(GENRES, np.float32),
        blend=Blend(Parameters().shares, ((1.0,) * len(KNOTS),) * len(STAGES), 0.25),
        parameters={},
        item_item=item_item(3_000),  # as both data sets here
        short_term=item_item(DEFAULT.most_films_short_term),
        map=no_map(films),
    )


def _lightfm_of(model: Model) -> Model:
    """Return the model with LightFM's stage alone, as on the other side."""
    return replace(
        model,
        blend=model.blend.only("lightfm"),
        item_item=ItemItem.empty(),
        short_term=ItemItem.empty(),
        likes=np.zeros_like(model.likes),
    )


def _person(model: Model, profile: Profile) -> NDArray[np.float64]:
    return np.asarray(profile.weights[:, LIGHTFM] @ model.factors.history[profile.films])


def histories(films: int, people: int) -> list[pd.DataFrame]:
    """Return histories with 20 or more ratings each, distributed as in the demo set."""
    numbers = np.random.default_rng(7)
    more_than_least = numbers.lognormal(np.log(MEDIAN_RATINGS - LEAST_RATINGS), 1.4, people)
    ratings = np.minimum(LEAST_RATINGS + more_than_least, MOST_RATINGS).astype(int)
    return [_history(numbers, films, n) for n in ratings.tolist()]


def _history(numbers: np.random.Generator, films: int, n: int) -> pd.DataFrame:
    """Return a history, half of it likes; of 9,066 films the top thousand have 70 % of ratings."""
    rated = numbers.choice(films, n, replace=False, p=_share_of_likes(films))
    return pd.DataFrame(
        {
            "movie_id": 1 + _by_likes(films)[rated],
            "rating": numbers.choice([2.0, 3.0, 4.0, 5.0], n),
            "rated_at": pd.to_datetime(np.arange(n), unit="s", utc=True),
        }
    )


@cache
def _share_of_likes(films: int) -> NDArray[np.float64]:
    share = (np.arange(films) + 200.0) ** -1.6
    return np.asarray(share / share.sum())


def _likes(films: int) -> NDArray[np.int64]:
    """Return how many people like each film."""
    likes = np.empty(films, np.int64)
    likes[_by_likes(films)] = _share_of_likes(films) * 5 * films
    return likes


@cache
def _by_likes(films: int) -> NDArray[np.int64]:
    """Return the indices of films, the most liked first."""
    return np.random.default_rng(1).permutation(films)
