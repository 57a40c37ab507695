"""How tests are dealt out to the workers of pytest-xdist."""

from bisect import bisect
from typing import Any

from xdist.scheduler import LoadFileScheduling

# Where the next quarter of the browser tests begins; all take about the same time.
QUARTERS = ("tests/browser/test_fe", "tests/browser/test_fo", "tests/browser/test_n")

LONGEST = (
    "tests/browser, quarter 1",
    "tests/faults/test_app_faults.py",
    "tests/recsys/training/test_workers.py",
    "tests/recsys/models/test_taste.py",
    "tests/browser, quarter 2",  # the first one has trained the model that they share
    "tests/browser, quarter 3",
    "tests/browser, quarter 4",
    "tests/faults/test_hosts.py",
    "tests/startup/test_application.py",
    "tests/faults/test_poolers.py",
    "tests/recsys/models/test_quality.py",
    "tests/faults/test_nginx.py",
    "tests/faults/test_replicas.py",
    "tests/faults/test_wire.py",
    "tests/faults/test_embedded_faults.py",
    "tests/commands/test_main.py",
    "tests/recsys/training/test_train_on_cluster.py",
    "tests/recsys/evaluation/test_background.py",
    "tests/recsys/training/test_jobs.py",
    "tests/faults/test_redis_faults.py",
    "tests/recsys/training/test_fit.py",
    "tests/api/test_schema.py",
    "tests/db/loading/test_netflix.py",
)


class BrowserQuarters(LoadFileScheduling):  # type: ignore[misc]
    """A file's tests go to one worker, and browser tests in quarters: they share a running app.

    Files go by their number of tests, the most first; those whose few tests take long go before
    them, so that at the end no worker waits for another. `--dist loadgroup` would need a mark on
    each test, which then is part of its name.
    """

    def _split_scope(self, nodeid: str) -> str:
        """The tests that belong together."""
        if nodeid.startswith("tests/browser/"):
            return f"tests/browser, quarter {bisect(QUARTERS, nodeid) + 1}"
        return str(super()._split_scope(nodeid))

    def _assign_work_unit(self, node: Any) -> None:
        """Give a worker its next tests."""
        longest = next((each for each in LONGEST if each in self.workqueue), None)
        if longest is not None:
            self.workqueue.move_to_end(longest, last=False)
        super()._assign_work_unit(node)
