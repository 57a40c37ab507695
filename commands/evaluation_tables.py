"""Evaluations as tables and lists in a terminal."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from recsys.evaluation.summary import Evaluation

_METRICS = ("ndcg@5", "ips-ndcg@5", "recall@10", "coverage@5", "novelty@5", "disliked@5")
_OF_PANEL = ("fits@5", "no fit@5", "median likes@5", "coverage@5", "novelty@5", "variety@5")
_AT_EACH_CUT = ("ndcg", "recall", "capped recall", "ips-ndcg", "coverage", "novelty")


def shown_metrics(evaluation: "Evaluation", cuts: Sequence[int]) -> list[Sequence[str]]:
    """Return the metrics of each table: the usual ones, or a table for each of `cuts`."""
    if evaluation.panel:
        return [_OF_PANEL]
    return [[f"{name}@{k}" for name in _AT_EACH_CUT] for k in cuts] or [_METRICS]


def print_metrics(evaluation: "Evaluation", tables: Sequence[Sequence[str]]) -> None:
    """Print tables with a row for each contender and a column for each metric."""
    title: str | None = f"{evaluation.explanation}\n{evaluation.people:,} people"
    for shown in tables:
        headings = [metric.replace("@", "\n@") for metric in shown]
        table = Table("", *headings, title=title and escape(title))
        for name, metrics in evaluation.models.items():
            table.add_row(
                name, *(_cell(metric, metrics[metric], evaluation.people) for metric in shown)
            )
        Console().print(table)
        title = None


def print_notes(evaluations: "Sequence[Evaluation]", metrics: Iterable[str]) -> None:
    """Print what was chosen for the baselines, who is left out, and how metrics are defined."""
    _print_chosen(evaluations)
    _print_left_out(evaluations)
    _print_definitions(metrics)


def _print_chosen(evaluations: "Sequence[Evaluation]") -> None:
    """Print which parameters were chosen for the baselines; once for parts with one training."""
    from recsys.evaluation.chosen import in_words

    console = Console(highlight=False)
    before: dict[str, Any] = {}
    for each in evaluations:
        if each.chosen and each.chosen != before:
            console.print(f"\n{each.split}: chosen on a validation part of the training ratings")
            for name, choices in each.chosen.items():
                console.print(f"  {name}: {in_words(choices)}", markup=False, soft_wrap=True)
        before = each.chosen


def _print_left_out(evaluations: "Sequence[Evaluation]") -> None:
    """Print which contenders couldn't be trained, and why."""
    left_out = {name: why for each in evaluations for name, why in each.left_out.items()}
    for name, why in left_out.items():
        reason = why["text"].format(**why["values"])
        Console(highlight=False).print(
            f"Left out: {name} ({reason}).", markup=False, soft_wrap=True
        )


def _print_definitions(metrics: Iterable[str]) -> None:
    """Print what each metric is; other programs call other things by the same names."""
    from recsys.evaluation.definitions import WHO_COUNTS, definitions

    console = Console(highlight=False)
    for metric, what in definitions(metrics).items():
        console.print(f"{metric}: {what}.", markup=False, soft_wrap=True)
    console.print(WHO_COUNTS, markup=False, soft_wrap=True)


def print_panel(evaluation: "Evaluation") -> None:
    """Print the panel's favourites and their five films from each contender; + marks a fit."""
    console = Console(highlight=False)
    for person in evaluation.panel:
        console.print(f"\n[bold]{escape(person['name'])}[/] loves {_titles(person['likes'])}")
        for name, five in person["lists"].items():
            films = ["+ " * film["fits"] + film["title"] for film in five["films"]]
            console.print(f"  {name}, {five['fits@5']:.2f}: {_titles(films)}")


def _cell(metric: str, found: dict[str, float], people: int) -> str:
    mean, half = found["mean"], (found["high"] - found["low"]) / 2
    if mean != mean:
        return "–"
    if metric == "no fit@5":
        return f"{mean * people:.3g} of {people}"
    if metric.startswith("median likes"):
        return f"{mean:.0f}"
    return f"{mean:.4f}" + (f"\n± {half:.3f}" if half else "")


def _titles(titles: list[str]) -> str:
    return escape("; ".join(titles))
