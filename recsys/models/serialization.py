"""Serialization of models: the names of their arrays and facts in an artefact."""

from dataclasses import asdict, fields
from typing import Any

from recsys.data.features import Catalogue
from recsys.models import artefact
from recsys.models.blend import KNOTS, STAGES, Blend, Validation
from recsys.models.factors import Factors, ItemItem
from recsys.models.weights import Weights

_OF_BLEND = ("dislikes", "oldest", "discount")


def to_bytes(model: Weights) -> bytes:
    """Return the artefact: the same bytes for the same model."""
    facts = {
        "genres": model.genres,
        "periods": model.catalogue.periods,
        "blend": asdict(model.blend),
        "parameters": model.parameters,
        "validation": None if model.validation is None else asdict(model.validation),
    }
    return artefact.pack(_arrays(model), facts)


def fields_of(data: bytes) -> dict[str, Any]:
    """Read the fields of a model from an artefact.

    Parameters
    ----------
    data : bytes
        Written by `to_bytes`.

    Returns
    -------
    dict of str to object
        The arguments of `recsys.models.weights.Weights`.

    Raises
    ------
    recsys.models.artefact.ArtefactError
        If the bytes are damaged, have another format, or lack a field.
    """
    arrays, facts = artefact.unpack(data)
    try:
        validation = facts["validation"]
        return {
            "catalogue": Catalogue(
                arrays["movie_ids"],
                facts["genres"],
                arrays["genre_mask"],
                facts["periods"],
                arrays["period"],
                arrays["series"],
            ),
            "factors": Factors(
                **{each.name: arrays[f"factors_{each.name}"] for each in fields(Factors)}
            ),
            "likes": arrays["likes"],
            "quality": arrays["quality"],
            "genre_weights": arrays["genre_weights"],
            "blend": Blend(
                tuple(facts["blend"]["shares"]),
                tuple(map(tuple, facts["blend"]["spreads"])),
                # Artefacts of 0.2 lack the last two, which were the defaults.
                **{name: each for name, each in facts["blend"].items() if name in _OF_BLEND},
            ),
            "parameters": facts["parameters"],
            "item_item": ItemItem(arrays["item_item_films"], arrays["item_item_weights"]),
            "short_term": ItemItem(arrays["soon_films"], arrays["soon_weights"]),
            "map": arrays["map"],
            "validation": None if validation is None else Validation(**validation),
        }
    except (KeyError, TypeError) as error:
        raise artefact.ArtefactError(f"the artefact lacks a field: {error}") from error


def check(model: Weights) -> None:
    """Raise `recsys.models.artefact.ArtefactError` if the shapes of arrays are inconsistent."""
    films, genres = len(model.movie_ids), len(model.genres)
    periods, factors = len(model.catalogue.periods), model.factors.item.shape[-1]
    of_items, of_short_term = len(model.item_item.films), len(model.short_term.films)
    shapes = {
        "genre_mask": (films, genres),
        "period": (films,),
        "series": (films,),
        "likes": (films,),
        "quality": (films,),
        "genre_weights": (genres,),
        "factors_item": (films, factors),
        "factors_item_bias": (films,),
        "factors_genre": (genres, factors),
        "factors_genre_bias": (genres,),
        "factors_period": (periods, factors),
        "factors_period_bias": (periods,),
        "factors_history": (films, factors),
        "item_item_weights": (of_items, of_items),
        "soon_weights": (of_short_term, of_short_term),
        "map": (films, 2),
    }
    artefact.check_shapes(_arrays(model), shapes)
    blend = model.blend
    if [len(blend.shares), *map(len, blend.spreads)] != [len(STAGES)] + [len(KNOTS)] * len(STAGES):
        raise artefact.ArtefactError("the artefact's blend has different stages from this version")


def _arrays(model: Weights) -> artefact.Arrays:
    return {
        "movie_ids": model.movie_ids,
        "genre_mask": model.catalogue.genre_mask,
        "period": model.catalogue.period,
        "series": model.catalogue.series,
        "likes": model.likes,
        "quality": model.quality,
        "genre_weights": model.genre_weights,
        **{f"factors_{name}": array for name, array in vars(model.factors).items()},
        "item_item_films": model.item_item.films,
        "item_item_weights": model.item_item.weights,
        "soon_films": model.short_term.films,
        "soon_weights": model.short_term.weights,
        "map": model.map,
    }
