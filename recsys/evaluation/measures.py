"""Metrics of lists: a row for each person, and means with confidence intervals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from db.scale import LIKE
from i18n.language import Text
from recsys.data import metrics
from recsys.data.features import catalogue
from recsys.evaluation.contenders import Training
from recsys.evaluation.splits import Case

CUTS = (5, 10)
LONGEST = max(CUTS)
FIVE = 5
RESAMPLES = 1_000
_AT_ONCE = 100

ACTIVITY = {
    Text("under 20 likes"): 0,
    Text("20 to 49"): 20,
    Text("50 to 99"): 50,
    Text("100 and more"): 100,
}
HEAD, MIDDLE = 100, 500

Doubles = NDArray[np.float64]

# Metrics that are a ratio of two sums over people; two columns have each person's terms.
_POOLED = {"disliked@5": ("disliked of 5", "rated of 5")}


@dataclass(frozen=True)
class Facts:
    """Statistics of the training data that metrics need.

    Attributes
    ----------
    shares : dict of int to float
        The share of people who have rated each film; films without ratings count as rated once.
    likes : dict of int to int
        How many people like each film.
    most_likes : int
        The largest of these numbers; 0 without likes.
    rank : dict of int to int
        Each liked film's rank by likes, from 1.
    genres : dict of int to bool array
        Each film's row of the catalogue's genre mask.
    genre_names : list of str
    """

    shares: Mapping[int, float]
    likes: Mapping[int, int]
    most_likes: int
    rank: Mapping[int, int]
    genres: Mapping[int, NDArray[np.bool_]]
    genre_names: list[str]


def facts(training: Training) -> Facts:
    """Compute the statistics of the training data."""
    films = catalogue(training.movies)
    people = training.ratings["user_id"].nunique()
    raters = training.ratings.groupby("movie_id")["user_id"].nunique().to_dict()
    counts = training.ratings[training.ratings["rating"] >= LIKE]["movie_id"].value_counts()
    likes = dict(zip(counts.index.tolist(), counts.tolist(), strict=True))
    in_order = sorted(likes, key=lambda film: (-likes[film], film))
    return Facts(
        shares={int(film): raters.get(int(film), 1) / people for film in films.movie_ids},
        likes=likes,
        most_likes=max(likes.values(), default=0),
        rank={film: place for place, film in enumerate(in_order, start=1)},
        genres={
            int(film): row for film, row in zip(films.movie_ids, films.genre_mask, strict=True)
        },
        genre_names=films.genres,
    )


def per_user_metrics(
    cases: Sequence[Case],
    lists: Sequence[Sequence[int]],
    known: Facts,
    cuts: Sequence[int] = CUTS,
) -> pd.DataFrame:
    """Return a row for each person: user_id, activity, genre, and every metric as `name@k`.

    `cuts` has the values of k, and the lists are as long as the largest or have all there is.
    `recall@10 of head` (the `HEAD` most liked films), `middle` (up to `MIDDLE`) and `tail` are
    missing for people without such relevant films. `rated of 5` counts the films among the first
    five with a held-out rating, and `disliked of 5` those rated 2.5 stars or less.
    """
    rows = []
    for case, listed in zip(cases, lists, strict=True):
        row: dict[str, object] = {"user_id": case.user_id, **_kind_of_person(case, known)}
        for k in cuts:
            row[f"ndcg@{k}"] = metrics.ndcg(listed, case.relevant, k)
            row[f"ips-ndcg@{k}"] = metrics.ips_ndcg(
                listed, case.relevant, known.likes, known.most_likes, k
            )
            row[f"recall@{k}"] = metrics.recall(listed, case.relevant, k)
            row[f"capped recall@{k}"] = metrics.capped_recall(listed, case.relevant, k)
            row[f"hit rate@{k}"] = float(metrics.hit(listed, case.relevant, k))
            row[f"precision@{k}"] = metrics.precision(listed, case.relevant, k)
            row[f"map@{k}"] = metrics.average_precision(listed, case.relevant, k)
            row |= _kind_of_list(listed, known, k)
        row["rated of 5"] = len(case.rated.intersection(listed[:FIVE]))
        row["disliked of 5"] = len(case.disliked.intersection(listed[:FIVE]))
        for part, films in _by_popularity(case.relevant, known).items():
            name = f"recall@{LONGEST} of {part}"
            row[name] = metrics.recall(listed, films, LONGEST) if films else np.nan
        rows.append(row)
    return pd.DataFrame(rows)


def per_user_panel_metrics(
    cases: Sequence[Case], lists: Sequence[Sequence[int]], known: Facts
) -> pd.DataFrame:
    """Return a row for each person of the panel: user_id, films, and metrics of their five.

    `fits@5` is the share of the five films that fit, `no fit@5` is 1 if none fits, and `films` has
    the five films.
    """
    rows = []
    for case, listed in zip(cases, lists, strict=True):
        fits = metrics.precision(listed, case.relevant, FIVE)
        rows.append(
            {
                "user_id": case.user_id,
                "films": list(listed[:FIVE]),
                "fits@5": fits,
                "no fit@5": float(fits == 0),
                **_kind_of_list(listed, known, FIVE),
            }
        )
    return pd.DataFrame(rows)


def of_all_lists(
    lists: Sequence[Sequence[int]], known: Facts, cuts: Sequence[int] = CUTS
) -> dict[str, float]:
    """Return metrics of all lists together: `coverage@k`, and `median likes@5`."""
    films = len(known.shares)
    return {
        **{f"coverage@{k}": metrics.coverage(lists, films, k) for k in cuts},
        f"median likes@{FIVE}": metrics.median_popularity(lists, known.likes, FIVE),
    }


def means(table: pd.DataFrame, seed: int = 0) -> dict[str, dict[str, float]]:
    """Return each metric's mean over people, and its 95 % bootstrap interval over people.

    Percentile bootstrap with `RESAMPLES` draws (Efron and Tibshirani 1993). A person with several
    rows (from several seeds) counts once, by their mean. `disliked@5` isn't a mean over people,
    because most have rated none of their five: it is all disliked films over all rated ones.
    """
    people = table.groupby("user_id").mean(numeric_only=True)
    parts = {column for pair in _POOLED.values() for column in pair}
    names = [str(name) for name in people if name not in parts]
    names += [name for name, pair in _POOLED.items() if people.columns.isin(pair).any()]
    points, draws = _resampled(people, names, seed)
    return {name: _with_interval(*each) for name, *each in zip(names, points, draws.T, strict=True)}


def differences(
    table: pd.DataFrame, other: pd.DataFrame, names: Sequence[str], seed: int = 0
) -> dict[str, dict[str, float]]:
    """Return how much larger each metric is than in `other`, over the same people."""
    mine, theirs = (each.groupby("user_id").mean(numeric_only=True) for each in (table, other))
    points, draws = _resampled(mine, names, seed)
    their_points, their_draws = _resampled(theirs.loc[mine.index], names, seed)
    ahead = zip(names, points - their_points, (draws - their_draws).T, strict=True)
    return {name: _with_interval(*each) for name, *each in ahead}


def _resampled(people: pd.DataFrame, names: Sequence[str], seed: int) -> tuple[Doubles, Doubles]:
    """Return metrics of these people (names,) and of each bootstrap draw (draws, names).

    A seed fixes the draws. They are made in blocks: all of them would be 8 GB for a million people.
    """
    n = len(people)
    above, below = (np.empty((n, len(names))) for _ in range(2))
    for column, name in enumerate(names):
        if name in _POOLED:
            above[:, column], below[:, column] = people[[*_POOLED[name]]].to_numpy(np.float64).T
        else:
            values = people[name].to_numpy(np.float64)
            above[:, column], below[:, column] = np.nan_to_num(values), ~np.isnan(values)
    numbers = np.random.default_rng(seed)
    blocks = []
    with np.errstate(invalid="ignore"):  # no one in a draw contributes to a metric
        for start in range(0, RESAMPLES, _AT_ONCE):
            size = min(_AT_ONCE, RESAMPLES - start)
            draws = numbers.multinomial(n, np.full(n, 1 / n), size=size).astype(np.float64)
            blocks.append((draws @ above) / (draws @ below))
        return above.sum(axis=0) / below.sum(axis=0), np.concatenate(blocks)


def _with_interval(point: float, draws: Doubles) -> dict[str, float]:
    if np.isnan(point):
        return {"mean": float(point), "low": float(point), "high": float(point)}
    low, high = np.nanpercentile(draws, [2.5, 97.5])
    return {"mean": float(point), "low": float(low), "high": float(high)}


def _kind_of_list(listed: Sequence[int], known: Facts, k: int) -> dict[str, float]:
    return {
        f"novelty@{k}": metrics.novelty(listed, known.shares, k),
        f"variety@{k}": metrics.variety(listed, known.genres, k),
        f"popularity@{k}": metrics.mean_popularity(listed, known.likes, k),
    }


def _kind_of_person(case: Case, known: Facts) -> dict[str, str]:
    liked = case.history[case.history["rating"] >= LIKE]["movie_id"]
    activity = [name for name, least in ACTIVITY.items() if len(liked) >= least][-1]
    counts = sum(
        (known.genres[film].astype(int) for film in liked if film in known.genres),
        start=np.zeros(len(known.genre_names), int),
    )
    genre = known.genre_names[int(counts.argmax())] if counts.any() else Text("none yet")
    return {"activity": activity, "genre": genre}


def _by_popularity(films: frozenset[int], known: Facts) -> dict[str, set[int]]:
    parts: dict[str, set[int]] = {"head": set(), "middle": set(), "tail": set()}
    for film in films:
        rank = known.rank.get(film, MIDDLE + 1)
        parts["head" if rank <= HEAD else "middle" if rank <= MIDDLE else "tail"].add(film)
    return parts
