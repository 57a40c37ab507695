"""Fit the model to likes, and measure how good it is.

The stages are fitted apart: LightFM (`recsys.models.lightfm`) and weights between films
(`recsys.models.item_item`); how they are blended is `recsys.models.blend`. How good a model of this
kind is, is measured with a trial model that some people are held out of
(`recsys.training.validation`). All of it is jobs that two processes share (`recsys.training.jobs`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pandas as pd

from i18n.language import Text
from recsys.data.dataset import Likes, check_movies, check_ratings
from recsys.data.dataset import likes as likes_of
from recsys.data.features import Catalogue, catalogue, genre_weights, quality
from recsys.data.parameters import Parameters
from recsys.models.baselines import Baselines
from recsys.models.blend import Blend, Validation
from recsys.models.factors import Factors, Floats, ItemItem
from recsys.models.item_item import DEFAULT, Choices, learn_item_item, learn_short_term
from recsys.models.lightfm import fit_member, side_by_side
from recsys.models.model import Model
from recsys.models.popularity import popular_model
from recsys.models.projection import draw_map, no_map
from recsys.training import jobs, validation
from recsys.training.baselines import learn_baselines
from recsys.training.jobs import Job, OnProgress
from recsys.training.spreads import measure_spreads

Progress = Callable[[float, str], None]

# Below this a second process costs more than it saves.
LIKES_WORTH_A_PROCESS = 20_000

# What the second process imports while the first one reads ratings.
LIBRARIES = ("lightfm", "recsys.training.fit")

# A trial has less of everything: it has to show how good a model of this kind is, which half the
# passes and half the films show as well.
_FILMS_OF_A_TRIAL = 1_500

# How many films have item-item weights where there is little memory.
FILMS_WITH_LITTLE_MEMORY = 1_000

# A quick model has all of the second stage, and this much of the first.
_QUICK_EPOCHS = 3


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
        are likes; the rest tells how well liked films are.
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
    return _fit(ratings, movies, seed, progress, Parameters(**params), with_peers=False)[0]


def fit_with_baselines(
    ratings: pd.DataFrame,
    movies: pd.DataFrame,
    *,
    seed: int = 42,
    progress: Progress | None = None,
    on_quick: Callable[[Model], None] | None = None,
    likes_of_films: Mapping[int, int] | None = None,
    former_places: pd.DataFrame | None = None,
    little_memory: bool = False,
    **params: Any,
) -> tuple[Model, Baselines | None]:
    """As `fit`, and the peers that analysts compare with, from the same likes.

    `on_quick` is given a first, quick model on the way: one member of a few epochs, no map, nobody
    held out. The model that is returned doesn't depend on it. `likes_of_films` says how many like
    each film where the ratings are some people's only. `former_places` (movie_id, x, y) are those
    of the last map, near which films stay. `little_memory` takes a third of it, for a model that is
    a little worse and has neither map nor peers; its parameters say so too.
    """
    return _fit(
        ratings,
        movies,
        seed,
        progress,
        Parameters(**params),
        with_peers=True,
        on_quick=on_quick,
        likes_of_films=likes_of_films,
        former_places=former_places,
        little_memory=little_memory,
    )


def _fit(
    ratings: pd.DataFrame,
    movies: pd.DataFrame,
    seed: int,
    progress: Progress | None,
    parameters: Parameters,
    *,
    with_peers: bool,
    on_quick: Callable[[Model], None] | None = None,
    likes_of_films: Mapping[int, int] | None = None,
    former_places: pd.DataFrame | None = None,
    little_memory: bool = False,
) -> tuple[Model, Baselines | None]:
    check_ratings(ratings)
    check_movies(movies)
    films = catalogue(movies)
    likes = likes_of(ratings, films.movie_ids)
    stars = quality(
        films.movie_ids, ratings["movie_id"].to_numpy(np.int64), ratings["rating"].to_numpy()
    )
    if not likes.n_people:
        nobody = pd.DataFrame({"movie_id": [], "likes": []})
        return popular_model(movies, nobody), Baselines.empty()
    if likes_of_films is not None:
        counts = [likes_of_films.get(film, 0) for film in films.movie_ids.tolist()]
        likes = replace(likes, counts=np.array(counts, np.int64))

    if little_memory:
        most_films = min(parameters.most_films, FILMS_WITH_LITTLE_MEMORY)
        parameters = replace(parameters, most_films=most_films)
    on_progress = progress or (lambda _share, _what: None)
    is_worth_it = len(likes.people) >= LIKES_WORTH_A_PROCESS and not little_memory
    second_process = is_worth_it and jobs.has_second_process()
    # What map and peers import alone is a third of what there is where there is little.
    all_jobs = _jobs(
        films,
        likes,
        seed,
        parameters,
        with_map=not little_memory,
        former=_in_order(former_places, films),
        with_peers=with_peers and not little_memory,
    )
    found: dict[str, Any] = {}
    begun = 0.0
    if on_quick is not None:
        begun = 0.2
        quick = replace(parameters, members=1, epochs=min(_QUICK_EPOCHS, parameters.epochs))
        first = [job for job in all_jobs if job.name in ("item-item", "soon")]
        all_jobs = [job for job in all_jobs if job not in first]
        found = jobs.done(
            [Job("quick member", 1, fit_member, (films, likes, seed, quick)), *first],
            {},
            lambda share: on_progress(begun * share, Text("learning a first, quick model")),
            second_process=second_process,
        )
        model = _model(
            films,
            likes,
            [found["quick member"]],
            found["item-item"],
            found["soon"],
            quick,
            stars,
        )
        on_quick(replace(model, parameters={**model.parameters, "quick": True}))
    found = jobs.done(
        all_jobs,
        found,
        lambda share: on_progress(begun + (0.95 - begun) * share, Text("learning")),
        second_process=second_process,
    )
    members = [found[f"member {member}"] for member in range(parameters.members)]
    on_progress(0.95, Text("putting the model together"))
    model = _model(films, likes, members, found["item-item"], found["soon"], parameters, stars)
    model = replace(model, map=found.get("map", model.map), validation=found.get("validation"))
    if little_memory:
        model = replace(model, parameters={**model.parameters, "little_memory": True})
    on_progress(1.0, Text("done"))
    return model, found.get("peers")


def _jobs(
    films: Catalogue,
    likes: Likes,
    seed: int,
    parameters: Parameters,
    *,
    with_map: bool,
    former: Floats | None,
    with_peers: bool,
) -> list[Job]:
    """What a training consists of; sizes are seconds on the demo set."""
    n = len(films.movie_ids)
    members = [
        Job(f"member {member}", 4, fit_member, (films, likes, seed + member, parameters))
        for member in range(parameters.members)
    ]
    names = tuple(member.name for member in members)
    held_out = validation.hold_out_people(likes, seed)
    trial = [Job("validation", 3, _validate, (films, held_out, parameters, seed))]
    choices = DEFAULT.of_films(parameters.most_films)
    return [
        *members,
        *(trial if held_out is not None else []),
        Job("item-item", 2, _learn_item_item, (likes, n, seed, choices)),
        *(
            [Job("map", 2, _draw_map, (films, likes, seed, former), depends_on=names)]
            if with_map
            else []
        ),
        *(
            [Job("peers", 1, _learn_baselines, (likes, films.movie_ids, seed))]
            if with_peers
            else []
        ),
        Job("soon", 1, _learn_soon, (likes, n, seed, choices)),
    ]


def _validate(
    on_progress: OnProgress,
    films: Catalogue,
    held_out: validation.HeldOut,
    parameters: Parameters,
    seed: int,
) -> Validation:
    """How good such a model is, by a trial that the people held out are not in."""
    trial = replace(parameters, epochs=max(parameters.epochs // 2, 1))
    likes, n = held_out.training, len(films.movie_ids)
    choices = DEFAULT.of_films(min(parameters.most_films, _FILMS_OF_A_TRIAL))
    member = fit_member(lambda share: on_progress(0.7 * share), films, likes, seed, trial)
    model = _model(
        films,
        likes,
        [member],
        learn_item_item(likes, n, seed, choices),
        learn_short_term(likes, n, seed, choices),
        parameters,
        np.zeros(n, np.float32),
    )
    return validation.validate(model.in_single_precision(), held_out)


def _learn_item_item(
    _on_progress: OnProgress, likes: Likes, n_films: int, seed: int, choices: Choices
) -> ItemItem:
    return learn_item_item(likes, n_films, seed, choices)


def _learn_soon(
    _on_progress: OnProgress, likes: Likes, n_films: int, seed: int, choices: Choices
) -> ItemItem:
    return learn_short_term(likes, n_films, seed, choices)


def _learn_baselines(
    _on_progress: OnProgress, likes: Likes, movie_ids: Any, seed: int
) -> Baselines:
    return learn_baselines(likes, movie_ids, seed)


def _in_order(places: pd.DataFrame | None, films: Catalogue) -> Floats | None:
    """The places of these films, NaN for those that have none."""
    if places is None:
        return None
    return places.set_index("movie_id").reindex(films.movie_ids)[["x", "y"]].to_numpy(np.float32)


def _draw_map(
    _on_progress: OnProgress,
    films: Catalogue,
    likes: Likes,
    seed: int,
    former: Floats | None,
    *members: Factors,
) -> Floats:
    nothing, unliked = ItemItem.empty(), np.zeros(len(films.movie_ids), np.float32)
    model = _unblended(films, likes, members, nothing, nothing, {}, unliked)
    return draw_map(model.film_factors, model.likes, seed, former)


def _model(
    films: Catalogue,
    likes: Likes,
    members: Sequence[Factors],
    item_item: ItemItem,
    short_term: ItemItem,
    parameters: Parameters,
    stars: Floats,
) -> Model:
    """All stages, blended."""
    model = _unblended(films, likes, members, item_item, short_term, asdict(parameters), stars)
    spreads = measure_spreads(model, likes)
    return replace(model, blend=Blend(parameters.shares, spreads, parameters.dislikes))


def _unblended(
    films: Catalogue,
    likes: Likes,
    members: Sequence[Factors],
    item_item: ItemItem,
    short_term: ItemItem,
    parameters: dict[str, Any],
    stars: Floats,
) -> Model:
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
