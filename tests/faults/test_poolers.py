"""The whole app on PgBouncer with its default configuration, in both of its usual modes."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests.faults.conftest import Servers
from tests.faults.crowd import Crowd
from tests.pgbouncer import pgbouncer
from tests.serving import ROOT, Server

pytestmark = pytest.mark.faults


@pytest.mark.parametrize("mode", ["session", "transaction"])
def test_six_at_once_and_a_training_through_a_pooler(
    mode: str, servers: Servers, run: Callable[..., Server], tmp_path: Path
) -> None:
    with pgbouncer(make_url(servers.postgres.url), mode, tmp_path) as url:
        environment = servers.environment | {"DATABASE_URL": url.render_as_string()}
        app = run(**environment)
        with Crowd(app, size=6) as crowd:
            trained = subprocess.run(
                [sys.executable, "-m", "recsys", "train"],
                cwd=ROOT,
                env={"PATH": "/usr/bin:/bin", "DATA_DIR": str(tmp_path / "data")} | environment,
                capture_output=True,
                text=True,
                check=False,
            )
            crowd.wait_for_ratings(200)
        assert trained.returncode == 0, trained.stderr
        assert not crowd.refused
        assert not crowd.unanswered
        crowd.report(f"PgBouncer, {mode} pooling")
        told = (tmp_path / "pgbouncer.log").read_text()
        assert "unsupported startup parameter" not in told
        app.stop()
