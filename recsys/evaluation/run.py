"""An evaluation: splits, contenders and seeds in, figures with their intervals out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import pandas as pd

from recsys import metrics
from recsys.evaluation import splits
from recsys.evaluation.contenders import OURS, POPULARITY, Train, Training, ours, popularity
from recsys.evaluation.measures import (
    ACTIVITY,
    CUTS,
    LONGEST,
    differences,
    facts,
    judge,
    means,
)
from recsys.evaluation.peers import PEERS
from recsys.evaluation.splits import Split

Progress = Callable[[float, str], None]
Interval = dict[str, float]

CONTENDERS: dict[str, Train] = {OURS: ours, POPULARITY: popularity, **PEERS}
SPLITS = ("known", "time", "random", "newcomers")

_WITHOUT_CHANCE = (POPULARITY, "Item-kNN", "EASE")
_SAME_FOR_EVERY_SEED = ("known", "time")
_COMPARED = ("ndcg@5", "ndcg@10", "recall@10", "hit rate@5")


@dataclass
class Evaluation:
    """One split's figures.

    Attributes
    ----------
    split, explanation : str
    seeds : list of int
    people : int
        Who was asked about.
    models : dict
        By contender and figure (`ndcg@5`, …, `coverage@10`): mean, low, high.
    ahead : dict
        By contender and figure: how much larger ours is, with the same people: mean, low, high.
    groups : dict
        By kind of group (activity, genre) and group: people, and NDCG@5 by contender.
    """

    split: str
    explanation: str
    seeds: list[int]
    people: int
    models: dict[str, dict[str, Interval]]
    ahead: dict[str, dict[str, Interval]] = field(default_factory=dict)
    groups: dict[str, dict[str, dict[str, object]]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """For a program or a database; what couldn't be measured is None."""
        return {name: _without_nan(each) for name, each in asdict(self).items()}


@dataclass
class _Judged:
    """Tables of figures of one contender and split, a table for each seed."""

    tables: list[pd.DataFrame] = field(default_factory=list)
    coverages: list[dict[str, float]] = field(default_factory=list)


def evaluate(
    ratings: pd.DataFrame,
    movies: pd.DataFrame,
    *,
    split_names: Sequence[str] = ("known", "newcomers"),
    contenders: Sequence[str] = tuple(CONTENDERS),
    seeds: Sequence[int] = (42,),
    progress: Progress = lambda _share, _what: None,
) -> list[Evaluation]:
    """Train every contender on every split with every seed, and judge its lists.

    What is kept back never reaches a contender: it is given the split's training ratings alone.
    The same data, names and seeds give the same figures.

    Parameters
    ----------
    ratings, movies : DataFrame
        As for `recsys.fit`.
    split_names : sequence of str
        Of `SPLITS`.
    contenders : sequence of str
        Of `CONTENDERS`.
    seeds : sequence of int
        Figures are means over them; contenders without chance run once where the split is the same.
    progress : callable
        Called with the share done and what is being done.

    Returns
    -------
    list of Evaluation
        One for each split; newcomers are one for each number of first likes.

    Raises
    ------
    ImportError
        When a peer's library isn't installed.
    """
    jobs = [(split, seed, name) for split in split_names for seed in seeds for name in contenders]
    judged: dict[str, dict[str, _Judged]] = {}
    described: dict[str, Split] = {}
    done = 0
    for split_name in split_names:
        for seed in seeds:
            parts = list(_splits(split_name, ratings, seed))
            training = Training(parts[0].training, movies, seed)
            known = facts(training)
            for name in contenders:
                progress(done / len(jobs), f"{split_name}, seed {seed}: {name}")
                done += 1
                is_repeated = seed != seeds[0] and split_name in _SAME_FOR_EVERY_SEED
                if is_repeated and name in _WITHOUT_CHANCE:
                    continue
                contender = CONTENDERS[name](training)
                for part in parts:
                    lists = contender.lists(part.cases, LONGEST)
                    found = judged.setdefault(part.name, {}).setdefault(name, _Judged())
                    found.tables.append(judge(part.cases, lists, known))
                    found.coverages.append(
                        {f"coverage@{k}": metrics.coverage(lists, len(movies), k) for k in CUTS}
                    )
                    described[part.name] = part
    progress(1.0, "done")
    return [_summed_up(described[name], by_model, list(seeds)) for name, by_model in judged.items()]


def _splits(name: str, ratings: pd.DataFrame, seed: int) -> Iterator[Split]:
    """All that share one training part."""
    if name == "known":
        yield splits.known(ratings)
    elif name == "time":
        yield splits.by_time(ratings)
    elif name == "random":
        yield splits.at_random(ratings, seed)
    elif name == "newcomers":
        yield from splits.newcomers(ratings, seed)
    else:
        raise ValueError(f"there is no split {name}: there are {', '.join(SPLITS)}")


def _summed_up(split: Split, judged: dict[str, _Judged], seeds: list[int]) -> Evaluation:
    tables = {name: pd.concat(found.tables) for name, found in judged.items()}
    models = {}
    for name, found in judged.items():
        covered = pd.DataFrame(found.coverages).mean()
        models[name] = {
            **means(tables[name]),
            **{
                str(cut): {"mean": float(share), "low": float(share), "high": float(share)}
                for cut, share in covered.items()
            },
        }
    first = next(iter(tables.values()))
    evaluation = Evaluation(
        split.name, split.explanation, seeds, int(first["user_id"].nunique()), models
    )
    if OURS in tables:
        evaluation.ahead = {
            name: differences(tables[OURS], table, _COMPARED)
            for name, table in tables.items()
            if name != OURS
        }
    evaluation.groups = {
        "activity": _groups(tables, "activity", list(ACTIVITY)),
        "genre": _groups(tables, "genre", sorted(first["genre"].unique())),
    }
    return evaluation


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
    """JSON has no number for what couldn't be measured."""
    if isinstance(value, dict):
        return {key: _without_nan(each) for key, each in value.items()}
    return None if isinstance(value, float) and value != value else value
