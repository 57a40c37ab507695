"""Fit the model to likes, and learn how far to trust it.

The first stage is LightFM with the WARP loss (Kula 2015, https://arxiv.org/abs/1507.08439; Weston
et al. 2011), each member of a small ensemble from a seed of its own; their factors stand side by
side, so that the ensemble's score is the mean of its members'. Each member is fitted in one
thread, for two would not be repeatable; a second process fits every other member. The second stage,
`recsys.item_item`, is added to it.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from os import cpu_count
from threading import Lock
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from recsys import tuning
from recsys.dataset import Likes, check_movies, check_ratings
from recsys.dataset import likes as likes_of
from recsys.features import Catalogue, catalogue, popularity
from recsys.item_item import learn_item_item, learn_soon
from recsys.learned import Factors, ItemItem
from recsys.map import draw_map, no_map
from recsys.matrices import film_features, history_features
from recsys.model import Model
from recsys.popular import popular_model
from recsys.shrinkage import Shrinkage

logger = logging.getLogger(__name__)

Progress = Callable[[float, str], None]

# Below this a second process costs more than it saves.
_LIKES_WORTH_A_PROCESS = 20_000


@dataclass(frozen=True)
class Parameters:
    """What can be chosen.

    Attributes
    ----------
    members : int
        Models in the ensemble.
    components : int
        Factors of each member.
    epochs : int
        Passes over all likes.
    learning_rate, regularisation : float
        AdaGrad's first step, and the L2 penalty on features.
    most_likes : int
        How many of somebody's newest likes LightFM learns from.
    lightfm_share, soon_share : float
        Shares of a score: LightFM's and that of what is liked soon; the rest is the item-item
        weights'. All have a spread of 1 before.
    """

    members: int = 2
    components: int = 32
    epochs: int = 20
    learning_rate: float = 0.05
    regularisation: float = 1e-6
    most_likes: int = 50
    lightfm_share: float = 0.37
    soon_share: float = 0.08

    def __post_init__(self) -> None:
        for name in ("members", "components", "epochs", "most_likes"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1")
        if min(self.lightfm_share, self.soon_share, 1 - self.lightfm_share - self.soon_share) < 0:
            raise ValueError("lightfm_share and soon_share must be from 0 to 1, as their sum")


def fit(
    ratings: pd.DataFrame,
    movies: pd.DataFrame,
    *,
    seed: int = 42,
    progress: Progress | None = None,
    **params: Any,
) -> Model:
    """Train on ratings; the same input and seed give the same model, byte for byte.

    Parameters
    ----------
    ratings : DataFrame
        user_id (int), movie_id (int), rating (0.5 to 5), rated_at (datetime). Those of 4 and more
        are likes, the rest only keeps films from being recommended.
    movies : DataFrame
        movie_id (int), title, year (may be missing), genres (lists of str).
    seed : int
    progress : callable, optional
        Called with the share done (0 to 1) and what is being done, maybe from a second thread.
    **params
        Fields of `Parameters`.

    Returns
    -------
    Model
        Without any like, the one that knows popularity alone.

    Raises
    ------
    ValueError
        When a column is missing or has wrong values, or a parameter is too small; the text names
        it.
    TypeError
        When a parameter is unknown.
    """
    parameters = Parameters(**params)
    check_ratings(ratings)
    check_movies(movies)
    films = catalogue(movies)
    likes = likes_of(ratings, films.movie_ids)
    if not likes.n_people:
        return popular_model(movies, pd.DataFrame({"movie_id": [], "likes": []}))

    held_out = tuning.hold_out_people(likes, seed)
    jobs = [_Job(films, likes, seed + member, parameters) for member in range(parameters.members)]
    if held_out is not None:
        trial = replace(parameters, epochs=max(parameters.epochs // 2, 1))
        jobs.append(_Job(films, held_out.training, seed, trial))
    tell = progress or (lambda _share, _what: None)
    members = _fit_members(jobs, lambda share: tell(0.85 * share, "learning"))

    shrinkage, validation = Shrinkage(tuning.DEFAULT_HALF), None
    if held_out is not None:
        tell(0.85, "choosing how far to trust the model")
        trial_model = _model(films, held_out.training, [members.pop()], parameters, shrinkage, seed)
        shrinkage, validation = tuning.choose_shrinkage(trial_model, held_out)
    tell(0.9, "learning which films speak for which")
    model = _model(films, likes, members, parameters, shrinkage, seed)
    tell(0.95, "drawing the map of films")
    counts = np.bincount(likes.films, minlength=len(films.movie_ids))
    model = replace(model, map=draw_map(model.film_factors, counts, seed), validation=validation)
    tell(1.0, "done")
    return model


@dataclass(frozen=True)
class _Job:
    """What one member is fitted to."""

    films: Catalogue
    likes: Likes
    seed: int
    parameters: Parameters


def _fit_members(jobs: list[_Job], tell: Callable[[float], None]) -> list[Factors]:
    """Fit all members, here and in one more process; the result doesn't depend on where."""
    waiting = deque(enumerate(jobs))
    fitted: dict[int, Factors] = {}
    epochs = sum(job.parameters.epochs for job in jobs)
    done = 0
    counting = Lock()

    def take() -> Iterator[tuple[int, _Job]]:
        with suppress(IndexError):
            while True:
                yield waiting.popleft()

    def count(more: int = 1) -> None:
        nonlocal done
        with counting:
            done += more
            tell(done / epochs)

    def fit_elsewhere() -> None:
        # Imported here: loky, unlike a bare process pool, needs no guard in the caller's script.
        from loky import BrokenProcessPool, get_reusable_executor

        executor = get_reusable_executor(max_workers=1)
        for place, job in take():
            try:
                fitted[place] = executor.submit(_fit_member, job).result()
            except (BrokenProcessPool, OSError) as error:
                logger.warning("the second process is gone, all is fitted in this one: %s", error)
                waiting.append((place, job))
                break
            count(job.parameters.epochs)
        executor.shutdown()

    def fit_here() -> None:
        for place, job in take():
            fitted[place] = _fit_member(job, count)

    with ThreadPoolExecutor(1) as pool:
        is_worth_it = len(jobs[0].likes.people) >= _LIKES_WORTH_A_PROCESS
        elsewhere = pool.submit(fit_elsewhere) if is_worth_it and (cpu_count() or 1) > 1 else None
        fit_here()
        if elsewhere is not None:
            elsewhere.result()
            fit_here()  # what the other process has left
    return [fitted[place] for place in range(len(jobs))]


def _fit_member(job: _Job, tell_epoch: Callable[[], None] = lambda: None) -> Factors:
    from lightfm import LightFM

    films, likes, parameters = job.films, job.likes, job.parameters
    n = len(films.movie_ids)
    interactions = sparse.coo_matrix(
        (np.ones(len(likes.people), np.float32), (likes.people, likes.films)),
        shape=(likes.n_people, n),
    )
    people = _as_lightfm_reads(history_features(likes, n, parameters.most_likes))
    features = _as_lightfm_reads(film_features(films))
    model = LightFM(
        no_components=parameters.components,
        loss="warp",
        learning_rate=parameters.learning_rate,
        item_alpha=parameters.regularisation,
        user_alpha=parameters.regularisation,
        random_state=job.seed,
    )
    for _ in range(parameters.epochs):
        model.fit_partial(interactions, user_features=people, item_features=features, num_threads=1)
        tell_epoch()
    genres = n + len(films.genres)
    factors, biases = model.item_embeddings, model.item_biases
    return Factors(
        item=factors[:n],
        item_bias=biases[:n],
        genre=factors[n:genres],
        genre_bias=biases[n:genres],
        period=factors[genres:],
        period_bias=biases[genres:],
        history=model.user_embeddings,
    )


def _as_lightfm_reads(features: sparse.csr_array) -> sparse.csr_matrix:
    """LightFM's compiled part takes 32-bit indices alone."""
    return sparse.csr_matrix(
        (features.data, features.indices.astype(np.int32), features.indptr.astype(np.int32)),
        shape=features.shape,
    )


def _model(
    films: Catalogue,
    likes: Likes,
    members: list[Factors],
    parameters: Parameters,
    shrinkage: Shrinkage,
    seed: int,
) -> Model:
    """All stages on these likes, added up by their shares, on popularity's scale."""
    n = len(films.movie_ids)
    item_item, soon = learn_item_item(likes, n, seed), learn_soon(likes, n, seed)
    of_soon = parameters.soon_share if len(soon.films) else 0.0
    of_items = 1 - parameters.lightfm_share - parameters.soon_share if len(item_item.films) else 0.0

    def model(of_lightfm: float, of_items: float, of_soon: float) -> Model:
        return Model(
            films,
            _side_by_side(members, of_lightfm),
            popularity(np.bincount(likes.films, minlength=n)),
            shrinkage,
            asdict(parameters),
            item_item.scaled(of_items) if of_items else ItemItem.empty(),
            soon.scaled(of_soon) if of_soon else ItemItem.empty(),
            no_map(n),
        )

    alone = tuning.spread_of_scores(model(1.0, 0.0, 0.0), likes)
    of_lightfm = (1 - of_items - of_soon) / alone
    together = tuning.spread_of_scores(model(of_lightfm, of_items, of_soon), likes)
    return model(of_lightfm / together, of_items / together, of_soon / together)


def _side_by_side(members: list[Factors], scale: float) -> Factors:
    """The ensemble's factors; films' are scaled, so that the scores are."""
    scale /= len(members)

    def scaled(arrays: list[NDArray[np.float32]]) -> NDArray[np.float32]:
        return np.ascontiguousarray(np.concatenate(arrays, axis=1) * np.float32(scale))

    def summed(arrays: list[NDArray[np.float32]]) -> NDArray[np.float32]:
        return np.asarray(np.sum(arrays, axis=0) * np.float32(scale), dtype=np.float32)

    return Factors(
        item=scaled([member.item for member in members]),
        item_bias=summed([member.item_bias for member in members]),
        genre=scaled([member.genre for member in members]),
        genre_bias=summed([member.genre_bias for member in members]),
        period=scaled([member.period for member in members]),
        period_bias=summed([member.period_bias for member in members]),
        history=np.ascontiguousarray(
            np.concatenate([member.history for member in members], axis=1)
        ),
    )
