"""Health of the running app's components, and what to do if one fails."""

import logging
import platform
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from redis.exceptions import RedisError, ResponseError
from sqlalchemy.exc import SQLAlchemyError

from db.connection import unavailable
from db.connection.redis import try_writing
from db.queries import server
from i18n.language import Text
from startup.application import Application

# Health is checked all the time: an outage is logged once.
_outages = unavailable.Once(logging.getLogger("startup.health"), "not ready")

LEAST_FREE_BYTES = 2**30
_PACKAGES = (
    "streamlit",
    "fastapi",
    "lightfm-next",  # one of the two, depending on the version of Python
    "rectools-lightfm",
    "numpy",
    "pandas",
    "plotly",
    "redis",
    "sqlalchemy",
)


@dataclass(frozen=True)
class Part:
    """The health of one component.

    Attributes
    ----------
    ok : bool
        Whether it works.
    detail : str
        Its state, for everybody: no address, no name.
    advice : str or None
        What the operator should do; None if it works.
    """

    ok: bool
    detail: str
    advice: str | None = None


@dataclass(frozen=True)
class Parts:
    """The components that serving needs; without the cache it is only slower."""

    database: Part
    model: Part
    cache: Part

    @property
    def can_serve(self) -> bool:
        """Whether lists can be served."""
        return self.database.ok and self.model.ok


def parts(app: Application) -> Parts:
    """Check database, model and cache."""
    database = _database(app)
    unknown = Part(
        ok=False,
        detail=Text("unknown while the database is down"),
        advice=Text("It is checked again as soon as the database responds."),
    )
    return Parts(database, _model(app) if database.ok else unknown, _cache(app))


def disk(app: Application) -> Part | None:
    """Check the disk space of the embedded servers; None if both servers are external."""
    settings = app.settings
    if settings.database_url is not None and settings.redis_url is not None:
        return None
    try:
        usage = shutil.disk_usage(settings.data_dir)
    except OSError as error:
        return Part(
            False,
            Text("can't be checked: {strerror}", strerror=error.strerror),
            Text("Is DATA_DIR still there?"),
        )
    detail = Text(
        "{free:.1f} of {total:.1f} GB free where DATA_DIR is",
        free=usage.free / 1e9,
        total=usage.total / 1e9,
    )
    if usage.free >= LEAST_FREE_BYTES:
        return Part(True, detail)
    return Part(
        False,
        detail,
        Text(
            "Free some space: on a full disk PostgreSQL stops and nothing can be rated. Old "
            "data sets and logs beside DATA_DIR can be deleted; leave DATA_DIR itself alone."
        ),
    )


def versions(app: Application) -> Mapping[str, str]:
    """Return the versions of servers, schema, Python and the main packages."""
    found = {"Python": platform.python_version()}
    try:
        with app.engine.connect() as connection:
            about = server.about(connection)
        found |= {"PostgreSQL": about.version, Text("Schema"): about.schema}
    except (SQLAlchemyError, RuntimeError):
        found["PostgreSQL"] = Text("not responding")
    try:
        told = app.redis.info("server")
        is_valkey = "valkey_version" in told
        found["Valkey" if is_valkey else "Redis"] = str(
            told["valkey_version" if is_valkey else "redis_version"]
        )
    except (RedisError, RuntimeError):
        found["Redis"] = Text("not responding")
    for package in _PACKAGES:
        with suppress(PackageNotFoundError):
            found[package] = version(package)
    return found


def _database(app: Application) -> Part:
    is_embedded = app.settings.database_url is None
    try:
        with app.engine.connect():  # the pool checks each connection before use
            pass
    except (SQLAlchemyError, RuntimeError) as error:
        return _away(
            error,
            Text(
                "It restarts automatically. If that doesn't help, the log and the end of "
                "postgres/server.log in DATA_DIR say why."
            )
            if is_embedded
            else Text(
                "Check that the server in DATABASE_URL is running and accepts "
                "connections from this machine."
            ),
        )
    return Part(ok=True, detail=Text("responding"))


def _model(app: Application) -> Part:
    if not app.has_films:
        return Part(
            False,
            Text("starting: {what}", what=app.stage.what),
            Text("Please wait. The For you page shows the progress."),
        )
    try:
        is_trained = app.recommender.is_trained()
    except SQLAlchemyError as error:
        return _away(error, Text("The database didn't respond. Try again in a moment."))
    if is_trained:
        return Part(ok=True, detail=Text("trained"))
    return Part(
        True,
        Text("popular films until training is done"),
        Text("Train a model on this page, under Models."),
    )


def _cache(app: Application) -> Part:
    advice = (
        Text(
            "Until it is back, lists are computed on every click. It restarts automatically; "
            "the log says why it stopped."
        )
        if app.settings.redis_url is None
        else Text(
            "Until it is back, lists are computed on every click. Check that the server in "
            "REDIS_URL is running and accepts connections from this machine."
        )
    )
    try:
        try_writing(app.redis)
    except ResponseError as error:  # it responds, and refuses
        _outages.failed(error)
        return Part(
            False,
            Text("rejects writes"),
            Text(
                "Until this is fixed, lists are computed on every click. REDIS_URL must "
                "point to a server that accepts writes: not a read-only replica or a cluster "
                "node. The user needs permission to read and write the keys five-films:* and "
                "to run scripts."
            ),
        )
    except (RedisError, RuntimeError) as error:
        return _away(error, advice)
    return Part(ok=True, detail=Text("responding"))


def _away(error: Exception, advice: str) -> Part:
    """Return a health without the server's address and user, which only the log may have."""
    _outages.failed(error)
    return Part(ok=False, detail=Text("not responding"), advice=advice)
