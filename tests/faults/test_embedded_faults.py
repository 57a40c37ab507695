"""Apps and servers that are killed, strangers with an old PID, hostile environments.

Each test ends with a server that answers, rows that are kept and strangers who live.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import psutil
import psycopg
import pytest
from redis import Redis
from sqlalchemy import make_url

from db import embedded
from db.embedded import EmbeddedServerError, processes

pytestmark = pytest.mark.faults

ROOT = Path(__file__).parents[2]
APP = """
import logging, signal, sys
from pathlib import Path
from db import embedded
logging.basicConfig()
signal.signal(signal.SIGINT, signal.SIG_IGN)
server = getattr(embedded, sys.argv[1])(Path(sys.argv[2]))
server.ensure_running()
print(server.url, flush=True)
sys.stdin.read()
"""
NOBODY = 65534
PACKAGES = {"PYTHONPATH": os.pathsep.join(path for path in sys.path if "-packages" in path)}


class App:
    """A process that uses a server as the app does, and ends when its input ends."""

    def __init__(
        self,
        kind: str,
        data_dir: Path,
        environment: dict[str, str] | None = None,
        nobodys_python: str | None = None,
    ) -> None:
        user = None if nobodys_python is None else NOBODY
        self.process = subprocess.Popen(
            [nobodys_python or sys.executable, "-c", APP, kind, str(data_dir)],
            cwd=ROOT,
            env=os.environ | (environment or {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
        )

    def url(self) -> str:
        """Wait until the server runs; where it is."""
        assert self.process.stdout is not None
        url = self.process.stdout.readline().strip()
        assert url, "the app ended without a server"
        return url

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def quit(self) -> None:
        """End as an app does that is closed."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        assert self.process.wait(timeout=60) == 0


StartApp = Callable[..., App]


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a table of one row, whose server has stopped."""
    data_dir = tmp_path_factory.mktemp("ready") / "data"
    server = embedded.postgres(data_dir)
    try:
        server.ensure_running()
        execute(server.url, "CREATE TABLE films (title text)")
        execute(server.url, "INSERT INTO films VALUES ('Ikiru')")
        server.release()
    finally:
        embedded.stop(data_dir)
    return data_dir


@pytest.fixture
def data_dir(ready: Path, tmp_path: Path) -> Iterator[Path]:
    """A path of this test's own with that folder: moved, since copying takes far longer."""
    moved = ready.rename(tmp_path / "data")
    yield moved
    # A reference that is still held would count in the folder, wherever it is moved.
    embedded.postgres(moved).release()
    embedded.stop(moved)
    moved.rename(ready)


@pytest.fixture
def start_app() -> Iterator[StartApp]:
    """Start apps that are killed at the end, if they still run."""
    apps: list[App] = []

    def start(
        kind: str,
        data_dir: Path,
        environment: dict[str, str] | None = None,
        nobodys_python: str | None = None,
    ) -> App:
        apps.append(App(kind, data_dir, environment, nobodys_python))
        return apps[-1]

    yield start
    for app in apps:
        app.kill()


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    """A process that has nothing to do with us, of the user whose PIDs PostgreSQL respects."""
    user = NOBODY if os.geteuid() == 0 else None
    with subprocess.Popen(["sleep", "300"], user=user) as process:
        yield process
        process.kill()


def connect(url: str) -> psycopg.Connection:
    plain = make_url(url).set(drivername="postgresql")
    return psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True)


def execute(url: str, query: str) -> None:
    with closing(connect(url)) as connection:
        connection.execute(query.encode())


def titles(url: str) -> list[str]:
    with closing(connect(url)) as connection:
        return [title for (title,) in connection.execute("SELECT title FROM films")]


def postmaster(data_dir: Path) -> psutil.Process | None:
    """The one server of a folder, or None; more than one is an error."""
    found = processes.find("postgres", (data_dir / "postgres/cluster/data").stat())
    pids = {process.pid for process in found}
    heads = []
    for process in found:
        with suppress(psutil.NoSuchProcess):
            heads += [process] if process.ppid() not in pids else []
    assert len(heads) <= 1
    return heads[0] if heads else None


def the_postmaster(data_dir: Path) -> psutil.Process:
    process = postmaster(data_dir)
    assert process is not None
    return process


def test_two_apps_at_once_share_one_new_server(tmp_path: Path, start_app: StartApp) -> None:
    data_dir = tmp_path / "data"
    first, second = start_app("postgres", data_dir), start_app("postgres", data_dir)
    try:
        assert first.url() == second.url()
        server = the_postmaster(data_dir)
        first.quit()
        assert server.is_running()
        second.quit()
        assert postmaster(data_dir) is None
    finally:
        embedded.stop(data_dir)


def test_two_apps_at_once_share_one_valkey(tmp_path: Path, start_app: StartApp) -> None:
    data_dir = tmp_path / "data"
    first, second = start_app("valkey", data_dir), start_app("valkey", data_dir)
    try:
        url = first.url()
        assert second.url() == url
        first.quit()
        with Redis.from_url(url) as redis:
            assert redis.ping()
        place = (data_dir / "valkey/data").stat()
        assert len(processes.find("valkey-server", place)) == 1
        second.quit()
        assert processes.find("valkey-server", place) == []
    finally:
        embedded.stop(data_dir)


def test_after_a_killed_app_the_next_one_adopts_the_server_and_stops_it(
    data_dir: Path, start_app: StartApp
) -> None:
    first = start_app("postgres", data_dir)
    url = first.url()
    server = the_postmaster(data_dir)
    first.kill()
    assert titles(url) == ["Ikiru"]
    second = start_app("postgres", data_dir)
    assert titles(second.url()) == ["Ikiru"]
    assert the_postmaster(data_dir).pid == server.pid
    second.quit()
    assert postmaster(data_dir) is None


def test_stop_ends_servers_that_a_killed_app_left(data_dir: Path, start_app: StartApp) -> None:
    for kind in ("postgres", "valkey"):
        app = start_app(kind, data_dir)
        app.url()
        app.kill()
    assert embedded.stop(data_dir) == ["PostgreSQL", "Valkey"]
    assert postmaster(data_dir) is None


def test_stop_is_quick_while_the_app_that_started_the_server_lives(
    data_dir: Path, start_app: StartApp
) -> None:
    """The server becomes a zombie of that app, which doesn't look."""
    for kind in ("postgres", "valkey"):
        start_app(kind, data_dir).url()
    start = time.monotonic()
    assert embedded.stop(data_dir) == ["PostgreSQL", "Valkey"]
    assert time.monotonic() - start < 10


def test_an_app_killed_while_creating_the_folder_leaves_nothing_in_the_way(
    tmp_path: Path, start_app: StartApp
) -> None:
    data_dir = tmp_path / "data"
    first = start_app("postgres", data_dir)
    assert processes.wait_until(lambda: any(data_dir.glob("postgres/new-*/data/base")), 30)
    first.kill()
    try:
        second = start_app("postgres", data_dir)
        execute(second.url(), "SELECT 1")
        assert list(data_dir.glob("postgres/new-*")) == []
        second.quit()
        assert postmaster(data_dir) is None
    finally:
        embedded.stop(data_dir)


def test_a_killed_server_is_revived_with_its_rows(data_dir: Path) -> None:
    server = embedded.postgres(data_dir)
    server.ensure_running()
    execute(server.url, "CREATE TABLE more AS SELECT 'Ran' AS title")
    killed = the_postmaster(data_dir)
    killed.send_signal(signal.SIGKILL)
    server.ensure_running()
    assert titles(server.url) == ["Ikiru"]
    execute(server.url, "DROP TABLE more")
    assert the_postmaster(data_dir).pid != killed.pid


def test_a_server_killed_amid_a_busy_query_is_revived(data_dir: Path) -> None:
    server = embedded.postgres(data_dir)
    server.ensure_running()
    connection = connect(server.url)
    raw = connection.pgconn
    raw.send_query(b"SELECT count(*) FROM generate_series(1, 100000000000) AS n")
    time.sleep(0.3)
    the_postmaster(data_dir).send_signal(signal.SIGKILL)
    server.ensure_running()
    assert titles(server.url) == ["Ikiru"]
    connection.close()


def test_a_killed_server_that_nobody_reaped_does_not_count_as_running(
    data_dir: Path, start_app: StartApp
) -> None:
    first = start_app("postgres", data_dir)
    first.url()
    killed = the_postmaster(data_dir)
    killed.send_signal(signal.SIGKILL)
    assert processes.wait_until(lambda: killed.status() == psutil.STATUS_ZOMBIE, 10)
    second = start_app("postgres", data_dir)
    assert titles(second.url()) == ["Ikiru"]


def test_a_killed_valkey_is_revived_by_another_app(tmp_path: Path, start_app: StartApp) -> None:
    data_dir = tmp_path / "data"
    try:
        first = start_app("valkey", data_dir)
        url = first.url()
        with Redis.from_url(url, decode_responses=True) as redis:
            redis.set("film", "Ikiru")
        (killed,) = processes.find("valkey-server", (data_dir / "valkey/data").stat())
        killed.send_signal(signal.SIGKILL)
        first.kill()
        second = start_app("valkey", data_dir)
        with Redis.from_url(second.url(), decode_responses=True) as redis:
            assert redis.get("film") == "Ikiru"
        second.quit()
        assert processes.find("valkey-server", (data_dir / "valkey/data").stat()) == []
    finally:
        embedded.stop(data_dir)


@pytest.mark.parametrize("name", ["postmaster.pid", ".s.PGSQL.5432.lock"])
def test_a_stranger_with_the_old_pid_lives_and_the_server_starts(
    data_dir: Path, name: str, stranger: subprocess.Popen[bytes]
) -> None:
    server = embedded.postgres(data_dir)
    server.ensure_running()
    the_postmaster(data_dir).send_signal(signal.SIGKILL)
    place = data_dir / "postgres/cluster/data"
    assert processes.wait_until(lambda: not processes.find("postgres", place.stat()), 20)
    _, _, rest = (place / name).read_text().partition("\n")
    (place / name).write_text(f"{stranger.pid}\n{rest}")
    assert embedded.stop(data_dir) == []
    server.ensure_running()
    assert titles(server.url) == ["Ikiru"]
    assert embedded.stop(data_dir) == ["PostgreSQL"]
    assert stranger.poll() is None


def test_an_empty_pid_file_is_no_obstacle(data_dir: Path) -> None:
    (data_dir / "postgres/cluster/data/postmaster.pid").touch()
    server = embedded.postgres(data_dir)
    server.ensure_running()
    assert titles(server.url) == ["Ikiru"]


def test_a_postgres_of_another_folder_is_a_stranger_too(data_dir: Path) -> None:
    other = data_dir.with_name("other")
    subprocess.run(["cp", "-a", data_dir, other], check=True)
    try:
        embedded.postgres(other).ensure_running()
        stranger = the_postmaster(other)
        pid_file = data_dir / "postgres/cluster/data/postmaster.pid"
        pid_file.write_text(f"{stranger.pid}\n")
        server = embedded.postgres(data_dir)
        server.ensure_running()
        assert titles(server.url) == ["Ikiru"]
        assert embedded.stop(data_dir) == ["PostgreSQL"]
        assert titles(embedded.postgres(other).url) == ["Ikiru"]
    finally:
        embedded.stop(other)


def test_hostile_environment(tmp_path: Path, start_app: StartApp) -> None:
    hostile = {
        "LANG": "xx_XX.UTF-8",
        "LC_ALL": "xx_XX.UTF-8",
        "LC_MESSAGES": "yy_YY",
        "TZ": "Nowhere/Land",
        "PGDATA": "/nonexistent",
        "PGHOST": "db.example.org",
        "PGHOSTADDR": "192.0.2.1",
        "PGPORT": "1",
        "PGUSER": "stranger",
        "PGPASSWORD": "wrong",
        "PGDATABASE": "nothing",
        "PGOPTIONS": "-c nonsense=1",
        "PGSERVICE": "missing",
        "PGSSLMODE": "verify-full",
        "PGREQUIREAUTH": "none",
        "PGCHANNELBINDING": "require",
        "PGCLIENTENCODING": "LATIN1",
        "PGTARGETSESSIONATTRS": "standby",
    }
    data_dir = tmp_path / "data"
    code = """
import sys
from pathlib import Path
from sqlalchemy import text
from config import Settings
from db.engine import open_engine
engine = open_engine(Settings(_env_file=None, database_url=None, data_dir=Path(sys.argv[1])))
with engine.connect() as connection:
    print(connection.execute(text("SELECT current_user || lower('É')")).scalar())
"""
    try:
        done = subprocess.run(
            [sys.executable, "-X", "utf8", "-c", code, data_dir],
            cwd=ROOT,
            env=os.environ | hostile,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.stdout.strip() == "five_filmsé", done.stderr
        assert postmaster(data_dir) is None
        app = start_app("valkey", data_dir, hostile)
        with Redis.from_url(app.url()) as redis:
            assert redis.ping()
    finally:
        embedded.stop(data_dir)


def test_ctrl_c_reaches_the_app_but_not_its_servers(data_dir: Path, start_app: StartApp) -> None:
    apps = [start_app(kind, data_dir) for kind in ("postgres", "valkey")]
    urls = [app.url() for app in apps]
    for app in apps:
        os.killpg(app.process.pid, signal.SIGINT)
        os.killpg(app.process.pid, signal.SIGHUP)
        app.process.wait()
    time.sleep(0.2)
    assert titles(urls[0]) == ["Ikiru"]
    with Redis.from_url(urls[1]) as redis:
        assert redis.ping()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc")
def test_servers_inherit_neither_locks_nor_terminal(data_dir: Path, start_app: StartApp) -> None:
    app = start_app("postgres", data_dir)
    app.url()
    server = the_postmaster(data_dir)
    files = {path.name: path.readlink() for path in Path(f"/proc/{server.pid}/fd").iterdir()}
    assert not [file for file in files.values() if file.name in {"start.lock", "apps.lock"}]
    assert files["0"] == Path("/dev/null")
    assert files["1"] == files["2"] == data_dir / "postgres/server.log"
    assert os.getsid(server.pid) != os.getsid(app.process.pid)


def test_stop_ends_servers_in_use_and_the_app_revives_them(data_dir: Path) -> None:
    server = embedded.postgres(data_dir)
    server.ensure_running()
    connection = connect(server.url)
    assert embedded.stop(data_dir) == ["PostgreSQL"]
    server.ensure_running()
    assert titles(server.url) == ["Ikiru"]
    connection.close()


@pytest.fixture(scope="module")
def open_python() -> str:
    """A Python of this version that an ordinary user may run, with our packages."""
    if os.geteuid() != 0:
        pytest.skip("only root can start an app as another user; the rest ran as an ordinary one")
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        try:
            run_as_nobody(python, "import db.embedded")
        except (OSError, subprocess.CalledProcessError):
            continue
        return python
    pytest.skip(f"an ordinary user can run no {version} here")


def run_as_nobody(python: str, code: str, *arguments: Path) -> None:
    subprocess.run(
        [python, "-c", code, *arguments],
        cwd=ROOT,
        env=os.environ | PACKAGES,
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        capture_output=True,
        check=True,
        text=True,
    )


@pytest.fixture
def nobodys_folder(open_python: str) -> Iterator[Path]:
    """A folder of an ordinary user's own."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        os.chown(name, NOBODY, NOBODY)
        yield Path(name)


def test_an_ordinary_user_runs_it_as_themselves_and_root_can_join(
    nobodys_folder: Path, start_app: StartApp, open_python: str
) -> None:
    data_dir = nobodys_folder / "data"
    app = start_app("postgres", data_dir, PACKAGES, open_python)
    try:
        execute(app.url(), "CREATE TABLE films AS SELECT 'Ikiru' AS title")
        app.quit()
        assert postmaster(data_dir) is None
        server = embedded.postgres(data_dir)
        server.ensure_running()
        assert titles(server.url) == ["Ikiru"]
        assert the_postmaster(data_dir).uids().real == NOBODY
        server.release()
        again = start_app("postgres", data_dir, PACKAGES, open_python)
        assert titles(again.url()) == ["Ikiru"]
        again.quit()
    finally:
        embedded.stop(data_dir)


def test_an_ordinary_user_is_told_of_a_folder_they_can_not_write(
    nobodys_folder: Path, open_python: str
) -> None:
    nobodys_folder.chmod(0o555)
    code = "import sys, pathlib; from db import embedded\n"
    code += "embedded.postgres(pathlib.Path(sys.argv[1])).ensure_running()"
    with pytest.raises(subprocess.CalledProcessError) as caught:
        run_as_nobody(open_python, code, nobodys_folder / "data")
    assert f"{EmbeddedServerError.__name__}: PostgreSQL can't use the folder" in caught.value.stderr
    assert "Make it writable" in caught.value.stderr
    assert list(nobodys_folder.iterdir()) == []


def test_a_deleted_temporary_folder_does_not_stop_it(
    data_dir: Path, tmp_path: Path, start_app: StartApp
) -> None:
    """The way to a socket with a long path lies in TMPDIR, which tidy-up jobs empty."""
    long = tmp_path / ("long" * 40)
    temporary = tmp_path / "t"
    temporary.mkdir()
    data_dir.rename(long)
    try:
        app = start_app("postgres", long, {"TMPDIR": str(temporary)})
        app.url()
        app.kill()
        for path in temporary.iterdir():
            path.unlink()
        again = start_app("postgres", long, {"TMPDIR": str(temporary)})
        assert titles(again.url()) == ["Ikiru"]
        again.quit()
        assert postmaster(long) is None
    finally:
        embedded.stop(long)
        long.rename(data_dir)
