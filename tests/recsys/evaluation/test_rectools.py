"""Metrics and the popularity baseline equal those of RecTools."""

import numpy as np
import pandas as pd
import pytest

from recsys.evaluation.contenders import Training, popularity
from recsys.evaluation.measures import CUTS, facts, per_user_metrics
from recsys.evaluation.splits import Case
from tests.recsys.frames import likes, movies, ratings

rectools = pytest.importorskip("rectools", reason="requirements-peers.txt is not installed")

from rectools import metrics as theirs  # noqa: E402

GENRES = ["Action", "Comedy", "Drama"]


@pytest.fixture(scope="module")
def drawn() -> tuple[Training, list[Case], list[list[int]]]:
    numbers = np.random.default_rng(5)
    films = movies(
        {film: (1990, [g for g in GENRES if numbers.random() < 0.5]) for film in range(1, 31)}
    )
    rows = [
        (person, int(film), float(numbers.choice([2.0, 4.5])), int(film))
        for person in range(1, 21)
        for film in numbers.choice(np.arange(1, 29), 8, replace=False)
    ]
    cases, lists = [], []
    for person in range(1, 21):
        order = numbers.permutation(np.arange(1, 31)).tolist()
        relevant = frozenset(numbers.permutation(np.arange(1, 31))[: person % 12 + 1].tolist())
        cases.append(Case(person, likes(), relevant))
        lists.append(order[:10])
    return Training(ratings(*rows), films, seed=1), cases, lists


def test_metrics_equal_those_of_rectools(
    drawn: tuple[Training, list[Case], list[list[int]]],
) -> None:
    training, cases, lists = drawn
    listed = pd.DataFrame(
        [
            (case.user_id, film, rank)
            for case, films in zip(cases, lists, strict=True)
            for rank, film in enumerate(films, start=1)
        ],
        columns=["user_id", "item_id", "rank"],
    )
    relevant = pd.DataFrame(
        [(case.user_id, film, 1.0) for case in cases for film in sorted(case.relevant)],
        columns=["user_id", "item_id", "weight"],
    )
    before = training.ratings.rename(columns={"movie_id": "item_id"}).assign(weight=1.0)
    liked = before[before["rating"] >= 4]
    mask = pd.DataFrame(
        [[genre in film for genre in GENRES] for film in training.movies["genres"]],
        index=training.movies["movie_id"],
    ).astype(int)
    measured = per_user_metrics(cases, lists, facts(training)).set_index("user_id")
    for k in CUTS:
        pairs = {
            f"ndcg@{k}": theirs.NDCG(k, divide_by_achievable=True).calc_per_user(listed, relevant),
            f"recall@{k}": theirs.Recall(k).calc_per_user(listed, relevant),
            f"precision@{k}": theirs.Precision(k).calc_per_user(listed, relevant),
            f"hit rate@{k}": theirs.HitRate(k).calc_per_user(listed, relevant),
            f"map@{k}": theirs.MAP(k).calc_per_user(listed, relevant),
            f"novelty@{k}": theirs.MeanInvUserFreq(k).calc_per_user(listed, before),
            f"popularity@{k}": theirs.AvgRecPopularity(k).calc_per_user(listed, liked),
            f"variety@{k}": theirs.IntraListDiversity(
                k, theirs.PairwiseHammingDistanceCalculator(mask)
            ).calc_per_user(listed),
        }
        for name, expected in pairs.items():
            assert measured[name].to_numpy() == pytest.approx(expected.to_numpy()), name


def test_popularity_equals_that_of_rectools(
    drawn: tuple[Training, list[Case], list[list[int]]],
) -> None:
    from rectools.dataset import Dataset
    from rectools.models import PopularModel

    training, cases, _ = drawn
    liked = training.ratings[training.ratings["rating"] >= 4]
    dataset = Dataset.construct(
        liked.rename(columns={"movie_id": "item_id", "rated_at": "datetime"}).assign(weight=1.0)
    )
    model = PopularModel(popularity="n_users").fit(dataset)
    table = model.recommend([liked["user_id"].iloc[0]], dataset, k=5, filter_viewed=False)
    (ours,) = popularity(training).lists(cases[:1], 5)
    counts = liked["movie_id"].value_counts()
    assert counts[ours].tolist() == counts[table["item_id"]].tolist(), "except for ties"
