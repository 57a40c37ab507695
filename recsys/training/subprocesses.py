"""Commands of ours in a process of their own, beside the app."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from config import Settings

_ROOT = Path(__file__).parents[2]


def begin(settings: Settings, *arguments: str, stderr: int) -> "subprocess.Popen[str]":
    """Begin `python -m recsys …` on the app's database; what it prints is to be read.

    Where memory runs out, Linux ends it and what it starts rather than the app.

    Parameters
    ----------
    settings : Settings
    *arguments : str
    stderr : int
        As for `subprocess.Popen`.
    """
    places = {
        "DATABASE_URL": settings.database_url or "",
        "DATA_DIR": str(settings.data_dir.absolute()),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "recsys", *arguments],
        cwd=_ROOT,
        env=os.environ | places,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        start_new_session=True,  # Ctrl-C is for the app, which then ends it
    )
    with suppress(OSError):
        Path(f"/proc/{process.pid}/oom_score_adj").write_text("1000")
    return process
