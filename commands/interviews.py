"""`python -m recsys interviews`: evaluation of the onboarding films compared with other rules."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from commands.terminal import WrongUseError, print_json, progress

_SHOWN = ("fits@5", "no fit@5", "fits@5 (2 stars)", "ips-ndcg@5", "answers", "likes")


def interviews_command(
    source: Annotated[
        str, typer.Option(help="`demo`, or a data set: a folder or a zip file.")
    ] = "demo",
    panel: Annotated[
        Path | None, typer.Option(help="A file with people to ask; by default the taste panel.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The seed of trainings and samples.")] = 42,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False,
) -> None:
    """Let fictitious and real people answer twelve questions, and evaluate their lists."""
    from recsys.data.taste_panel import PANEL, PanelError, read_panel
    from recsys.evaluation.interviews import evaluate_onboarding  # imports scipy
    from recsys.evaluation.sources import read

    try:
        people = read_panel(panel or PANEL)
    except PanelError as error:
        raise WrongUseError(str(error)) from error
    with progress(as_json) as report:
        found = evaluate_onboarding(*read(source), people, seed=seed, progress=report)
    if as_json:
        print_json({rule: asdict(each) for rule, each in found.items()})
        return
    table = Table("", *_SHOWN)
    for rule, each in found.items():
        means = [each.metrics.get(metric, {}).get("mean") for metric in _SHOWN]
        table.add_row(rule, *("-" if mean is None else f"{mean:.4f}" for mean in means))
    Console().print(table)
