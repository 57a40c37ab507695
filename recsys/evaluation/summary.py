"""The metrics of one split, put together from the results of all contenders and seeds."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import pandas as pd

from i18n.language import Text
from recsys.evaluation.baselines.tuning import Options
from recsys.evaluation.contenders import OURS
from recsys.evaluation.measures import ACTIVITY, differences, means
from recsys.evaluation.panel import Seat
from recsys.evaluation.panel_lists import panel_lists

Interval = dict[str, float]

PANEL = "panel"
"""The split with the people of the taste panel."""

_COMPARED = ("ndcg@5", "ndcg@10", "ips-ndcg@5", "recall@10", "hit rate@5", "disliked@5")


@dataclass
class Evaluation:
    """The metrics of one split.

    Attributes
    ----------
    split, explanation : str
    seeds : list of int
    people : int
        How many people the metrics are computed for.
    models : dict
        By contender and metric (`ndcg@5`, …, `coverage@10`): mean, low, high. Low and high equal
        the mean if the metric isn't a mean over people.
    ahead : dict
        By contender and metric: how much larger that of Five Films is, with the same people: mean,
        low, high.
    groups : dict
        By kind of group (activity, genre) and group: people, and NDCG@5 by contender.
    panel : list of dict
        For the split `panel`: the lists of each person (`panel_lists`).
    is_small : bool
        Whether it used a sample of people and few contenders.
    chosen : dict
        By contender whose parameters were chosen on a validation part: the options by parameter,
        for each seed that it was trained with.
    left_out : dict
        By contender that couldn't be trained: why, as `text` with placeholders and their `values`.
    """

    split: str
    explanation: str
    seeds: list[int]
    people: int
    models: dict[str, dict[str, Interval]]
    ahead: dict[str, dict[str, Interval]] = field(default_factory=dict)
    groups: dict[str, dict[str, dict[str, object]]] = field(default_factory=dict)
    panel: list[dict[str, Any]] = field(default_factory=list)
    is_small: bool = False
    chosen: dict[str, list[Options]] = field(default_factory=dict)
    left_out: dict[str, dict[str, Any]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the evaluation as JSON values; metrics that couldn't be computed are None."""
        return dict(_without_nan(asdict(self)))


@dataclass(frozen=True)
class Result:
    """The result of a contender on a part: metrics for each case, and of all lists.

    `left_out` says why there are none.
    """

    part: str
    explanation: str
    people: int
    contender: str
    table: pd.DataFrame = field(default_factory=pd.DataFrame)
    of_all: dict[str, float] = field(default_factory=dict)
    chosen: Options = field(default_factory=dict)
    left_out: Text | None = None


def summed_up(
    found: Sequence[Result],
    seeds: Sequence[int],
    cuts: Sequence[int],
    seated: Sequence[Seat],
    movies: pd.DataFrame,
) -> Evaluation:
    """Compute the metrics of one part."""
    part = found[0]
    evaluation = Evaluation(part.part, part.explanation, list(seeds), part.people, {})
    tables = {}
    for name in dict.fromkeys(each.contender for each in found):
        own = [each for each in found if each.contender == name]
        if (why := own[0].left_out) is not None:
            evaluation.left_out[name] = {"text": why.template, "values": why.values}
            continue
        if own[0].chosen:
            evaluation.chosen[name] = [each.chosen for each in own]
        tables[name] = pd.concat(each.table for each in own)
        of_all = pd.DataFrame(each.of_all for each in own).mean()
        evaluation.models[name] = {
            **means(tables[name]),
            **{
                str(metric): {"mean": float(value), "low": float(value), "high": float(value)}
                for metric, value in of_all.items()
            },
        }
    if tables:  # of all seeds, which may have different people
        evaluation.people = int(next(iter(tables.values()))["user_id"].nunique())
    is_panel = evaluation.split == PANEL
    if OURS in tables:
        compared = ["fits@5"] if is_panel else _compared(cuts)
        evaluation.ahead = {
            name: differences(tables[OURS], table, compared)
            for name, table in tables.items()
            if name != OURS
        }
    if is_panel:
        evaluation.panel = panel_lists(seated, tables, movies)
    elif tables:
        genres = next(iter(tables.values()))["genre"]
        evaluation.groups = {
            "activity": _groups(tables, "activity", list(ACTIVITY)),
            "genre": _groups(tables, "genre", sorted(genres.unique())),
        }
    return evaluation


def _compared(cuts: Sequence[int]) -> list[str]:
    others = [f"{name}@{k}" for k in cuts for name in ("ndcg", "recall")]
    return [*_COMPARED, *(name for name in others if name not in _COMPARED)]


def _groups(
    tables: dict[str, pd.DataFrame], column: str, names: list[str]
) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for group in names:
        own = {name: table[table[column] == group] for name, table in tables.items()}
        people = int(next(iter(own.values()))["user_id"].nunique())
        if people:
            found[group] = {
                "people": people,
                "ndcg@5": {
                    name: means(table[["user_id", "ndcg@5"]])["ndcg@5"]
                    for name, table in own.items()
                },
            }
    return found


def _without_nan(value: Any) -> Any:
    """Replace NaN by None, because JSON has no NaN."""
    if isinstance(value, dict):
        return {key: _without_nan(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_without_nan(each) for each in value]
    return None if isinstance(value, float) and value != value else value
