"""Health checks: whether the process is alive, and whether it can serve lists."""

from fastapi import APIRouter, Response

from api.dependencies import ApplicationDep
from api.schemas.health import Alive, Health, Part
from api.validation import StrictRoute
from startup import health

router = APIRouter(prefix="/health", tags=["health"], route_class=StrictRoute)


@router.get("/live", summary="Live")
async def is_alive() -> Alive:  # not in a worker thread: all of them may be blocked
    """Answer while the process is alive."""
    return Alive()


@router.get(
    "/ready",
    summary="Ready",
    responses={503: {"model": Health, "description": "Lists can't be served."}},
)
def is_ready(response: Response, application: ApplicationDep) -> Health:
    """Return the state of database, model and cache; 503 while lists can't be served."""
    parts = (
        health.parts(application.services)
        if application.progress.has_films
        else health.parts_of_start(application)
    )
    if not parts.can_serve:
        response.status_code = 503
    return Health(
        ready=parts.can_serve,
        database=_public(parts.database),
        model=_public(parts.model),
        cache=_public(parts.cache),
    )


def _public(part: health.Part) -> Part:
    return Part(ok=part.ok, detail=part.detail)
