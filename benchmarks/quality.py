"""Quality of the lists: popularity against the model, for known people and for newcomers.

    python -m benchmarks.quality --source demo
    python -m benchmarks.quality --source path/to/ml-latest-small --seeds 3

Known people: ratings sorted by time per person (ties by film number), the first 80 % for training,
the rest for test; relevant are test ratings of 4 and more; the whole catalogue is ranked, films
rated in training are excluded; averaged over people with something relevant.

Newcomers: 20 % of the people are left out of training, those with more than ten likes; the history
is their first n likes, relevant are all their later likes.

Figures are comparable with each other, not with those of another split.
"""

import argparse
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from db.loading.demo import open_demo
from db.loading.movielens import DataSet, open_release
from db.loading.report import Rejections
from recsys import fit
from recsys.dataset import LIKE, split_by_time
from recsys.metrics import coverage, hit, ndcg
from recsys.model import Model
from recsys.popular import popular_model

K = 5
FIRST_LIKES = (0, 1, 3, 5, 10)
NEWCOMERS_SHARE = 0.2


@dataclass(frozen=True)
class Quality:
    """Means over people, NDCG with its standard error, and the share of the catalogue listed."""

    ndcg: float
    error: float
    hit_rate: float
    coverage: float

    def __str__(self) -> str:
        return (
            f"NDCG@{K} {self.ndcg:.4f} ± {self.error:.4f}   hit rate@{K} {self.hit_rate:.3f}   "
            f"coverage@{K} {self.coverage:.4f}"
        )


def read(source: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Ratings and films of a data set, as `recsys.fit` takes them."""
    opened: AbstractContextManager[DataSet] = (
        nullcontext(open_demo()) if source == "demo" else open_release(Path(source))
    )
    with opened as data:
        films = data.films(Rejections())
        blocks = [
            block.of_listed(films.ids, films.untitled_ids, Rejections())
            for block in data.ratings(lambda _advance: None)
        ]
    movies = pd.DataFrame(
        [(number, f.title, f.year, list(f.genres)) for number, f in films.by_id.items()],
        columns=["movie_id", "title", "year", "genres"],
    ).astype({"year": "Int64"})
    ratings = pd.DataFrame(
        {
            "user_id": np.concatenate([block.users for block in blocks]),
            "movie_id": np.concatenate([block.films for block in blocks]),
            "rating": np.concatenate([block.ratings for block in blocks]),
            "rated_at": pd.to_datetime(
                np.concatenate([block.seconds for block in blocks]), unit="s", utc=True
            ),
        }
    )
    return ratings, movies


def popularity_model(ratings: pd.DataFrame, movies: pd.DataFrame) -> Model:
    """The list that is the same for everybody."""
    likes = ratings[ratings["rating"] >= LIKE]["movie_id"].value_counts()
    return popular_model(movies, pd.DataFrame({"movie_id": likes.index, "likes": likes.to_numpy()}))


def quality(
    model: Model, histories: Mapping[int, pd.DataFrame], relevant: Mapping[int, set[int]]
) -> Quality:
    """Ask the model for everybody who has something relevant."""
    lists = [
        [item.movie_id for item in model.recommend(histories[person], K)] for person in relevant
    ]
    gains = [ndcg(one, found, K) for one, found in zip(lists, relevant.values(), strict=True)]
    hits = [hit(one, found, K) for one, found in zip(lists, relevant.values(), strict=True)]
    return Quality(
        float(np.mean(gains)),
        float(np.std(gains) / np.sqrt(len(gains))),
        float(np.mean(hits)),
        coverage(lists, len(model.movie_ids), K),
    )


def known_people(
    ratings: pd.DataFrame, movies: pd.DataFrame, train: Callable[..., Model]
) -> dict[str, Quality]:
    """Both models on the later fifth of everybody's ratings."""
    earlier, later = split_by_time(ratings)
    histories = _by_person(earlier)
    relevant = _films_of(later[later["rating"] >= LIKE])
    relevant = {person: films for person, films in relevant.items() if person in histories}
    return {
        "popularity": quality(popularity_model(earlier, movies), histories, relevant),
        "model": quality(train(earlier, movies), histories, relevant),
    }


def newcomers(
    ratings: pd.DataFrame, movies: pd.DataFrame, train: Callable[..., Model], seed: int
) -> dict[int, dict[str, Quality]]:
    """Both models on people they were not trained on, with their first likes alone."""
    by_time = ratings.sort_values(["user_id", "rated_at", "movie_id"], kind="stable")
    likes = by_time[by_time["rating"] >= LIKE]
    counts = likes["user_id"].value_counts()
    everyone = np.sort(ratings["user_id"].unique())
    chosen = np.random.default_rng(seed).permutation(everyone)
    chosen = chosen[: int(len(everyone) * NEWCOMERS_SHARE)]
    out = [person for person in np.sort(chosen) if counts.get(person, 0) > max(FIRST_LIKES)]
    rest = ratings[~ratings["user_id"].isin(chosen)]
    models = {"popularity": popularity_model(rest, movies), "model": train(rest, movies)}
    own = likes[likes["user_id"].isin(out)]
    place = own.groupby("user_id").cumcount()
    found: dict[int, dict[str, Quality]] = {}
    for n in FIRST_LIKES:
        first = _by_person(own[place < n])
        histories = {person: first.get(person, own.iloc[:0]) for person in out}
        relevant = _films_of(own[place >= n])
        found[n] = {name: quality(model, histories, relevant) for name, model in models.items()}
    return found


def _by_person(ratings: pd.DataFrame) -> dict[int, pd.DataFrame]:
    return {int(str(person)): own for person, own in ratings.groupby("user_id")}


def _films_of(ratings: pd.DataFrame) -> dict[int, set[int]]:
    return {person: set(own["movie_id"]) for person, own in _by_person(ratings).items()}


def _parameters(texts: Sequence[str]) -> dict[str, Any]:
    pairs = [text.split("=", 1) for text in texts]
    return {
        name: float(value) if "." in value or "e" in value else int(value) for name, value in pairs
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--source", default="demo", help="`demo`, or a MovieLens folder or zip")
    parser.add_argument("--seeds", type=int, default=1, help="how many trainings to average")
    parser.add_argument("--only", choices=["known", "newcomers"])
    parser.add_argument("parameters", nargs="*", help="for fit, as components=16")
    options = parser.parse_args()
    parameters = _parameters(options.parameters)
    ratings, movies = read(options.source)
    print(f"{options.source}: {len(ratings):,} ratings, {len(movies):,} films, {parameters}")
    for seed in range(42, 42 + options.seeds):

        def train(ratings: pd.DataFrame, movies: pd.DataFrame, seed: int = seed) -> Model:
            began, worked = time.perf_counter(), time.process_time()
            model = fit(ratings, movies, seed=seed, **parameters)
            took = time.perf_counter() - began
            print(
                f"seed {seed}: fit in {took:.1f} s ({time.process_time() - worked:.1f} s of CPU "
                f"in this process), {model.shrinkage}, {len(model.to_bytes()) / 1e6:.1f} MB"
            )
            return model

        if options.only != "newcomers":
            for name, one in known_people(ratings, movies, train).items():
                print(f"  known people  {name:<10}  {one}")
        if options.only != "known":
            for n, each in newcomers(ratings, movies, train, seed).items():
                for name, one in each.items():
                    print(f"  newcomers n={n:<2}  {name:<10}  {one}")


if __name__ == "__main__":
    main()
