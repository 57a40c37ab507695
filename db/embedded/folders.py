"""Private folders and files, and paths short and plain enough for a Unix socket."""

import hashlib
import os
import re
import tempfile
from pathlib import Path

from db.embedded.errors import EmbeddedServerError

LONGEST_SOCKET_PATH = 103  # bytes; macOS takes 103, Linux 107
LONGEST_LOG = 5_000_000  # bytes
_LONGEST_SOCKET_NAME = len("/.s.PGSQL.5432.lock")


def open_private(path: Path, flags: int = os.O_RDWR) -> int:
    """Open a file that only its owner may read, creating it if it is missing.

    A file that root creates in another user's folder is given to that user, who can work
    without root afterwards.
    """
    descriptor = os.open(path, flags | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    owner = path.parent.stat()
    if os.geteuid() == 0 and owner.st_uid != 0 and os.fstat(descriptor).st_uid == 0:
        os.fchown(descriptor, owner.st_uid, owner.st_gid)
    return descriptor


def open_log(path: Path) -> int:
    """Open a log for appending; a long one is rotated first."""
    if path.exists() and path.stat().st_size > LONGEST_LOG:
        path.replace(path.with_suffix(".old.log"))
    return open_private(path, os.O_WRONLY | os.O_APPEND)


def last_lines(path: Path, since: int = 0, count: int = 8) -> str:
    """Return the last `count` lines of a log after byte `since`, indented for quoting."""
    if not path.exists():
        return "  (empty)"
    lines = path.read_bytes()[since:].decode(errors="replace").splitlines()
    return "\n".join(f"  {line}" for line in lines[-count:])


def socket_folder(folder: Path) -> Path:
    """Return a path to `folder` that fits a socket's address and any URL without quoting.

    If the folder's own path is too long or contains special characters, this is the path of a
    link in the temporary folder, which `link` creates.
    """
    if _is_plain(folder):
        return folder
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    name = f"five-films-{os.geteuid()}-{digest}"
    path = Path(tempfile.gettempdir()).resolve() / name
    return path if _is_plain(path) else Path("/tmp").resolve() / name  # noqa: S108 # nosec B108 - link() checks


def link(folder: Path) -> None:
    """Create the link of `socket_folder` if one is needed.

    Parameters
    ----------
    folder : Path

    Raises
    ------
    EmbeddedServerError
        If another user has put something in its place.
    """
    path = socket_folder(folder)
    if path == folder:
        return
    if path.is_symlink() and path.lstat().st_uid == os.geteuid():
        if path.readlink() == folder:
            return
        path.unlink()
    try:
        path.symlink_to(folder)
    except FileExistsError as error:
        raise EmbeddedServerError(
            f"{path} belongs to another user, so the server in {folder} can't be reached through "
            "it. Remove it, choose a shorter DATA_DIR without special characters, or another "
            "TMPDIR."
        ) from error


def unlink(folder: Path) -> None:
    """Remove the link of `socket_folder` if this user owns it."""
    path = socket_folder(folder)
    if path != folder and path.is_symlink() and path.lstat().st_uid == os.geteuid():
        path.unlink()


def _is_plain(folder: Path) -> bool:
    length = len(os.fsencode(folder)) + _LONGEST_SOCKET_NAME
    is_simple = re.fullmatch(r"[A-Za-z0-9._/-]+", str(folder)) is not None
    return length <= LONGEST_SOCKET_PATH and is_simple
