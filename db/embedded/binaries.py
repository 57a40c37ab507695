"""The server programs of the wheels, in a place where their user may run them."""

import importlib.metadata
import importlib.util
import os
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path

from db.embedded.errors import EmbeddedServerError
from db.embedded.processes import Account


def places_for_copies() -> tuple[Path, ...]:
    """Return where copies may go: in the first only root can write, and nothing cleans it up."""
    return Path("/var/cache"), Path(tempfile.gettempdir())


def executable(package: str, pattern: str, account: Account | None) -> Path:
    """Return a program of an installed package that `account` may run.

    If root has installed the package in a folder that others can't read, it is a copy.

    Parameters
    ----------
    package : str
        Name of the package to import.
    pattern : str
        Glob pattern of the program inside the package.
    account : Account or None
        None: the user of this process.

    Returns
    -------
    Path

    Raises
    ------
    EmbeddedServerError
        If the package is missing, or `account` can't run the program anywhere.
    """
    spec = importlib.util.find_spec(package)
    folders = spec.submodule_search_locations if spec else None
    program = next(Path(folders[0]).glob(pattern), None) if folders else None
    if program is None:
        raise EmbeddedServerError(
            f"The package {package} is not completely installed for this system. Run: "
            "pip install --force-reinstall -r requirements.txt (or set DATABASE_URL and REDIS_URL "
            "to use servers of your own)."
        )
    if account is None or runs(program, account):
        return program
    site = Path(folders[0]).parent if folders else program.parent
    places = places_for_copies()
    for place in places:
        copy = place / f"five-films-{package}-{importlib.metadata.version(package)}"
        if not copy.exists():
            _copy(package, site, copy)
        moved = copy / program.relative_to(site)
        if _belongs_to_root(copy) and runs(moved, account):
            return moved
    raise EmbeddedServerError(
        f"Root starts the servers as another user, who can't run {program}, nor a copy in "
        f"{' or '.join(map(str, places))}. Start the app as an ordinary user, or "
        "install it in a folder that everyone can read."
    )


def runs(program: Path, account: Account | None) -> bool:
    """Return whether `account` can run the program."""
    try:
        version(program, account)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def version(program: Path, account: Account | None) -> str:
    """Return the program's output for --version."""
    return subprocess.run(
        [program, "--version"],
        cwd="/",
        env={"LC_ALL": "C"},
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        capture_output=True,
        check=True,
        text=True,
        timeout=30,
    ).stdout


def _copy(package: str, site: Path, target: Path) -> None:
    """Copy the package and its libraries, readable by everyone; others see all of it or nothing."""
    try:
        draft = Path(tempfile.mkdtemp(prefix=".five-films-", dir=target.parent))
    except OSError:
        return
    try:
        unneeded = shutil.ignore_patterns("*.a", "*.py", "include", "doc", "__pycache__")
        for name in (package, f"{package}.libs"):
            if (site / name).exists():
                shutil.copytree(site / name, draft / name, symlinks=True, ignore=unneeded)
        for path in (draft, *draft.rglob("*")):
            if not path.is_symlink():
                is_open = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
                path.chmod(0o755 if is_open else 0o644)
        draft.rename(target)
    except OSError:
        # No space, or another app was first; the caller checks whether the target is usable.
        shutil.rmtree(draft, ignore_errors=True)


def _belongs_to_root(folder: Path) -> bool:
    if not folder.exists():
        return False
    found = os.lstat(folder)
    return stat.S_ISDIR(found.st_mode) and found.st_uid == 0 and not found.st_mode & 0o022
