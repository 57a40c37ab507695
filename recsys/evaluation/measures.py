"""Judging lists: a row of figures for each person, and means of them with their uncertainty."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from language import Text
from recsys import metrics
from recsys.dataset import LIKE
from recsys.evaluation.contenders import Training
from recsys.evaluation.splits import Case
from recsys.features import catalogue

CUTS = (5, 10)
LONGEST = max(CUTS)
RESAMPLES = 1_000

ACTIVITY = {
    Text("under 20 likes"): 0,
    Text("20 to 49"): 20,
    Text("50 to 99"): 50,
    Text("100 and more"): 100,
}
HEAD, MIDDLE = 100, 500


@dataclass(frozen=True)
class Facts:
    """What figures need to know of the training data.

    Attributes
    ----------
    shares : dict of int to float
        For each film the share of people who have rated it; of none as if one had.
    likes : dict of int to int
        How many people like each film.
    rank : dict of int to int
        Each liked film's place by likes, from 1.
    genres : dict of int to bool array
        Each film's row of the catalogue's genre mask.
    genre_names : list of str
    """

    shares: Mapping[int, float]
    likes: Mapping[int, int]
    rank: Mapping[int, int]
    genres: Mapping[int, NDArray[np.bool_]]
    genre_names: list[str]


def facts(training: Training) -> Facts:
    """Count the training data."""
    films = catalogue(training.movies)
    people = training.ratings["user_id"].nunique()
    raters = training.ratings.groupby("movie_id")["user_id"].nunique().to_dict()
    counts = training.ratings[training.ratings["rating"] >= LIKE]["movie_id"].value_counts()
    likes = dict(zip(counts.index.tolist(), counts.tolist(), strict=True))
    in_order = sorted(likes, key=lambda film: (-likes[film], film))
    return Facts(
        shares={int(film): raters.get(int(film), 1) / people for film in films.movie_ids},
        likes=likes,
        rank={film: place for place, film in enumerate(in_order, start=1)},
        genres={
            int(film): row for film, row in zip(films.movie_ids, films.genre_mask, strict=True)
        },
        genre_names=films.genres,
    )


def judge(cases: Sequence[Case], lists: Sequence[Sequence[int]], known: Facts) -> pd.DataFrame:
    """One row for each person: user_id, activity, genre, and every figure as `name@k`.

    `recall@10 of head` (of the `HEAD` best liked films), `middle` (up to `MIDDLE`) and `tail` are
    missing for people who have no such film to be found.
    """
    rows = []
    for case, listed in zip(cases, lists, strict=True):
        row: dict[str, object] = {"user_id": case.user_id, **_kind_of_person(case, known)}
        for k in CUTS:
            row[f"ndcg@{k}"] = metrics.ndcg(listed, case.relevant, k)
            row[f"recall@{k}"] = metrics.recall(listed, case.relevant, k)
            row[f"hit rate@{k}"] = float(metrics.hit(listed, case.relevant, k))
            row[f"precision@{k}"] = metrics.precision(listed, case.relevant, k)
            row[f"map@{k}"] = metrics.average_precision(listed, case.relevant, k)
            row[f"novelty@{k}"] = metrics.novelty(listed, known.shares, k)
            row[f"variety@{k}"] = metrics.variety(listed, known.genres, k)
            row[f"popularity@{k}"] = metrics.mean_popularity(listed, known.likes, k)
        for part, films in _by_popularity(case.relevant, known).items():
            name = f"recall@{LONGEST} of {part}"
            row[name] = metrics.recall(listed, films, LONGEST) if films else np.nan
        rows.append(row)
    return pd.DataFrame(rows)


def means(table: pd.DataFrame, seed: int = 0) -> dict[str, dict[str, float]]:
    """Each figure's mean over people, and the 95 % interval of the bootstrap over people.

    Percentile bootstrap with `RESAMPLES` draws (Efron and Tibshirani 1993). A person with several
    rows (of several seeds) counts once, by their mean.
    """
    people = table.groupby("user_id").mean(numeric_only=True)
    return {
        str(name): _interval(column.dropna().to_numpy(np.float64), seed)
        for name, column in people.items()
    }


def differences(
    table: pd.DataFrame, other: pd.DataFrame, names: Sequence[str], seed: int = 0
) -> dict[str, dict[str, float]]:
    """How much larger each figure is than in `other`, over the same people, with intervals."""
    mine = table.groupby("user_id")[list(names)].mean()
    theirs = other.groupby("user_id")[list(names)].mean()
    return {
        name: _interval((mine[name] - theirs[name]).dropna().to_numpy(np.float64), seed)
        for name in names
    }


def _interval(values: NDArray[np.float64], seed: int) -> dict[str, float]:
    if not len(values):
        return {"mean": float("nan"), "low": float("nan"), "high": float("nan")}
    rng = np.random.default_rng(seed)
    draws = rng.multinomial(len(values), np.full(len(values), 1 / len(values)), size=RESAMPLES)
    low, high = np.percentile(draws @ values / len(values), [2.5, 97.5])
    return {"mean": float(values.mean()), "low": float(low), "high": float(high)}


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
