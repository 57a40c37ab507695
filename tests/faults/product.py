"""Asking the running product by its handles, and finding the servers that it runs."""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import psutil

from tests.serving import Server

ANSWER_SECONDS = 90  # on a busy machine; who waits longer hangs


def ask(
    address: str,
    handle: str,
    *,
    token: str = "",
    timeout: float = ANSWER_SECONDS,
    **request: Any,
) -> Any:
    """What a handle answers; raises HTTPError when it refuses."""
    body = request.pop("json", None)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    headers |= request.pop("headers", {})
    if body is not None:
        headers["Content-Type"] = "application/json"
        request["data"] = json.dumps(body).encode()
    asked = Request(f"{address}/api/{handle}", headers=headers, **request)
    with urlopen(asked, timeout=timeout) as answer:
        return json.loads(answer.read() or b"null")


def refusal(error: HTTPError) -> str:
    """Why a handle refuses, which it says in JSON."""
    told = error.read().decode()
    assert "Traceback" not in told
    detail = json.loads(told)["detail"]
    assert isinstance(detail, str)
    return detail


def until_it_answers(server: Server, handle: str, seconds: float = 60, **request: Any) -> Any:
    """Ask until it answers; the app's log is in the error if it doesn't."""
    until = time.monotonic() + seconds
    while True:
        try:
            return ask(server.address, handle, **dict(request))
        except (HTTPError, URLError, OSError) as error:
            if time.monotonic() > until:
                raise AssertionError(f"no answer:\n{server.log.read_text()}") from error
            time.sleep(0.2)


def log_in(server: Server, number: int = 1) -> str:
    """The token of a demo account."""
    form = f"username=test{number}@mail.com&password=test".encode()
    return str(until_it_answers(server, "auth/login", data=form)["access_token"])


def until(is_so: Callable[[], object], seconds: float = 60) -> None:
    """Wait until it is so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(URLError, OSError):
            if is_so():
                return
        time.sleep(0.1)
    raise AssertionError("it never came to be so")


def servers(data_dir: Path, name: str) -> list[psutil.Process]:
    """The embedded servers of this folder that are called so."""
    found = []
    for process in psutil.process_iter(["name", "cwd", "cmdline", "ppid"]):
        places = f"{process.info['cwd']} {' '.join(process.info['cmdline'] or [])}"
        if process.info["name"] == name and str(data_dir) in places:
            found.append(process)
    parents = {process.pid for process in found}
    return [process for process in found if process.info["ppid"] not in parents]
