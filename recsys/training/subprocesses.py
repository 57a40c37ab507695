"""Commands of Five Films in subprocesses of the app."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from config import Settings

_ROOT = Path(__file__).parents[2]


def begin(settings: Settings, *arguments: str, stderr: int) -> "subprocess.Popen[str]":
    """Start `python -m recsys …` on the app's database; the caller must read its output.

    If memory runs out, Linux kills it and its children rather than the app.

    Parameters
    ----------
    settings : Settings
    *arguments : str
    stderr : int
        As for `subprocess.Popen`.

    Returns
    -------
    subprocess.Popen
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
        start_new_session=True,  # Ctrl-C goes to the app, which then stops it
    )
    with suppress(OSError):
        Path(f"/proc/{process.pid}/oom_score_adj").write_text("1000")
    return process
