"""Lists over HTTP, cached and computed, compared with the service that Five Films replaced.

    python -m benchmarks serving

wrk requests five films from both, with the same settings, in turns. The old service
(`benchmarks/old_service.py`) reads the user from a token in Redis; Five Films asks PostgreSQL for
the session's user and for ratings newer than the list. For uncached lists, both run without a
cache, so that each request computes one: five times as many users as there are connections take
turns, a different one for each request, because Five Films computes concurrent requests of one user
once. The users are spread over all IDs, so that their histories are typical. The cached lists are
those of one user.
"""

import os
import re
import shutil
import statistics
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from redis import Redis

from benchmarks import old_service
from benchmarks.running import free_port, log_in, running, wait_for
from benchmarks.table import Row, longer, more
from config import Settings
from db import embedded
from db.connection.engine import open_engine
from db.queries import interactions, movies
from tests.serving import UNLIMITED, Server

RATER = 195
RATERS = range(1, 672, 17)  # 40 of the 671
COMPONENTS = 64
CONNECTIONS = 8
_SECONDS = {"us": 1e-6, "ms": 1e-3, "s": 1.0}
_BY_TURNS = """
local requests, last = {}, 0
function init()
  for _, token in ipairs({%s}) do
    requests[#requests + 1] = wrk.format("GET", nil, {Authorization = "Bearer " .. token})
  end
end
function request()
  last = last %% #requests + 1
  return requests[last]
end
"""


class WrkMissingError(RuntimeError):
    """wrk isn't installed."""


@dataclass(frozen=True)
class Asked:
    """The result of wrk: responses per second, and the 99th percentile of seconds."""

    per_second: float
    p99: float


def measure(server: Server, folder: Path, repeats: int = 5, seconds: int = 3) -> list[Row]:
    """Return rows for cached and computed lists.

    Parameters
    ----------
    server : Server
        The app with a trained model.
    folder : Path
        A folder for the old service's model.
    repeats : int
        How often each is measured.
    seconds : int
        The duration of a measurement.

    Returns
    -------
    list of Row

    Raises
    ------
    WrkMissingError
        If wrk isn't installed.
    """
    if shutil.which("wrk") is None:
        raise WrkMissingError("wrk isn't installed: on Debian, run `apt install wrk`")
    redis_url = embedded.valkey(server.data_dir).url
    one = _by_turns(server, redis_url, [RATER], folder / "one.lua")
    many = _by_turns(server, redis_url, RATERS, folder / "many.lua")
    _fit_old(server.data_dir, folder / "old.model")
    ours = f"{server.address}/api/give-rec"
    with _old(folder / "old.model", redis_url, is_cached=True) as old:
        rows = _compare("give-rec, cached", ours, old, one, (2, 1), repeats, seconds)
    uncached = Server(
        server.data_dir, **UNLIMITED | {"REDIS_URL": f"redis://127.0.0.1:{free_port()}"}
    )
    try:
        uncached.wait_until_healthy()
        uncached.wait_for_log("Ready")
        ours = f"{uncached.address}/api/give-rec"
        with _old(folder / "old.model", redis_url, is_cached=False) as old:
            rows += _compare("give-rec, computed", ours, old, many, (3, None), repeats, seconds)
    finally:
        uncached.stop()
    return rows


def _compare(
    what: str,
    ours: str,
    old: str,
    script: Path,
    targets: tuple[float, float | None],
    repeats: int,
    seconds: int,
) -> list[Row]:
    asked: tuple[list[Asked], list[Asked]] = ([], [])
    for _ in range(repeats):
        for each, address in zip(asked, (ours, old), strict=True):
            each.append(ask(address, script, seconds))
    mine, theirs = ([each.per_second for each in of] for of in asked)
    late, theirs_late = ([each.p99 for each in of] for of in asked)
    rate, p99 = targets
    return [
        more(what, statistics.median(mine), statistics.median(theirs), rate, "requests/s"),
        longer(f"{what}: p99", statistics.median(late), statistics.median(theirs_late), p99),
    ]


def _by_turns(server: Server, redis_url: str, raters: Sequence[int], file: Path) -> Path:
    """Write a wrk script with requests of these users, whose tokens both sides know."""
    tokens = {log_in(server.address, f"test{rater}@mail.com"): rater for rater in raters}
    with Redis.from_url(redis_url) as redis:
        for token, rater in tokens.items():
            redis.set(f"old:token:{token}", rater)
    file.write_text(_BY_TURNS % ", ".join(f'"{token}"' for token in tokens))
    return file


def ask(address: str, script: Path, seconds: int) -> Asked:
    """Run wrk with a script.

    Parameters
    ----------
    address : str
        The URL.
    script : Path
        A Lua script that makes the requests.
    seconds : int
        The duration.

    Returns
    -------
    Asked

    Raises
    ------
    RuntimeError
        If a response isn't a list.
    """
    told = subprocess.run(
        [
            *("wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--latency"),
            *("--duration", f"{seconds}s", "--timeout", "10s"),
            *("--script", script, address),
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    rate = re.search(r"Requests/sec: +([\d.]+)", told)
    p99 = re.search(r"99% +([\d.]+)(us|ms|s)", told)
    if rate is None or p99 is None or "Non-2xx" in told:
        raise RuntimeError(f"unexpected output of wrk for {address}:\n{told}")
    return Asked(float(rate[1]), float(p99[1]) * _SECONDS[p99[2]])


def _fit_old(data_dir: Path, file: Path) -> None:
    engine = open_engine(Settings(_env_file=None, data_dir=data_dir))
    try:
        with engine.connect() as connection:
            rated, films = interactions.frame(connection), movies.frame(connection)
    finally:
        engine.dispose()
    old_service.save_model(rated, films, COMPONENTS, file)


@contextmanager
def _old(model: Path, redis_url: str, *, is_cached: bool) -> Iterator[str]:
    port = free_port()
    environment = os.environ | {
        "OLD_SERVICE_MODEL": str(model),
        "OLD_SERVICE_REDIS": redis_url,
        "OLD_SERVICE_CACHED": "yes" if is_cached else "",
        "OPENBLAS_NUM_THREADS": "1",
    }
    command = ("-m", "uvicorn", "--factory", "benchmarks.old_service:create", "--no-access-log")
    with running(*command, "--port", str(port), environment=environment):
        wait_for(f"http://127.0.0.1:{port}/docs")
        yield f"http://127.0.0.1:{port}/give-rec"
