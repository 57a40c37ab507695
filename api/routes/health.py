"""Whether the process lives, and whether it can serve."""

import logging

from fastapi import APIRouter, Response
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

import startup
from api.schemas import Health, Part
from startup import Application

logger = logging.getLogger("api")

router = APIRouter(prefix="/health", tags=["health"])


@router.get("/live", summary="Live")
def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get(
    "/ready",
    summary="Ready",
    responses={503: {"model": Health, "description": "Lists can't be served."}},
)
def ready(response: Response) -> Health:
    """Database, model and cache, each by name; 503 while lists can't be served."""
    app = startup.current()
    database = _database(app)
    model = _model(app) if database.ok else Part(ok=False, detail="unknown without the database")
    parts = {"database": database, "model": model, "cache": _cache(app)}
    can_serve = parts["database"].ok and parts["model"].ok
    if not can_serve:
        response.status_code = 503
    return Health(ready=can_serve, **parts)


def _database(app: Application) -> Part:
    try:
        with app.engine.connect():  # the pool asks before it hands a connection out
            pass
    except (SQLAlchemyError, RuntimeError) as error:
        return _away(error)
    return Part(ok=True, detail="answers")


def _model(app: Application) -> Part:
    if not app.has_films:
        return Part(ok=False, detail=f"starting: {app.stage.what}")
    try:
        is_trained = app.recommender.is_trained()
    except SQLAlchemyError as error:
        return _away(error)
    return Part(ok=True, detail="trained" if is_trained else "popular films until the training")


def _cache(app: Application) -> Part:
    try:
        app.redis.ping()
    except (RedisError, RuntimeError) as error:
        return _away(error)
    return Part(ok=True, detail="answers")


def _away(error: Exception) -> Part:
    """Where the server is and who logs in to it is for the log alone."""
    logger.warning("not ready: %s", (str(error) or type(error).__name__).splitlines()[0])
    return Part(ok=False, detail="doesn't answer")
