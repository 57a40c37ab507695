"""Running code in another Python process."""

import os
import sys
from pathlib import Path
from subprocess import run

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def run_elsewhere(script: str) -> str:
    """Run a script in another Python process that can import `frames`; return its output."""
    path = os.pathsep.join([str(ROOT), str(HERE)])
    environment = {**os.environ, "PYTHONPATH": path}
    done = run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout.strip()
