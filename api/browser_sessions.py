"""The routes that set and clear the browser's session cookie, which no script can read."""

from functools import partial

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from accounts import sessions
from accounts.sessions import SESSION_COOKIE, VISITOR_COOKIE, cookie_name
from startup import Application

_SECONDS_A_DAY = 24 * 60 * 60


async def _take_session(application: Application, request: Request) -> Response:
    """Exchange a ticket for the cookie, then show the page; an expired ticket changes nothing."""
    if not application.progress.has_films:
        return _to("/")
    secure = application.settings.secure_cookies
    visitor = sessions.browser(request.cookies, secure=secure).visitor or ""
    try:
        token = await run_in_threadpool(
            sessions.redeem_ticket,
            application.services.engine,
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


async def _drop_session(application: Application, request: Request) -> Response:
    """Delete the cookie of a session that the page has ended."""
    response = _to("/")
    if not application.progress.has_films:
        return response
    secure = application.settings.secure_cookies
    token = sessions.browser(request.cookies, secure=secure).token
    try:
        user = await run_in_threadpool(sessions.user_of, application.services.engine, token)
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


def routes(application: Application) -> list[BaseRoute]:
    """Return the routes."""
    return [
        Route("/auth/session", partial(_take_session, application), methods=["GET"]),
        Route("/auth/ended", partial(_drop_session, application), methods=["GET"]),
    ]
