"""The clock is set back an hour, for the app and its servers, while a crowd rates."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError

import pytest

from db import embedded
from db.embedded import processes
from tests.faults.crowd import Crowd
from tests.faults.product import ask, log_in, until, until_it_answers
from tests.serving import Server

LIBRARY = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)

pytestmark = [
    pytest.mark.faults,
    pytest.mark.soak,
    pytest.mark.timeout(600),
    pytest.mark.skipif(LIBRARY is None, reason="no libfaketime (on Debian: apt install faketime)"),
]


class Clock:
    """The time that some processes see; durations don't change."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "time"
        self.set("+0")
        self._file.chmod(0o644)
        self.environment = {
            "LD_PRELOAD": str(LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def set(self, offset: str) -> None:
        """Set the offset from the true time."""
        self._file.write_text(f"{offset}\n")


@pytest.fixture(scope="module")
def clock() -> Iterator[Clock]:
    """Yield a clock in a folder that the servers' user can read."""
    folder = Path(f"/tmp/five-films-clock-{os.getpid()}")
    folder.mkdir(mode=0o755)
    yield Clock(folder)
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def app(folder_of_films: Path, clock: Clock, run: Callable[..., Server]) -> Iterator[Server]:
    """Yield an app whose servers see that clock too."""
    started = []
    for server in (embedded.postgres(folder_of_films), embedded.valkey(folder_of_films)):
        server.ensure_running()  # so that its data folder is there
        server.release()
        account = processes.account_for(server.data)  # type: ignore[attr-defined]
        started.append(
            subprocess.Popen(
                server.prepare(account),  # type: ignore[attr-defined]
                cwd=server.data,  # type: ignore[attr-defined]
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", **clock.environment},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                umask=0o077,
                user=None if account is None else account.uid,
                group=None if account is None else account.gid,
                extra_groups=None if account is None else [],
            )
        )
        until(server.answers)  # type: ignore[attr-defined]
    yield run(folder_of_films, **clock.environment)
    embedded.stop(folder_of_films)
    for process in started:
        process.wait(timeout=60)


def _guess(app: Server) -> int:
    """Guess a password, and return the seconds to wait before the next guess; 0 for none."""
    try:
        ask(app.address, "auth/login", data=b"username=test7@mail.com&password=wrong")
    except HTTPError as error:
        return int(error.headers.get("Retry-After", 0)) if error.code == 429 else 0
    raise AssertionError("the password was right")


def test_set_back_an_hour(app: Server, clock: Clock) -> None:
    token = log_in(app, 8)
    until(lambda: _guess(app) > 0)
    ask(app.address, "ratings/1", token=token, method="PUT", json={"rating": 4})
    with Crowd(app) as crowd:
        clock.set("-3600")
        crowd.wait_for_ratings()
        ask(app.address, "ratings/2", token=token, method="PUT", json={"rating": 5})
        rated = [
            each["movie_id"] for each in until_it_answers(app, "ratings", token=token)["items"]
        ]
        assert rated[-2:] == [1, 2], "the order in which they were rated"
        assert ask(app.address, "who-am-i", token=log_in(app, 6))["email"] == "test6@mail.com"
        assert 0 < _guess(app) <= 15 * 60
        clock.set("-2640")  # 16 minutes later
        crowd.wait_for_ratings()
        assert _guess(app) == 0, "the lock ended when it was announced"
    assert not crowd.refused
    crowd.report("the clock set back an hour")
    assert ask(app.address, "who-am-i", token=token)["email"] == "test8@mail.com"
