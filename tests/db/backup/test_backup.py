"""A restore brings everything back, or nothing."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, create_engine, text

from db import backup
from db.backup import NotEmptyError
from db.backup.archive import BackupError
from db.connection.errors import SchemaTooNewError
from db.connection.migrate import downgrade
from db.queries import (
    mails,
    marks,
    model_versions,
    password_links,
    ratings,
    statistics,
    users,
)
from tests.catalogue import add_tags

pytestmark = pytest.mark.data_layer

LOGINS = ("sessions", "login_tickets", "login_attempts", "password_links", "mails")
OWN = ("installation", *LOGINS, "tmdb_films")
HOSTILE = ["\\.", "a\tb\nc\\d", "COPY public.users (id) FROM stdin;", "Amélie 💥 '; DROP TABLE x"]


@pytest.fixture
def whole(films: Engine) -> Engine:
    """Return a database with rows in every kind of table that users write to."""
    with films.begin() as connection:
        for number, title in enumerate(HOSTILE, start=100):
            connection.execute(
                text("INSERT INTO movies (id, title) VALUES (:id, :title)"),
                {"id": number, "title": title},
            )
        jane = users.register(
            connection, email="jane@example.org", name="Jane \\N", password_hash="x"
        )
        users.set_style(connection, jane.id, "adventurous")
        ratings.put(connection, jane.id, 1, 4.5)
        marks.put(connection, jane.id, 2, "later")
        add_tags(connection, {"Time Travel": {1: 3, 2: 1}, ":)": {1: 1}, HOSTILE[0]: {2: 2}})
        for statement in (
            "INSERT INTO movie_details (movie_id, demo_minutes, imdb_number) VALUES (1, 188, 5)",
            "INSERT INTO tmdb_films (movie_id, tmdb_id) VALUES (1, 949)",
            "INSERT INTO people (id, name) VALUES (7, :hostile)",
            "INSERT INTO movie_people VALUES (1, 'cast', 1, 7)",
            "INSERT INTO movie_titles VALUES (1, :hostile, ARRAY['RU', NULL, ''], '{}', 'ru')",
        ):
            connection.execute(text(statement), {"hostile": HOSTILE[1]})
        model_versions.activate(
            connection, model_versions.store(connection, b"\0\\x\xff", {"seed": 42}).id
        )
        connection.execute(
            text(
                "INSERT INTO sessions (token_hash, user_id, expires_at) "
                "VALUES ('t', :jane, now() + interval '1 day')"
            ),
            {"jane": jane.id},
        )
        lasts = timedelta(hours=1)
        password_links.create(connection, token_hash=b"t", user_id=jane.id, lasts=lasts)
        mails.add(connection, email="jane@example.org", kind="forgotten", language="en")
    return films


@pytest.fixture
def file(whole: Engine, tmp_path: Path) -> Path:
    """Return a backup of that database."""
    path = tmp_path / "films.dump"
    assert backup.write(whole, path) == path.stat().st_size
    return path


@pytest.fixture
def other(films: Engine) -> Iterator[Engine]:
    """Yield another app's engine for the same database."""
    engine = create_engine(films.url, connect_args={"application_name": "five-films"})
    yield engine
    engine.dispose()


def _rows(engine: Engine) -> dict[str, list[Any]]:
    """Return all rows of all tables."""
    with engine.connect() as connection:
        tables = connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        ).all()
        return {
            table: sorted(map(str, connection.execute(text(f"SELECT * FROM {table}"))))
            for table in tables
            if table not in OWN
        }


def _installation(engine: Engine) -> UUID:
    with engine.connect() as connection:
        return statistics.installation(connection)


def _rate(engine: Engine, user_id: int, movie_id: int) -> None:
    with engine.begin() as connection:
        ratings.put(connection, user_id, movie_id, 0.5)


def test_backup_and_restore(whole: Engine, file: Path) -> None:
    before, installation = _rows(whole), _installation(whole)
    _rate(whole, 8, 4)
    with whole.begin() as connection:
        last = users.register(connection, email="late@example.org", name="", password_hash="x")
    assert _rows(whole) != before

    reported: list[tuple[float, str]] = []
    backup.restore(whole, file, overwrite=True, progress=lambda *what: reported.append(what))

    assert _rows(whole) == before
    assert reported == sorted(reported, key=lambda each: each[0])
    assert {"ratings", "done"} <= {what for _, what in reported}
    with whole.begin() as connection:
        for table in (*LOGINS, "tmdb_films"):
            assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 0
        assert statistics.totals(connection).ratings == 6
        # Ids continue from those of the backup.
        assert (
            users.register(connection, email="new@example.org", name="", password_hash="x").id
            == last.id
        )
    assert _installation(whole) != installation


def test_backup_is_an_ordinary_dump_readable_only_by_its_owner(file: Path) -> None:
    assert file.read_bytes().startswith(b"PGDMP")
    assert file.stat().st_mode & 0o777 == 0o600


def test_existing_data_is_replaced_only_with_overwrite(whole: Engine, file: Path) -> None:
    _rate(whole, 8, 4)
    before = _rows(whole)
    with pytest.raises(NotEmptyError, match="--overwrite"):
        backup.restore(whole, file)
    assert _rows(whole) == before


def test_restore_is_refused_while_an_app_runs(whole: Engine, file: Path, other: Engine) -> None:
    before = _rows(whole)
    with other.connect(), pytest.raises(NotEmptyError, match="stop it"):
        backup.restore(whole, file, overwrite=True)
    assert _rows(whole) == before


@pytest.mark.parametrize("revision", ["0003", "0005"])
def test_backup_of_an_older_schema(whole: Engine, tmp_path: Path, revision: str) -> None:
    downgrade(whole, revision)
    with whole.connect() as connection:
        before = connection.execute(text("SELECT * FROM ratings ORDER BY 1, 2")).all()
    backup.write(whole, tmp_path / "old.dump")
    assert backup.restore(whole, tmp_path / "old.dump", overwrite=True).revision == revision
    with whole.connect() as connection:
        assert connection.execute(text("SELECT * FROM ratings ORDER BY 1, 2")).all() == before
        jane = users.by_email(connection, "jane@example.org")
        assert jane is not None
        assert jane.role == "user"
        assert statistics.totals(connection).ratings == 6


def test_backup_of_a_newer_schema_is_refused(whole: Engine, tmp_path: Path) -> None:
    with whole.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    backup.write(whole, tmp_path / "new.dump")
    before = _rows(whole)
    with pytest.raises(SchemaTooNewError, match=r"new\.dump has schema 9999"):
        backup.restore(whole, tmp_path / "new.dump", overwrite=True)
    assert _rows(whole) == before


@pytest.mark.parametrize("share", [0.0, 0.02, 0.5])
def test_damaged_file_changes_nothing(whole: Engine, file: Path, share: float) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: int(share * len(content))])
    before = _rows(whole)
    with pytest.raises(BackupError, match=r"can't be read|ends in the middle|damaged"):
        backup.restore(whole, file, overwrite=True)
    assert _rows(whole) == before


def test_other_files_are_refused(films: Engine, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("not a backup")
    with pytest.raises(BackupError, match=r"note\.txt can't be read as a backup"):
        backup.restore(films, note, overwrite=True)
    with pytest.raises(BackupError, match="there is no file"):
        backup.restore(films, tmp_path / "none", overwrite=True)
    with films.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    backup.write(films, tmp_path / "else.dump")
    with pytest.raises(BackupError, match="is not a backup of Five Films"):
        backup.restore(films, tmp_path / "else.dump", overwrite=True)


def test_failed_backup_preserves_the_previous_one(whole: Engine, file: Path) -> None:
    before = file.read_bytes()
    away = create_engine(whole.url.set(database="nowhere"))
    with pytest.raises(BackupError, match=r'pg_dump failed: .*"nowhere" does not exist'):
        backup.write(away, file)
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == ["films.dump"]
    with pytest.raises(BackupError, match="can't be written: No such file or directory"):
        backup.write(whole, file.parent / "missing" / "films.dump")
