"""Callbacks for the progress of tasks."""

import pytest

from monitoring.progress import ignore_progress, part


def test_part_covers_its_range_of_the_larger_task() -> None:
    shares: list[float] = []
    report = part(shares.append, 0.2, 0.6)
    for share in (0, 0.5, 1):
        report(share)
    assert shares == pytest.approx([0.2, 0.4, 0.6])


def test_part_of_a_part_passes_the_step_on() -> None:
    reported: list[tuple[float, str]] = []

    def report(share: float, what: str) -> None:
        reported.append((share, what))

    part(part(report, 0.5, 1), 0, 0.5)(1, "learning")
    assert reported == [(0.75, "learning")]


def test_progress_that_nobody_watches_goes_nowhere() -> None:
    ignore_progress(0.5)
    part(ignore_progress, 0, 0.5)(1, "learning")
