"""Lists beat popularity for real people; `python -m recsys evaluate` measures by how much."""

from recsys import fit
from recsys.data.metrics import coverage
from recsys.evaluation import splits
from recsys.evaluation.contenders import OfModel, Training, popularity
from recsys.evaluation.measures import facts, per_user_metrics
from recsys.evaluation.sources import read

# A small model to keep the test fast; the default one is better.
SMALL = {"members": 1, "components": 16, "epochs": 6}


def test_lists_beat_popularity_with_a_per_user_temporal_split() -> None:
    ratings, movies = read("demo")
    split = splits.per_user_temporal(ratings)
    training = Training(split.training, movies, seed=42)
    lists = {
        "popularity": popularity(training).lists(split.cases, 10),
        "ours": OfModel(fit(split.training, movies, **SMALL)).lists(split.cases, 10),  # type: ignore[arg-type]
    }
    known = facts(training)
    found = {
        name: per_user_metrics(split.cases, own, known)["ndcg@5"].mean()
        for name, own in lists.items()
    }
    assert 0.06 < found["popularity"] < 0.1
    assert found["ours"] > 1.4 * found["popularity"]
    assert coverage(lists["ours"], len(movies), 5) > 3 * coverage(
        lists["popularity"], len(movies), 5
    )
