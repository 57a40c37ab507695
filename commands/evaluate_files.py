"""`python -m recsys evaluate --train FILE --test FILE`: a split from files, without a database."""

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from commands.evaluation_tables import (
    print_metrics,
    print_notes,
    shown_metrics,
)
from commands.terminal import WrongUseError, print_json, progress, stderr
from recsys.training.workers import workers

_USUAL_CUTS = (5, 20)


def evaluate_files(
    train: Path | None,
    test: Path | None,
    names: Sequence[str],
    seeds: Sequence[int],
    cuts: Sequence[int],
    scheduler: str | None,
    as_json: bool,
) -> None:
    """Evaluate the lists of contenders on a split from files, and print the metrics."""
    from recsys.evaluation.definitions import definitions
    from recsys.evaluation.interaction_files import SplitFileError
    from recsys.evaluation.run import evaluate_split
    from recsys.evaluation.split_files import read_split

    if train is None or test is None:
        raise WrongUseError("--train FILE and --test FILE need each other.")
    try:
        files = read_split(train, test)
    except SplitFileError as error:
        raise WrongUseError(str(error)) from error
    cuts = cuts or _USUAL_CUTS
    with workers(scheduler) as hands, progress(as_json) as report:
        found = evaluate_split(
            files.split,
            files.movies,
            contenders=names,
            seeds=seeds,
            cuts=cuts,
            progress=report,
            workers=hands,
        )
    for note in files.notes:
        stderr.print(note, markup=False, highlight=False, soft_wrap=True)
    shown = shown_metrics(found, cuts)
    if as_json:
        print_json([{**found.as_json(), "definitions": definitions(chain(*shown))}])
        return
    print_metrics(found, shown)
    print_notes([found], chain(*shown))
