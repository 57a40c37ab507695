"""Dask clusters of worker processes on this machine."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING
from unittest.mock import patch

if TYPE_CHECKING:
    from distributed import LocalCluster


@contextmanager
def local_cluster(n_workers: int, **environment: str) -> Iterator["LocalCluster"]:
    """Run a cluster; `environment` is added to that of its workers."""
    import dask  # a second to import, and few tests need it
    from distributed import LocalCluster

    # A new process imports its parent's main module, and Streamlit's AppTest leaves the app there.
    with (
        patch.dict(sys.modules, {"__main__": ModuleType("__main__")}),
        # Workers are copies of one process that has imported Dask. Its environment is older.
        dask.config.set({"distributed.worker.multiprocessing-method": "forkserver"}),
        LocalCluster(
            n_workers=n_workers,
            threads_per_worker=1,
            dashboard_address=None,
            host="127.0.0.1",
            env={**os.environ, **environment},
        ) as cluster,
    ):
        yield cluster
