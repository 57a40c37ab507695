"""Calls of the running product's API, and a look-up of its servers."""

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

ANSWER_SECONDS = 90  # on a busy machine; anything longer hangs


def ask(
    address: str,
    endpoint: str,
    *,
    token: str = "",
    timeout: float = ANSWER_SECONDS,
    **request: Any,
) -> Any:
    """Call an endpoint and return its response; raise HTTPError if it refuses."""
    body = request.pop("json", None)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    headers |= request.pop("headers", {})
    if body is not None:
        headers["Content-Type"] = "application/json"
        request["data"] = json.dumps(body).encode()
    asked = Request(f"{address}/api/{endpoint}", headers=headers, **request)
    with urlopen(asked, timeout=timeout) as answer:
        return json.loads(answer.read() or b"null")


def refusal(error: HTTPError) -> str:
    """Return the reason for a refusal, from its JSON."""
    told = error.read().decode()
    assert "Traceback" not in told
    detail = json.loads(told)["detail"]
    assert isinstance(detail, str)
    return detail


def until_it_answers(server: Server, endpoint: str, seconds: float = 60, **request: Any) -> Any:
    """Call an endpoint until it answers; otherwise fail with the app's log."""
    until = time.monotonic() + seconds
    while True:
        try:
            return ask(server.address, endpoint, **dict(request))
        except (HTTPError, URLError, OSError) as error:
            if time.monotonic() > until:
                raise AssertionError(f"no answer:\n{server.log.read_text()}") from error
            time.sleep(0.2)


def log_in(server: Server, number: int = 1) -> str:
    """Log in as a demo account, and return the token."""
    form = f"username=test{number}@mail.com&password=test".encode()
    return str(until_it_answers(server, "auth/login", data=form)["access_token"])


def until(is_so: Callable[[], object], seconds: float = 60) -> None:
    """Wait until the condition is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(URLError, OSError):
            if is_so():
                return
        time.sleep(0.1)
    raise AssertionError("the condition never became true")


def servers(data_dir: Path, name: str) -> list[psutil.Process]:
    """Return the embedded servers of this folder with this name."""
    found = []
    for process in psutil.process_iter(["name", "cwd", "cmdline", "ppid"]):
        places = f"{process.info['cwd']} {' '.join(process.info['cmdline'] or [])}"
        if process.info["name"] == name and str(data_dir) in places:
            found.append(process)
    parents = {process.pid for process in found}
    return [process for process in found if process.info["ppid"] not in parents]
