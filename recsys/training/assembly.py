"""Assembly of a model from its fitted stages, which `recsys.models.blend` combines."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from recsys.data.dataset import Likes
from recsys.data.features import Catalogue, genre_weights
from recsys.data.learned import Learned
from recsys.data.parameters import Parameters
from recsys.models.blend import Blend
from recsys.models.factors import Factors, Floats, ItemItem
from recsys.models.lightfm import side_by_side
from recsys.models.model import Model
from recsys.models.projection import no_map
from recsys.training.spreads import measure_spreads


def assemble(
    films: Catalogue,
    likes: Likes,
    members: Sequence[Factors],
    item_item: ItemItem,
    short_term: ItemItem,
    parameters: Parameters,
    learned: Learned,
    stars: Floats,
) -> Model:
    """Return the model with all stages blended, without map and validation.

    Parameters
    ----------
    films : Catalogue
    likes : Likes
    members : sequence of Factors
        The ensemble of LightFM.
    item_item : ItemItem
    short_term : ItemItem
    parameters : Parameters
    learned : Learned
    stars : float32 array (films,)
        How well liked each film is (`recsys.data.features.quality`).

    Returns
    -------
    Model
    """
    model = without_blend(films, likes, members, item_item, short_term, asdict(parameters), stars)
    spreads = measure_spreads(model, likes, learned.oldest)
    blend = Blend(learned.shares, spreads, learned.dislikes, learned.oldest, learned.discount)
    return replace(model, blend=blend)


def without_blend(
    films: Catalogue,
    likes: Likes,
    members: Sequence[Factors],
    item_item: ItemItem,
    short_term: ItemItem,
    parameters: dict[str, Any],
    stars: Floats,
) -> Model:
    """Return the model before its stages are blended; parameters as in `assemble`."""
    counts = likes.counts_of(len(films.movie_ids))
    return Model(
        films,
        side_by_side(members),
        counts,
        stars,
        genre_weights(films, counts),
        Blend.nothing(),
        parameters,
        item_item,
        short_term,
        no_map(len(films.movie_ids)),
    )
