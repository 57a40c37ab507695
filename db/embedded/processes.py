"""Starting, finding and ending the server processes of a folder."""

import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from tenacity import Retrying, retry_if_result, stop_after_delay, wait_exponential

from db.embedded.errors import EmbeddedServerError


@dataclass(frozen=True)
class Account:
    """The user that a server runs as when root starts it."""

    uid: int
    gid: int


def account_for(folder: Path) -> Account | None:
    """Return the user that runs the server of a data folder.

    For root it is the folder's owner, or the user nobody if there is no folder yet: PostgreSQL
    refuses to run as root.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    Account or None
        None: this process's own user.

    Raises
    ------
    EmbeddedServerError
        If root owns the data, or there is no user nobody.
    """
    if os.geteuid() != 0:
        return None
    if folder.exists():
        owner = folder.stat()
        if owner.st_uid == 0:
            raise EmbeddedServerError(
                f"The data in {folder} belongs to root, but the server runs as another user. "
                f"Change its owner: chown -R nobody '{folder}'"
            )
        return Account(owner.st_uid, owner.st_gid)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError as error:
        raise EmbeddedServerError(
            "This system has no user nobody, as which root would start the servers. "
            "Start the app as an ordinary user."
        ) from error
    return Account(nobody.pw_uid, nobody.pw_gid)


def start(
    command: Sequence[str | Path],
    *,
    folder: Path,
    account: Account | None,
    output: int,
    stdin: int = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """Start a program in `folder`, detached from this app's terminal, files and environment.

    The folder is entered before the user changes, so that user needn't have access to its parents.
    """
    return subprocess.Popen(
        command,
        cwd=folder,
        stdin=stdin,
        stdout=output,
        stderr=subprocess.STDOUT,
        env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
        start_new_session=True,
        umask=0o077,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def find(program: str, place: os.stat_result) -> list[psutil.Process]:
    """Return the running processes of a program whose working directory is `place`.

    A PID in a file may belong to another process by now, and a path means another folder in
    another container; the program and its working directory are unambiguous.
    """
    return [
        process
        for pid in psutil.pids()
        if _runs_in(pid, place) and (process := _named(pid, program)) is not None
    ]


def end(processes: Sequence[psutil.Process], steps: Sequence[tuple[signal.Signals, float]]) -> bool:
    """Send each signal in turn and wait its seconds; return whether all processes have ended."""
    for number, seconds in steps:
        for process in filter(is_alive, processes):
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)
        if wait_until(lambda: not any(map(is_alive, processes)), seconds):
            return True
    return not any(map(is_alive, processes))


def is_alive(process: psutil.Process) -> bool:
    """Return whether a process runs; a zombie, which waits for its parent, doesn't."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Poll `condition` for at most `seconds` and return its last result."""
    waiting = Retrying(
        retry=retry_if_result(lambda answer: not answer),
        stop=stop_after_delay(seconds),
        wait=wait_exponential(multiplier=0.004, max=0.1),
        retry_error_callback=lambda _: False,
    )
    return bool(waiting(condition))


def _named(pid: int, program: str) -> psutil.Process | None:
    try:
        process = psutil.Process(pid)
        return process if process.name() == program else None
    except psutil.Error:
        return None


def _runs_in(pid: int, place: os.stat_result) -> bool:
    try:
        where = f"/proc/{pid}/cwd" if sys.platform == "linux" else psutil.Process(pid).cwd()
        return os.path.samestat(os.stat(where), place)  # noqa: PTH116 - may be a deleted folder
    except (OSError, psutil.Error):
        return False
