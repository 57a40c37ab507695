"""The first stage: LightFM, fitted to likes.

The WARP loss (Kula 2015, https://arxiv.org/abs/1507.08439; Weston et al. 2011). Each member of a
small ensemble has its own seed; their factors are concatenated, so that the ensemble's score is the
mean of its members' scores.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from monitoring.progress import OnShare
from recsys.data.dataset import Likes
from recsys.data.features import Catalogue
from recsys.data.parameters import Parameters
from recsys.models.factors import Factors
from recsys.models.lightfm_features import (
    film_features,
    history_features,
    lightfm_features,
    lightfm_interactions,
)


class Epochs(Protocol):
    """The likes of each epoch."""

    def __len__(self) -> int:
        """Return the number of epochs."""

    def __iter__(self) -> Iterator[Likes]:
        """Return the likes of one epoch after the other."""


def fit_member(
    on_progress: OnShare,
    films: Catalogue,
    likes: Likes | Epochs,
    seed: int,
    parameters: Parameters,
) -> Factors:
    """Fit one member, in one thread: with more, the result would not be reproducible.

    Parameters
    ----------
    on_progress : callable
        Called with the share done.
    films : Catalogue
    likes : Likes or Epochs
        Those of each epoch may be other people's: a user has no factors but the liked films'.
    seed : int
    parameters : Parameters

    Returns
    -------
    Factors
    """
    from lightfm import LightFM

    n = len(films.movie_ids)
    features = lightfm_features(film_features(films))
    model = LightFM(
        no_components=parameters.components,
        loss="warp",
        learning_rate=parameters.learning_rate,
        item_alpha=parameters.regularisation,
        user_alpha=parameters.regularisation,
        random_state=seed,
    )
    epochs: Epochs = [likes] * parameters.epochs if isinstance(likes, Likes) else likes
    former: Likes | None = None
    for epoch, some in enumerate(epochs, 1):
        if some is not former:
            interactions = lightfm_interactions(some.people, some.films, (some.n_people, n))
            people = lightfm_features(history_features(some, n, parameters.most_likes))
            former = some
        model.fit_partial(interactions, user_features=people, item_features=features, num_threads=1)
        on_progress(epoch / len(epochs))
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


def side_by_side(members: Sequence[Factors]) -> Factors:
    """Concatenate the members' factors; the films' are scaled so that scores are averaged."""
    scale = 1 / len(members)

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
