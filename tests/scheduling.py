"""How tests are dealt out to the workers of pytest-xdist."""

from typing import Any

from xdist.scheduler import LoadFileScheduling

# The second half of the browser tests begins here; both take the same time.
SECOND_HALF = "tests/browser/test_li"

LONGEST = (
    "tests/browser, second half",
    "tests/browser, first half",
    "tests/faults/test_app_faults.py",
    "tests/faults/test_hosts.py",
    "tests/recsys/models/test_taste.py",
    "tests/faults/test_poolers.py",
    "tests/faults/test_wire.py",
    "tests/faults/test_embedded_faults.py",
    "tests/commands/test_main.py",
    "tests/recsys/models/test_quality.py",
    "tests/recsys/training/test_fit.py",
    "tests/api/test_schema.py",
)


class TwoBrowsers(LoadFileScheduling):  # type: ignore[misc]
    """A file's tests go to one worker, and browser tests to two: they share a running app.

    Files go by their number of tests, the most first; those whose few tests take long go before
    them, so that at the end no worker waits for another. `--dist loadgroup` would need a mark on
    each test, which then is part of its name.
    """

    def _split_scope(self, nodeid: str) -> str:
        """The tests that belong together."""
        if nodeid.startswith("tests/browser/"):
            return f"tests/browser, {'second' if nodeid >= SECOND_HALF else 'first'} half"
        return str(super()._split_scope(nodeid))

    def _assign_work_unit(self, node: Any) -> None:
        """Give a worker its next tests."""
        longest = next((each for each in LONGEST if each in self.workqueue), None)
        if longest is not None:
            self.workqueue.move_to_end(longest, last=False)
        super()._assign_work_unit(node)
