"""Onboarding films: those whose answers reveal most about the taste of a new person.

The next film is the one whose answer has the largest expected information gain, given the answers
so far (`recsys.serving.onboarding_tastes`). Questions that adapt to answers: Golbandi, Koren and
Lempel 2011 (https://doi.org/10.1145/1935826.1935910).
"""

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from recsys.data import history as histories_of
from recsys.data.features import HALF_DECADE, NO_PERIOD, find_known
from recsys.data.history import Rows
from recsys.data.series import NO_SERIES
from recsys.models.model import Model
from recsys.serving.onboarding_tastes import Places, Tastes, how_well_known, with_a_genre

_QUESTIONS = 300
_ANSWERS = 20  # the newest of each kind

# At most n / 6 of n films, rounded up, are from one decade if there are others. With six or more
# films, one is from the newest decade.
_SPREAD = 6
_OF_NO_KIND = NO_SERIES  # also the decade of films without a year


def onboarding_films(
    model: Model,
    n: int,
    history: pd.DataFrame | Rows | None = None,
    *,
    exclude: Collection[int] = (),
    passed: Collection[int] = (),
    shown: Sequence[int] = (),
) -> list[int]:
    """Choose the films to ask a new person about, each as if those before it weren't liked.

    As long as there are others, no two films belong to one series, and none belongs to the series
    of a rated or excluded film. At most a sixth are from one decade, and as few as possible share
    their rarest genre. With six or more films, one is from the newest decade. Films that the
    training didn't know are never asked about.

    Parameters
    ----------
    model : Model
        Before the first training, films are similar if their genres are.
    n : int
        How many films.
    history : DataFrame or Rows, optional
        The answers so far, as for `Model.recommend`.
    exclude : collection of int
        Films not to ask about, such as those that are already recommended.
    passed : collection of int
        Films that were shown before and got no answer.
    shown : sequence of int
        Films that are currently shown. They keep their positions; new films take the positions of
        those that have been answered or excluded since.

    Returns
    -------
    list of int
        Film IDs; fewer than n only if there are no more films with a genre.
    """
    nothing = pd.DataFrame({"movie_id": [], "rating": [], "rated_at": []})
    opinions = histories_of.read(nothing if history is None else history, model.movie_ids)
    excluded, unanswered = find_known(exclude, model.movie_ids), find_known(passed, model.movie_ids)
    over = np.concatenate([opinions.rated, excluded, unanswered])
    on_show: list[int | None] = [
        None if film in over else int(film) for film in find_known(shown, model.movie_ids)[:n]
    ]
    kept = np.array([film for film in on_show if film is not None], np.int64)
    not_asked = np.concatenate([over, kept, model.new])
    questions = _questions(model, max(_QUESTIONS, 2 * n), without=not_asked)
    liked, disliked = opinions.liked[-_ANSWERS:], opinions.disliked[-_ANSWERS:]
    silent = np.concatenate([unanswered[-_ANSWERS:], kept])
    films = np.concatenate([questions, liked, disliked, silent])
    tastes = Tastes.of(model, np.unique(films))
    tastes.hear_liked(liked)
    tastes.hear_disliked(disliked)
    tastes.hear_nothing(silent)

    series = model.catalogue.series
    is_over = np.isin(series[questions], series[over]) & (series[questions] != NO_SERIES)
    decades = _decades(model)
    newest = decades[np.append(questions, kept)].max(initial=0)
    kinds = (
        (series, 1),
        (decades, np.ceil(n / _SPREAD)),
        (_rarest_genre(model), np.ceil(n / max(len(model.genres), 1))),
    )
    chosen = kept
    while len(chosen) < n and not np.isin(questions, chosen).all():
        gains = tastes.gains(questions) - is_over  # no gain is as large as 1
        for kind, most in kinds:
            so_far = (kind[questions][:, None] == kind[chosen]) & (kind[chosen] != _OF_NO_KIND)
            gains -= so_far.sum(axis=1) >= most
        if n >= _SPREAD and len(chosen) == n - 1 and newest not in decades[chosen]:
            gains[decades[questions] != newest] -= len(kinds) + 1
        gains[np.isin(questions, chosen)] = -np.inf
        best = questions[[gains.argmax()]]
        chosen = np.append(chosen, best)
        tastes.hear_nothing(best)

    rest = iter(chosen[len(kept) :].tolist())
    in_order = [next(rest, None) if film is None else film for film in on_show]
    return [int(model.movie_ids[film]) for film in (*in_order, *rest) if film is not None]


def _questions(model: Model, n: int, without: Places) -> Places:
    """Return the n best-known films that have a genre, the best-known first."""
    by_fame = with_a_genre(model, np.argsort(-how_well_known(model), kind="stable"))
    return by_fame[~np.isin(by_fame, without)][:n]


def _rarest_genre(model: Model) -> Places:
    """Return the rarest genre of each film, which has the largest genre weight."""
    if not model.genres:
        return np.zeros(len(model.movie_ids), np.int64)
    return np.asarray(model.film_genres.argmax(axis=1))


def _decades(model: Model) -> Places:
    """Return the decade of each film, `_OF_NO_KIND` for films without a year."""
    periods = np.append(np.array(model.catalogue.periods, np.int64), NO_PERIOD)
    return np.asarray(periods[model.catalogue.period] // (2 * HALF_DECADE))
