"""The command line, in a process of its own and in this one."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import config
from commands.main import main
from config import Settings
from tests.commands.running import Done, Run

ROOT = Path(__file__).parents[2]


@pytest.fixture
def environment(settings: Settings) -> dict[str, str]:
    return {
        "DATABASE_URL": settings.database_url or "",
        "REDIS_URL": settings.redis_url or "",
        "DATA_DIR": str(settings.data_dir),
        "DEMO_ACCOUNTS": "true",
        "COLUMNS": "200",
    }


@pytest.fixture
def run(environment: dict[str, str], tmp_path: Path) -> Run:
    """Runs `python -m recsys` on this test's database; settings by name."""

    def run_command(*arguments: str, **changes: str) -> Done:
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        done = subprocess.run(
            [sys.executable, "-m", "recsys", *arguments],
            cwd=tmp_path,  # where no .env is
            env={**kept, "PYTHONPATH": str(ROOT), **environment, **changes},
            capture_output=True,
            text=True,
            timeout=60,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    return run_command


@pytest.fixture
def run_here(
    environment: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Run]:
    """Does in this process what `run` does."""
    monkeypatch.chdir(tmp_path)

    def run_command(*arguments: str, **changes: str) -> Done:
        for name, value in {**environment, **changes}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["python -m recsys", *arguments])
        config.settings.cache_clear()
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        return Done(int(ended.value.code or 0), *capsys.readouterr())

    yield run_command
    config.settings.cache_clear()
