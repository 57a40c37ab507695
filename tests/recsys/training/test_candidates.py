"""Metrics of lists that are built from a few candidates, and those of the whole catalogue."""

import numpy as np
import pytest

from recsys.data import metrics
from recsys.data.history import liking
from recsys.models.model import Model
from recsys.models.profiles import profile_of
from recsys.training.candidates import Question, candidates_of
from recsys.training.spreads import alone


def test_metrics_are_those_of_the_lists(board: Model) -> None:
    """Two stages, weighed against each other and against popularity."""
    stages = [alone(board, "lightfm"), alone(board, "item_item")]
    likes = np.arange(24, 0, -1)
    questions = [
        Question(np.array([0, 2, 4]), np.array([6, 8, 9])),
        Question(np.array([1, 23]), np.array([5])),
    ]
    found = candidates_of(stages, questions, likes).metrics(np.array([0.6, 0.4]), discount=0.3)

    counts = dict(enumerate(likes.tolist()))
    popularity = np.log1p(likes) / np.log1p(likes).std()
    for person, question in enumerate(questions):
        scores = sum(
            weight * stage.scores(profile_of(liking(question.liked), stage.blend))
            for weight, stage in zip((0.6, 0.4), stages, strict=True)
        )
        scores = scores - 0.3 * popularity
        scores[question.liked] = -np.inf
        listed = np.argsort(-scores, kind="stable").tolist()
        relevant = question.relevant.tolist()
        assert found[:, person] == pytest.approx(
            [
                metrics.ndcg(listed, relevant, 5),
                metrics.ndcg(listed, relevant, 20),
                metrics.ips_ndcg(listed, relevant, counts, 24, 5),
            ]
        )
