"""The routes that set and clear the browser's session cookie, which no script can read."""

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

import startup
from accounts import sessions
from accounts.sessions import SESSION_COOKIE, VISITOR_COOKIE, cookie_name

_SECONDS_A_DAY = 24 * 60 * 60


async def take_session(request: Request) -> Response:
    """Exchange a ticket for the cookie, then show the page; an expired ticket changes nothing."""
    application = startup.current()
    if not application.has_films:
        return _to("/")
    secure = application.settings.secure_cookies
    visitor = sessions.browser(request.cookies, secure=secure).visitor or ""
    try:
        token = await run_in_threadpool(
            sessions.redeem_ticket,
            application.engine,
            request.query_params.get("ticket", ""),
            visitor,
        )
    except SQLAlchemyError:
        return _to("/")  # the page says that the database is unavailable
    if token is None:
        return _to("/account?ticket=expired")
    response = _to("/")
    # Both are needed to prove the session, so they expire together.
    for name, value in ((SESSION_COOKIE, token), (VISITOR_COOKIE, visitor)):
        response.set_cookie(
            cookie_name(name, secure=secure),
            value,
            max_age=application.settings.session_days * _SECONDS_A_DAY,
            httponly=True,
            samesite="lax",
            secure=secure,
        )
    return response


async def drop_session(request: Request) -> Response:
    """Delete the cookie of a session that the page has ended."""
    application = startup.current()
    response = _to("/")
    if not application.has_films:
        return response
    secure = application.settings.secure_cookies
    token = sessions.browser(request.cookies, secure=secure).token
    try:
        user = await run_in_threadpool(sessions.user_of, application.engine, token)
    except SQLAlchemyError:
        return response  # it is unknown whether the session has ended
    if user is None:  # so a link on another site can't log the user out
        response.delete_cookie(
            cookie_name(SESSION_COOKIE, secure=secure),
            httponly=True,
            samesite="lax",
            secure=secure,
        )
    return response


def _to(address: str) -> RedirectResponse:
    return RedirectResponse(address, status_code=303, headers={"cache-control": "no-store"})


routes = [
    Route("/auth/session", take_session, methods=["GET"]),
    Route("/auth/ended", drop_session, methods=["GET"]),
]
