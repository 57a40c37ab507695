"""What it gains to learn from everybody instead of a sample of people.

    python -m benchmarks.everybody SOURCE      # `demo` or a folder; --copies, --most, --seed

There is no data set here that has both many people and real tastes. So each person of a small one
is repeated: each copy keeps a random part of the person's earlier ratings, and some of these are
exchanged for other people's. One model learns from a random sample, as the product did before, the
others from all copies, in blocks. All are asked for the later ratings of the real people. All have
the default hyperparameters: the people that a trial holds out have copies in what it learns from.
"""

import argparse

import numpy as np
import pandas as pd

from db.scale import LIKE
from recsys.data.learned import Learned
from recsys.data.parameters import Parameters
from recsys.evaluation.contenders import OfModel, Training
from recsys.evaluation.measures import differences, facts, means, per_user_metrics
from recsys.evaluation.sources import read
from recsys.evaluation.splits import per_user_temporal
from recsys.models.model import Model
from recsys.training import blocks
from recsys.training.fit import fit_with_baselines

KEPT, EXCHANGED = 0.7, 0.2
FEWER_FILMS = 3_000
METRICS = ("ndcg@5", "ndcg@20", "ips-ndcg@5", "recall@20", "recall@10 of tail")


def repeated(ratings: pd.DataFrame, copies: int, seed: int) -> pd.DataFrame:
    """Return `copies` of each person, each with other ratings.

    Parameters
    ----------
    ratings : DataFrame
        user_id, movie_id, rating, rated_at.
    copies : int
    seed : int

    Returns
    -------
    DataFrame
        The same columns; each copy has `KEPT` of the person's ratings, of which `EXCHANGED` are
        drawn from those of all people.
    """
    numbers = np.random.default_rng(seed)
    found = []
    for copy in range(copies):
        some = ratings[numbers.random(len(ratings)) < KEPT].copy()
        where = np.flatnonzero(numbers.random(len(some)) < EXCHANGED)
        drawn = ratings.iloc[numbers.integers(0, len(ratings), len(where))]
        for name in ("movie_id", "rating"):
            column = some[name].to_numpy().copy()
            column[where] = drawn[name].to_numpy()
            some[name] = column
        some["user_id"] = some["user_id"] * copies + copy
        found.append(some.drop_duplicates(["user_id", "movie_id"]))
    return pd.concat(found, ignore_index=True)


def with_cap(ratings: pd.DataFrame, movies: pd.DataFrame, most: int, seed: int) -> Model:
    """Train on a random sample of people; the sums of films are over all people."""
    people = ratings["user_id"].unique()
    drawn = np.random.default_rng(seed).choice(people, most, replace=False)
    stars = ratings.groupby("movie_id")["rating"].agg(ratings="size", stars="sum")
    likes = ratings[ratings["rating"] >= LIKE].groupby("movie_id").size().rename("likes")
    sums = stars.join(likes).fillna({"likes": 0}).reset_index()
    some = ratings[ratings["user_id"].isin(drawn)]
    return fit_with_baselines(
        some, movies, seed=seed, film_sums=sums, kept=Learned(), most_films=FEWER_FILMS
    )[0]


def main() -> None:
    """Measure the models and print their metrics as Markdown."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.everybody", description=__doc__)
    parser.add_argument("source")
    parser.add_argument("--copies", type=int, default=20)
    parser.add_argument("--most", type=int, default=2_000, help="People in the sample.")
    parser.add_argument("--seed", type=int, default=42)
    chosen = parser.parse_args()
    ratings, movies = read(chosen.source)
    split = per_user_temporal(ratings)
    many = repeated(split.training, chosen.copies, chosen.seed)
    known = facts(Training(split.training, movies, chosen.seed))

    def measured(model: Model) -> pd.DataFrame:
        lists = OfModel(model).lists(split.cases, 20)
        return per_user_metrics(split.cases, lists, known, (5, 20))

    capped = measured(with_cap(many, movies, chosen.most, chosen.seed))
    blocks.MOST_PEOPLE, blocks.PEOPLE_A_BLOCK = chosen.most, chosen.most // 10
    people = many["user_id"].nunique()
    print(f"{chosen.most:,} of {people:,} people, {FEWER_FILMS:,} films:\n")
    for name, found in means(capped).items():
        if name in METRICS:
            print(f"- {name} {found['mean']:.4f}")
    for films in (FEWER_FILMS, Parameters().most_films):
        model, _ = fit_with_baselines(
            many, movies, seed=chosen.seed, kept=Learned(), most_films=films
        )
        everybody = measured(model)
        gained, of_all = differences(everybody, capped, METRICS), means(everybody)
        print(f"\nEverybody, {films:,} films, and the difference (95 %):\n")
        for name in METRICS:
            low, high = gained[name]["low"], gained[name]["high"]
            print(f"- {name} {of_all[name]['mean']:.4f}, {low:+.4f} to {high:+.4f}")


if __name__ == "__main__":
    main()
