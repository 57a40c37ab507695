"""`python -m recsys password`: typed, or sent to standard input."""

import io
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine

from accounts.login import check_password
from accounts.registration import register
from accounts.throttle import Throttle
from tests.commands.conftest import ROOT
from tests.commands.running import Run

pytestmark = pytest.mark.data_layer

OLD, NEW = "a fine long sentence", "ein schöner langer Satz"


@pytest.fixture
def jane(engine: Engine) -> Engine:
    """The database with jane@mail.com."""
    register(engine, email="jane@mail.com", password=OLD)
    return engine


def _is_password(engine: Engine, password: str) -> bool:
    throttle = Throttle(engine)
    user = check_password(
        engine, throttle, email="jane@mail.com", password=password, address="192.0.2.1"
    )
    return user.email == "jane@mail.com"


def _send(monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(sent)))


def test_password_from_standard_input(
    jane: Engine, run_here: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    _send(monkeypatch, f"{NEW}\nno part of it\n".encode())
    done = run_here("password", "Jane@mail.com", "--stdin")
    assert (done.code, done.err) == (0, "")
    assert done.out == "jane@mail.com has a new password; 0 sessions were ended.\n"
    assert _is_password(jane, NEW)


@pytest.mark.parametrize(
    ("email", "sent", "words"),
    [
        ("joe@mail.com", NEW.encode(), "There is no account 'joe@mail.com'."),
        ("\0", NEW.encode(), "There is no account"),
        ("jane@mail.com", b"short\n", "at least 8 characters"),
        ("jane@mail.com", b"", "at least 8 characters"),
        ("jane@mail.com", b"\xff" * 20, "isn't UTF-8 text"),
        ("jane@mail.com", b"x" * 20_000, "72 bytes at most"),
    ],
)
def test_refused(
    jane: Engine,
    run_here: Run,
    monkeypatch: pytest.MonkeyPatch,
    email: str,
    sent: bytes,
    words: str,
) -> None:
    _send(monkeypatch, sent)
    done = run_here("password", email, "--stdin")
    assert done.code == 1
    assert words in done.err
    assert _is_password(jane, OLD)


def test_where_nobody_can_type(
    jane: Engine, run_here: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    _send(monkeypatch, b"")
    done = run_here("password", "jane@mail.com")
    assert done.code == 2
    assert "pass --stdin" in done.err


def _type(environment: dict[str, str], tmp_path: Path, *lines: str) -> tuple[int, str]:
    """Run the command in a terminal and type; return its exit code and what the terminal shows."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "recsys", "password", "jane@mail.com"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown = b""
    prompts = (b"New password: ", b"Repeat the new password: ")
    for prompt, line in zip(prompts, lines, strict=True):
        while not shown.endswith(prompt):  # with the space, after which nothing typed is discarded
            shown += os.read(ours, 1000)
        os.write(ours, f"{line}\n".encode())
    while True:
        try:
            shown += os.read(ours, 1000)
        except OSError:  # the end, on Linux
            break
    os.close(ours)
    return process.wait(30), shown.decode()


def test_typed_password_is_asked_for_twice_and_not_shown(
    jane: Engine, environment: dict[str, str], tmp_path: Path
) -> None:
    code, shown = _type(environment, tmp_path, NEW, NEW + "!")
    assert (code, "Type the same one twice" in shown) == (1, True)
    assert _is_password(jane, OLD)
    code, shown = _type(environment, tmp_path, NEW, NEW)
    assert (code, "has a new password" in shown) == (0, True)
    assert NEW not in shown
    assert _is_password(jane, NEW)
