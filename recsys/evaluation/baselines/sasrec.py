"""SASRec by RecTools, which needs PyTorch and Lightning."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from recsys.evaluation.baselines.scored import as_rectools, liked
from recsys.evaluation.contenders import Contender, Training, popularity
from recsys.evaluation.splits import Case


def sasrec(training: Training) -> Contender:
    """Train SASRec (Kang and McAuley 2018) by RecTools; needs PyTorch and Lightning."""
    from rectools.dataset import Dataset
    from rectools.models import SASRecModel
    from rectools.models.nn.transformers.sasrec import SASRecDataPreparator

    class Preparator(SASRecDataPreparator):  # type: ignore[misc]
        """RecTools' class with an array where pandas 3 no longer accepts a tuple."""

        item_extra_tokens = np.array(SASRecDataPreparator.item_extra_tokens, dtype=object)

    dataset = Dataset.construct(as_rectools(liked(training.ratings)))
    model = SASRecModel(
        n_factors=64,
        n_blocks=2,
        n_heads=2,
        session_max_len=50,
        epochs=20,
        lr=0.001,
        loss="softmax",
        dropout_rate=0.2,
        deterministic=True,
        data_preparator_type=Preparator,
        verbose=0,
    )
    model.fit(dataset)
    return _OfRecTools(model, dataset, popularity(training))


@dataclass(frozen=True)
class _OfRecTools:
    """A RecTools model that recommends to people it was trained on."""

    model: Any
    dataset: Any
    popular: Contender

    def lists(self, cases: Sequence[Case], k: int) -> list[list[int]]:
        people = set(self.dataset.user_id_map.external_ids)
        asked = [case.user_id for case in cases if case.user_id in people]
        most_rated = max((len(case.history) for case in cases), default=0)
        own: dict[int, list[int]] = {}
        if asked:
            table = self.model.recommend(
                asked,
                self.dataset,
                k=k + most_rated,
                filter_viewed=False,
                on_unsupported_targets="ignore",  # people with too few likes to learn an order
            )
            own = {
                int(str(person)): rows["item_id"].tolist()
                for person, rows in table.groupby("user_id", sort=False)
            }
        listed = []
        for case in cases:
            rated = set(case.history["movie_id"])
            films = [film for film in own.get(case.user_id, []) if film not in rated]
            listed.append(films[:k] or self.popular.lists([case], k)[0])
        return listed
