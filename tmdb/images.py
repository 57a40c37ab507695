"""TMDb's pictures in a bounded folder: each is fetched once, and checked by its bytes."""

import logging
import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import NamedTuple, get_args

from cachetools import TTLCache

from monitoring.errors import first_line
from monitoring.once import LogOnce
from tmdb.client import Client
from tmdb.errors import BusyError, MalformedError, TmdbError
from tmdb.film import IMAGE_PATH, KEPT_DAYS, Size

logger = logging.getLogger(__name__)

_DAY = 24 * 60 * 60
_AWAY_SECONDS = 60.0
_REFUSED_SECONDS = 600.0
_MOST_AT_ONCE = 4
_PATIENCE_SECONDS = 2.0
_BEGINNINGS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


class Image(NamedTuple):
    """A picture, and its type as its bytes tell."""

    content: bytes
    media_type: str


class Images:
    """The pictures; any thread may use it, and processes may share the folder.

    Parameters
    ----------
    client : Client
    folder : Path
        It is created when there is a first picture.
    most_bytes : int
        How much the pictures may take; those that weren't used for the longest time are removed.
    """

    def __init__(self, client: Client, folder: Path, most_bytes: int) -> None:
        self._client = client
        self._folder = folder
        self._most_bytes = most_bytes
        self._lock = Lock()
        self._fetching: dict[str, Lock] = {}
        self._turns = BoundedSemaphore(_MOST_AT_ONCE)
        self._refused: TTLCache[str, bool] = TTLCache(10_000, _REFUSED_SECONDS)
        self._away_until = 0.0
        self._log = LogOnce(logger)
        self._log_of_refused = LogOnce(logger)
        self._log_of_folder = LogOnce(logger)

    def get(self, path: str, size: Size) -> Image | None:
        """Return a picture from the folder, or fetch it.

        Parameters
        ----------
        path : str
            As in `tmdb.film.Film`.
        size : "w342", "w500" or "w780"
            The width in pixels.

        Returns
        -------
        Image or None
            None if TMDb has no such picture, or sends something else.

        Raises
        ------
        TmdbError
            If TMDb can't be reached, or too many pictures are being fetched.
        ValueError
            If the path or the size has another form.
        """
        if not IMAGE_PATH.fullmatch(path) or size not in get_args(Size):
            raise ValueError("not the path and size of a picture")
        name = f"{size}-{path[1:]}"
        found = self._stored(name)
        if found is not None:
            return found
        with self._lock:
            fetching = self._fetching.setdefault(name, Lock())
        with fetching:  # one of those who want the same picture fetches it
            try:
                return self._stored(name) or self._fetched(path, size, name)
            finally:
                with self._lock:
                    self._fetching.pop(name, None)

    def sweep(self) -> None:
        """Remove the pictures that may not be stored any longer, and those beyond the limit."""
        sweep(self._folder, self._most_bytes)

    def _stored(self, name: str) -> Image | None:
        file = self._folder / name
        try:
            fetched_at = file.stat().st_mtime
            if fetched_at < time.time() - KEPT_DAYS * _DAY:
                return None
            content = file.read_bytes()
            # When it was last used, also where file systems don't note that.
            os.utime(file, (time.time(), fetched_at))
        except OSError:
            return None
        media_type = _type_of(content)
        return None if media_type is None else Image(content, media_type)

    def _fetched(self, path: str, size: Size, name: str) -> Image | None:
        with self._lock:
            if name in self._refused:
                return None
            wait = self._away_until - time.monotonic()
        if wait > 0:
            raise BusyError(wait)
        if not self._turns.acquire(timeout=_PATIENCE_SECONDS):
            raise BusyError(_PATIENCE_SECONDS)
        try:
            content = self._client.image(path, size)
        except MalformedError as error:
            self._refuse(name, path, str(error))
            return None
        except TmdbError as error:
            with self._lock:
                self._away_until = time.monotonic() + _AWAY_SECONDS
            self._log.problem(logging.WARNING, "no pictures from TMDb: %s", error, kind="away")
            raise
        finally:
            self._turns.release()
        self._log.solved()
        media_type = None if content is None else _type_of(content)
        if content is None or media_type is None:
            self._refuse(name, path, "there is none" if content is None else "it is no picture")
            return None
        self._store(name, content)
        return Image(content, media_type)

    def _refuse(self, name: str, path: str, why: str) -> None:
        with self._lock:
            self._refused[name] = True
        self._log_of_refused.problem(
            logging.WARNING, "TMDb's picture %s was refused: %s", path, why, kind="refused"
        )

    def _store(self, name: str, content: bytes) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            number, part = tempfile.mkstemp(prefix=".part-", dir=self._folder)
            try:
                with os.fdopen(number, "wb") as file:
                    file.write(content)
                Path(part).replace(self._folder / name)
            except BaseException:
                Path(part).unlink(missing_ok=True)
                raise
            self.sweep()
        except OSError as error:
            self._log_of_folder.problem(
                logging.WARNING, "TMDb's pictures can't be stored: %s", first_line(error)
            )
        else:
            self._log_of_folder.solved()


def sweep(folder: Path, most_bytes: int) -> None:
    """Remove the pictures in a folder that are too old, and the least recently used beyond a size.

    Parameters
    ----------
    folder : Path
        It needn't exist.
    most_bytes : int
    """
    try:
        with os.scandir(folder) as entries:
            files = [(entry.path, entry.stat()) for entry in entries if entry.is_file()]
    except OSError:
        return
    oldest = time.time() - KEPT_DAYS * _DAY
    total = sum(stat.st_size for _, stat in files)
    for path, stat in sorted(files, key=lambda each: each[1].st_atime):
        if stat.st_mtime < oldest or total > most_bytes:
            with suppress(OSError):
                Path(path).unlink()
            total -= stat.st_size


def _type_of(content: bytes) -> str | None:
    return next((kind for start, kind in _BEGINNINGS.items() if content.startswith(start)), None)
