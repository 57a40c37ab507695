"""Fixtures: a database and a Redis of one's own for each test, on real servers.

`TEST_DATABASE_URL` and `TEST_REDIS_URL` name external servers to use; without them the
embedded ones are started, once for each worker.
"""

import logging
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import hypothesis
import psutil
import psycopg
import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL, make_url
from threadpoolctl import threadpool_limits
from xdist.remote import Producer

import startup
from accounts.demo import sync_demo_accounts
from config import Settings
from db import embedded
from db.connection.engine import open_engine
from db.connection.migrate import upgrade
from db.loading import load
from db.schedule import open_scheduler
from monitoring.logs import OUR_LOGGERS
from recsys.training.train import train
from startup import Application
from tests import hashes
from tests.catalogue import write_release
from tests.scheduling import BrowserQuarters
from tests.serving import ROOT

MEMORY = Path("/dev/shm")
PREFIX = "five-films-test-"
ROOM_BYTES = 2_000_000_000

# An example that takes long tells how busy the machine is.
hypothesis.settings.register_profile("five-films", deadline=None)
hypothesis.settings.load_profile("five-films")


def pytest_configure(config: pytest.Config) -> None:
    """One thread for sums, here and in what tests start: two workers' threads would only wait."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # for libraries not yet loaded
        os.environ.setdefault(name, "1")
    threadpool_limits(1)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> BrowserQuarters:
    """How tests are dealt out to workers."""
    return BrowserQuarters(config, log)


@pytest.fixture(scope="session", autouse=True)
def _cheap_hashes() -> Iterator[None]:
    """A millisecond a password, for hundreds are hashed; not in the apps that tests start."""
    with hashes.of_cost(hashes.LEAST):
        yield


@pytest.fixture(autouse=True)
def _plain_loggers() -> Iterator[None]:
    """Our loggers are as Python makes them, whatever a test before has turned on."""
    yield
    for logger in map(logging.getLogger, OUR_LOGGERS):
        logger.handlers, logger.propagate = [], True
        logger.setLevel(logging.NOTSET)
    root = logging.getLogger()
    root.handlers = [each for each in root.handlers if type(each) is not logging.StreamHandler]
    logging.captureWarnings(False)


@pytest.fixture(scope="session")
def release() -> Path:
    """The folder of ml-latest-small, which may not be committed."""
    folder = ROOT / os.environ.get("MOVIELENS_DIR", "../shared/data/ml-latest-small")
    if not (folder / "ratings.csv").is_file():
        pytest.skip("ml-latest-small is not here: name its folder in MOVIELENS_DIR")
    return folder


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """The data folder of the embedded servers, which are stopped at the end.

    In memory where there is room: hundreds of databases are copied there, each 400 files.
    """
    _remove_folders_of_killed_runs()
    has_room = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES
    with tempfile.TemporaryDirectory(
        prefix=f"{PREFIX}{os.getpid()}-",
        dir=MEMORY if has_room else None,
        ignore_cleanup_errors=True,
    ) as name:
        folder = Path(name)
        yield folder
        embedded.stop(folder)


def _remove_folders_of_killed_runs() -> None:
    """They would fill the memory."""
    for folder in MEMORY.glob(f"{PREFIX}*"):
        if not psutil.pid_exists(int(folder.name.removeprefix(PREFIX).partition("-")[0])):
            with suppress(embedded.EmbeddedServerError):  # another worker stops it, too
                embedded.stop(folder)
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_url(server_folder: Path) -> URL:
    """A server on which this worker may create databases."""
    if external := Settings(database_url=os.environ.get("TEST_DATABASE_URL")).database_url:
        return make_url(external)
    server = embedded.postgres(server_folder)
    server.ensure_running()
    url = make_url(server.url)
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:  # hundreds of databases that nobody needs tomorrow
        for setting in ("fsync = off", "full_page_writes = off", "max_wal_size = '128MB'"):
            connection.execute(text(f"ALTER SYSTEM SET {setting}"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()
    return url


@pytest.fixture(scope="session")
def admin(postgres_url: URL) -> Iterator[Engine]:
    """For creating and dropping whole databases."""
    engine = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def empty_database(admin: Engine, postgres_url: URL) -> Iterator[str]:
    """The name of a database with the current schema and no rows, to be copied."""
    with new_database(admin, template="template1") as name:
        engine = create_engine(postgres_url.set(database=name))
        upgrade(engine)
        engine.dispose()
        yield name


@pytest.fixture(scope="session")
def database_of_a_catalogue(
    admin: Engine, postgres_url: URL, empty_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The name of a database with the small catalogue and no model, to be copied."""
    with new_database(admin, template=empty_database) as name:
        engine = create_engine(postgres_url.set(database=name))
        load(engine, str(write_release(tmp_path_factory.mktemp("catalogue") / "small-release")))
        engine.dispose()
        yield name


@pytest.fixture(scope="session")
def database_of_films(
    admin: Engine, postgres_url: URL, database_of_a_catalogue: str
) -> Iterator[str]:
    """The name of a database with the small catalogue and its first model, to be copied."""
    with new_database(admin, template=database_of_a_catalogue) as name:
        engine = create_engine(postgres_url.set(database=name))
        train(engine)
        sync_demo_accounts(engine, Settings(_env_file=None, demo_accounts=True))
        engine.dispose()
        yield name


@pytest.fixture
def copied_database(empty_database: str) -> str:
    """Which database a test's own is a copy of; tests of pages and handles take one with films."""
    return empty_database


@pytest.fixture
def database_url(admin: Engine, copied_database: str, postgres_url: URL) -> Iterator[str]:
    """The address of a database of this test's own."""
    with new_database(admin, template=copied_database) as name:
        with admin.connect() as connection:
            connection.execute(
                text(f"ALTER DATABASE {name} SET timezone TO 'Pacific/Auckland'")
            )  # far from UTC, so that a time that was meant to be UTC and isn't shows
        address = postgres_url.set(drivername="postgresql", database=name)
        with psycopg.connect(address.render_as_string(hide_password=False)) as own:
            own.execute("UPDATE installation SET id = gen_random_uuid()")  # for Redis is shared
        yield postgres_url.set(database=name).render_as_string(hide_password=False)


# Half the time of PostgreSQL's default on a server that doesn't wait for the disk, as the embedded
# ones here; on others it takes longer.
_STRATEGY = "" if os.environ.get("TEST_DATABASE_URL") else "STRATEGY FILE_COPY"


@contextmanager
def new_database(admin: Engine, *, template: str) -> Iterator[str]:
    """A copy of a database, and its name; dropped at the end."""
    name = f"five_films_test_{uuid.uuid4().hex[:12]}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} {_STRATEGY}"))
    try:
        yield name
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def redis_server_url(server_folder: Path) -> str:
    """The Redis server of this worker."""
    if external := os.environ.get("TEST_REDIS_URL"):
        return external
    server = embedded.valkey(server_folder)
    server.ensure_running()
    return server.url


@pytest.fixture
def settings(database_url: str, redis_server_url: str, tmp_path: Path) -> Settings:
    """Settings that point at this test's own database."""
    return Settings(
        _env_file=None,
        database_url=database_url,
        redis_url=redis_server_url,
        data_dir=tmp_path / "data",
        demo_accounts=True,
    )


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    """An engine on this test's own database, made as the app makes it."""
    engine = open_engine(settings)
    yield engine
    engine.dispose()


@pytest.fixture
def redis_client(redis_server_url: str) -> Iterator["Redis"]:
    """A client of the Redis server; keys carry the database's own id, so tests don't meet."""
    client = Redis.from_url(redis_server_url)
    yield client
    client.close()


@pytest.fixture
def dead_redis() -> Redis:
    """A client whose server isn't there; it says so at once."""
    return Redis(port=1, retry=Retry(NoBackoff(), 0))


def serve_with(application: Application, **changes: Any) -> None:
    """Have pages and endpoints use these services instead, by their names."""
    application._services = replace(application.services, **changes)


@pytest.fixture
def tasks() -> Iterator[BackgroundScheduler]:
    """A running scheduler of periodic tasks."""
    tasks = open_scheduler()
    tasks.start()
    yield tasks
    if tasks.running:
        tasks.shutdown()


@pytest.fixture
def application(settings: Settings) -> Iterator[Application]:
    """The application on this test's own database, with its films there and its model trained."""
    application = Application(settings)
    startup.use(application)
    application.start()
    assert application.progress.wait(60, for_model=True), application.progress.stage
    yield application
    startup.use(None)
    application.stop()
