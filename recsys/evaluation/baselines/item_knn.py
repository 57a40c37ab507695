"""Item-kNN by implicit: the films most similar to the liked ones, by who likes them."""

import warnings
from typing import Any

from scipy import sparse

from recsys.evaluation.baselines.scored import ByScores, likes_of_people
from recsys.evaluation.baselines.tuning import Grid, Tuned, tuned
from recsys.evaluation.contenders import Training

_NEIGHBOURS = (5, 10, 20, 50, 100, 200, 400, 800, 1_600)
_COSINES = Grid(
    {"similarity": ("cosine", "tf-idf"), "neighbours": _NEIGHBOURS},
    {"similarity": "tf-idf", "neighbours": 100},
)
_BM25 = Grid(
    {
        "similarity": ("BM25",),
        "neighbours": _NEIGHBOURS,
        "K1": (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 20, 100),
        "B": (0.0, 0.25, 0.5, 0.75, 1.0),
    },
    {"similarity": "BM25", "neighbours": 800, "K1": 0.1, "B": 0.5},
)


def item_knn(training: Training) -> Tuned:
    """Train item-kNN: the sum of a film's similarities to the liked films it is a neighbour of."""
    return tuned(training, _item_knn, _COSINES, _BM25)


def _item_knn(training: Training, similarity: str, neighbours: int, **of_bm25: float) -> ByScores:
    from implicit import nearest_neighbours as models

    kinds: dict[str, Any] = {
        "cosine": models.CosineRecommender,
        "tf-idf": models.TFIDFRecommender,
        "BM25": models.BM25Recommender,
    }
    movie_ids, people = likes_of_people(training)
    model = kinds[similarity](K=neighbours, **of_bm25)
    with warnings.catch_warnings():  # implicit passes itself the wrong type of matrix
        warnings.simplefilter("ignore")
        model.fit(sparse.csr_matrix(people), show_progress=False)
    found = sparse.csr_array(model.similarity)
    return ByScores(movie_ids, lambda likes, _people: (likes @ found).toarray())
