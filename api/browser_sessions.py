"""The routes that set and clear the browser's session cookie, which no script can read."""

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

import startup
from accounts import sessions
from accounts.sessions import SESSION_COOKIE, VISITOR_COOKIE

_SECONDS_A_DAY = 24 * 60 * 60


async def take_session(request: Request) -> Response:
    """Exchange a ticket for the cookie, then show the page; a stale ticket changes nothing."""
    application = startup.current()
    if not application.has_films:
        return _to("/")
    try:
        token = await run_in_threadpool(
            sessions.redeem_ticket,
            application.engine,
            request.query_params.get("ticket", ""),
            request.cookies.get(VISITOR_COOKIE, ""),
        )
    except SQLAlchemyError:
        return _to("/")  # the page says that the database is away
    if token is None:
        return _to("/account?ticket=expired")
    response = _to("/")
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=application.settings.session_days * _SECONDS_A_DAY,
        httponly=True,
        samesite="lax",
        secure=application.settings.secure_cookies,
    )
    return response


async def drop_session(request: Request) -> Response:
    """Forget the cookie of a session that the page has ended."""
    application = startup.current()
    response = _to("/")
    if not application.has_films:
        return response
    token = request.cookies.get(SESSION_COOKIE)
    try:
        user = await run_in_threadpool(sessions.user_of, application.engine, token)
    except SQLAlchemyError:
        return response  # nobody can tell whether it has ended
    if user is None:  # a link from elsewhere can't log anybody out
        response.delete_cookie(SESSION_COOKIE)
    return response


def _to(address: str) -> RedirectResponse:
    return RedirectResponse(address, status_code=303, headers={"cache-control": "no-store"})


routes = [
    Route("/auth/session", take_session, methods=["GET"]),
    Route("/auth/ended", drop_session, methods=["GET"]),
]
