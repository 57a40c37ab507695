"""Health of the running app's components, and what to do if one fails."""

import logging
import platform
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from redis import Redis
from redis.exceptions import RedisError, ResponseError
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from config import Settings
from db.connection import unavailable
from db.connection.redis import try_writing
from db.queries import mails, server
from i18n.language import Text
from recsys.serving.recommender import Recommender
from startup.application import Application
from startup.services import Services

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


def parts(services: Services) -> Parts:
    """Check database, model and cache."""
    database = _database(services.settings, services.engine)
    return Parts(
        database,
        _model(services.recommender) if database.ok else _unknown(),
        _cache(services.settings, services.redis),
    )


def parts_of_start(application: Application) -> Parts:
    """Check database, model and cache while there are no films yet."""
    database = _database(application.settings, application.engine)
    starting = Part(
        False,
        Text("starting: {what}", what=application.progress.stage.what),
        Text("Please wait. The For you page shows the progress."),
    )
    return Parts(
        database,
        starting if database.ok else _unknown(),
        _cache(application.settings, application.redis),
    )


def disk(settings: Settings) -> Part | None:
    """Check the disk space of the embedded servers; None if both servers are external."""
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


def mail(services: Services) -> Part | None:
    """Check whether mails are sent; None if there is no mail server."""
    if not services.settings.sends_mail:
        return None
    try:
        with services.engine.connect() as connection:
            waiting = mails.number_failed(connection)
    except SQLAlchemyError:
        return _unknown()
    if not waiting:
        return Part(True, Text("no mail is waiting"))
    return Part(
        False,
        Text("mails that could not be sent: {waiting}", waiting=waiting),
        Text("They are tried again for a day. The log says what the server in SMTP_URL answers."),
    )


def versions(services: Services) -> Mapping[str, str]:
    """Return the versions of servers, schema, Python and the main packages."""
    found = {"Python": platform.python_version()}
    try:
        with services.engine.connect() as connection:
            about = server.about(connection)
        found |= {"PostgreSQL": about.version, Text("Schema"): about.schema}
    except SQLAlchemyError:
        found["PostgreSQL"] = Text("not responding")
    try:
        told = services.redis.info("server")
        is_valkey = "valkey_version" in told
        found["Valkey" if is_valkey else "Redis"] = str(
            told["valkey_version" if is_valkey else "redis_version"]
        )
    except RedisError:
        found["Redis"] = Text("not responding")
    for package in _PACKAGES:
        with suppress(PackageNotFoundError):
            found[package] = version(package)
    return found


def _database(settings: Settings, engine: Engine | None) -> Part:
    advice = (
        Text(
            "It restarts automatically. If that doesn't help, the log and the end of "
            "postgres/server.log in DATA_DIR say why."
        )
        if settings.database_url is None
        else Text(
            "Check that the server in DATABASE_URL is running and accepts "
            "connections from this machine."
        )
    )
    if engine is None:
        return _away(RuntimeError("the database has not been started yet"), advice)
    try:
        with engine.connect():  # the pool checks each connection before use
            pass
    except SQLAlchemyError as error:
        return _away(error, advice)
    return Part(ok=True, detail=Text("responding"))


def _unknown() -> Part:
    return Part(
        ok=False,
        detail=Text("unknown while the database is down"),
        advice=Text("It is checked again as soon as the database responds."),
    )


def _model(recommender: Recommender) -> Part:
    try:
        is_trained = recommender.is_trained()
    except SQLAlchemyError as error:
        return _away(error, Text("The database didn't respond. Try again in a moment."))
    if is_trained:
        return Part(ok=True, detail=Text("trained"))
    return Part(
        True,
        Text("popular films until training is done"),
        Text("Train a model on this page, under Models."),
    )


def _cache(settings: Settings, redis: Redis | None) -> Part:
    advice = (
        Text(
            "Until it is back, lists are computed on every click. It restarts automatically; "
            "the log says why it stopped."
        )
        if settings.redis_url is None
        else Text(
            "Until it is back, lists are computed on every click. Check that the server in "
            "REDIS_URL is running and accepts connections from this machine."
        )
    )
    if redis is None:
        return _away(RuntimeError("the cache has not been started yet"), advice)
    try:
        try_writing(redis)
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
    except RedisError as error:
        return _away(error, advice)
    return Part(ok=True, detail=Text("responding"))


def _away(error: Exception, advice: str) -> Part:
    """Return a health without the server's address and user, which only the log may have."""
    _outages.failed(error)
    return Part(ok=False, detail=Text("not responding"), advice=advice)
