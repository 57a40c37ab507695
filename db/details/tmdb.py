"""Fetches what TMDb says of films and stores it: all films at once, or those that are shown."""

import logging
import time
from collections.abc import Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import TypeAlias

from cachetools import TTLCache
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from db.queries import tmdb
from db.queries.tmdb import Wanted
from monitoring.errors import first_line
from monitoring.once import LogOnce
from monitoring.progress import OnIndeterminateProgress, ignore_progress
from tmdb.client import Client
from tmdb.errors import BusyError, MalformedError, TmdbError, UnavailableError, WrongKeyError
from tmdb.film import Film

logger = logging.getLogger(__name__)

_THREADS_OF_PAGES = 4
_THREADS = 8  # forty answers a second, each of which takes a fifth of a second
_BATCH = 200
_MOST_WAITS = 10
_PAUSES = (1.0, 4.0, 15.0)
_MOST_UNAVAILABLE = 3  # of a batch: TMDb may always fail at some film

_MOST_WAITING = 100
_FAILED_SECONDS = 600.0
_AWAY_SECONDS = 60.0
_WRONG_KEY_SECONDS = 3600.0


@dataclass(frozen=True)
class TmdbReport:
    """What a command has fetched.

    Attributes
    ----------
    films : int
        How many films were to be fetched: never, or not for a month.
    stored : int
        Of how many of them TMDb knows something.
    unknown : int
        How many TMDb doesn't have.
    failed : int
        At how many TMDb reported an error, or the answer couldn't be read.
    expired : int
        Of how many films older data was deleted.
    example : str or None
        Why the first of these failed.
    seconds : float
    """

    films: int
    stored: int
    unknown: int
    failed: int
    expired: int
    example: str | None
    seconds: float


def fetch_missing(
    engine: Engine, client: Client, *, progress: OnIndeterminateProgress | None = None
) -> TmdbReport:
    """Fetch the films that were never fetched, or not for a month; the most rated ones first.

    They are stored in batches, so that another call continues where one was interrupted. Requests
    for which TMDb has no time are repeated when it asks for that.

    Parameters
    ----------
    engine : Engine
    client : Client
    progress : callable, optional
        As in `db.loading.load`.

    Returns
    -------
    TmdbReport

    Raises
    ------
    TmdbError
        If TMDb refuses the key, or can't be reached; what has been fetched is stored.
    """
    started = time.monotonic()
    on_progress = progress or ignore_progress
    with engine.begin() as connection:
        expired = tmdb.delete_expired(connection)
        films = tmdb.wanted(connection)
    stored = unknown = 0
    failed: list[str] = []
    on_progress(0.0, f"Asking TMDb for {len(films):,} films")
    for first in range(0, len(films), _BATCH):
        batch = films[first : first + _BATCH]
        answers, error = _ask_for(client, batch)
        with engine.begin() as connection:
            for movie_id, found in answers.items():
                if isinstance(found, TmdbError):
                    failed.append(str(found))
                    continue
                tmdb.store(connection, movie_id, found)
                stored += found is not None
                unknown += found is None
        if error is not None:
            raise error
        done = first + len(batch)
        on_progress(done / len(films), f"Fetched {done:,} of {len(films):,} films")
    on_progress(1.0, "Done")
    return TmdbReport(
        films=len(films),
        stored=stored,
        unknown=unknown,
        failed=len(failed),
        expired=expired,
        example=failed[0] if failed else None,
        seconds=time.monotonic() - started,
    )


_Answer: TypeAlias = Film | MalformedError | UnavailableError | None


def _ask_for(
    client: Client, films: Collection[Wanted]
) -> tuple[dict[int, _Answer], TmdbError | None]:
    """Return the answers by film, and the error that ended it before all were there."""
    answers: dict[int, _Answer] = {}
    unavailable = 0
    error: TmdbError | None = None
    with ThreadPoolExecutor(_THREADS, "tmdb") as pool:
        asked = {film.movie_id: pool.submit(_patiently, client, film) for film in films}
        for movie_id, answer in asked.items():
            try:
                if error is None or not answer.cancel():
                    found = answers[movie_id] = answer.result()
                    if isinstance(found, UnavailableError):
                        unavailable += 1
                        if unavailable > _MOST_UNAVAILABLE or unavailable == len(films):
                            error = error or found
            except TmdbError as raised:
                error = error or raised
    return answers, error


def _patiently(client: Client, film: Wanted) -> _Answer:
    pauses: Iterator[float] = iter(_PAUSES)
    waits = 0
    while True:
        try:
            return client.film(film.tmdb_id, film.imdb_id)
        except MalformedError as error:
            return error
        except BusyError as error:
            waits += 1
            if waits > _MOST_WAITS:
                raise
            time.sleep(error.seconds)
        except UnavailableError as error:
            pause = next(pauses, None)
            if pause is None:
                return error
            time.sleep(pause)


class Fetcher:
    """Fetches films that are shown, in the background; any thread may call it.

    After a failure nothing is requested for a while.

    Parameters
    ----------
    engine : Engine
    client : Client
    """

    def __init__(self, engine: Engine, client: Client) -> None:
        self._engine = engine
        self._client = client
        self._lock = Lock()
        self._pool = ThreadPoolExecutor(_THREADS_OF_PAGES, "tmdb")
        self._waiting: dict[int, Future[None]] = {}
        self._failed: TTLCache[int, bool] = TTLCache(10_000, _FAILED_SECONDS)
        self._away_until = 0.0
        self._is_stopping = False
        self._log = LogOnce(logger)
        self._log_of_answers = LogOnce(logger)

    def stop(self) -> None:
        """Fetch nothing more."""
        self._is_stopping = True
        self._pool.shutdown(wait=False, cancel_futures=True)

    def ask(self, movie_ids: Collection[int], *, patience: float = 0.0) -> None:
        """Fetch films unless they are stored and new; return when they are there, or later.

        Parameters
        ----------
        movie_ids : collection of int
        patience : float
            The seconds after which it returns anyway.
        """
        with self._lock:
            if time.monotonic() < self._away_until:
                return
            asked = []
            for movie_id in movie_ids:
                if movie_id in self._failed:
                    continue
                if movie_id not in self._waiting:
                    if len(self._waiting) >= _MOST_WAITING:
                        continue  # whoever looks at it again asks again
                    with suppress(RuntimeError):  # stopped
                        self._waiting[movie_id] = self._pool.submit(self._fetch, movie_id)
                if movie_id in self._waiting:
                    asked.append(self._waiting[movie_id])
        if asked and patience:
            wait(asked, patience)

    def _fetch(self, movie_id: int) -> None:
        try:
            with self._engine.connect() as connection:
                wanted = tmdb.wanted(connection, [movie_id])
            if time.monotonic() < self._away_until:
                return
            for each in wanted:
                found = self._client.film(each.tmdb_id, each.imdb_id)
                self._log.solved()
                with self._engine.begin() as connection:
                    tmdb.store(connection, movie_id, found)
            if not wanted:
                self._note_failure(movie_id)  # no number by which TMDb could know it
        except (TmdbError, SQLAlchemyError) as error:
            if not self._is_stopping:
                self._note(movie_id, error)
        finally:
            with self._lock:
                self._waiting.pop(movie_id, None)

    def _note(self, movie_id: int, error: TmdbError | SQLAlchemyError) -> None:
        if isinstance(error, MalformedError):
            self._note_failure(movie_id)
            self._log_of_answers.problem(
                logging.WARNING, "TMDb's details of film %d: %s", movie_id, error, kind="malformed"
            )
        elif isinstance(error, TmdbError):
            self._stay_away(error)
        else:
            self._note_failure(movie_id)
            self._log.problem(
                logging.WARNING, "TMDb's details can't be stored: %s", first_line(error)
            )

    def _note_failure(self, movie_id: int) -> None:
        with self._lock:
            self._failed[movie_id] = True

    def _stay_away(self, error: TmdbError) -> None:
        seconds = _AWAY_SECONDS
        if isinstance(error, WrongKeyError):
            seconds = _WRONG_KEY_SECONDS
        elif isinstance(error, BusyError):
            seconds = error.seconds
        with self._lock:
            self._away_until = max(self._away_until, time.monotonic() + seconds)
        self._log.problem(
            logging.WARNING, "no details from TMDb: %s", error, kind=type(error).__name__
        )
