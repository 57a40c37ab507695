"""A real PgBouncer in front of a PostgreSQL, with its own defaults but where it listens."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import URL

_PROGRAM = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")


@contextmanager
def pgbouncer(to: URL, mode: str, folder: Path) -> Iterator[URL]:
    """The address under which the database of `to` is reached through the pooler.

    Parameters
    ----------
    to : URL
        Of the server itself.
    mode : str
        "session" or "transaction".
    folder : Path
        For its file and its log.
    """
    if _PROGRAM is None:
        pytest.skip("there is no pgbouncer on the PATH (on Debian: apt install pgbouncer)")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    host = to.host or to.query["host"]
    password = f"password={to.password}" if to.password else ""
    file = folder / "pgbouncer.ini"
    file.write_text(
        "[databases]\n"
        f"{to.database} = host={host} port={to.port or 5432} user={to.username} {password}\n"
        "[pgbouncer]\n"
        f"listen_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
        f"auth_type = any\npool_mode = {mode}\n"
    )
    # It refuses to run as root. As somebody else it couldn't enter the folder of root's server.
    somebody = ("setpriv", "--reuid=nobody", "--clear-groups")
    who_may_enter = ("--inh-caps=+dac_override", "--ambient-caps=+dac_override")
    wrapper = (*somebody, *who_may_enter) if os.geteuid() == 0 else ()
    log = folder / "pgbouncer.log"
    with log.open("w") as written:
        process = subprocess.Popen(
            [*wrapper, _PROGRAM, str(file)],
            stdout=written,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_it_listens(port, process, log)
        yield URL.create("postgresql", to.username, None, "127.0.0.1", port, to.database)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_until_it_listens(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < until:
        with socket.socket() as trying:
            if trying.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"PgBouncer doesn't listen:\n{log.read_text()}")
