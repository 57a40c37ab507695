"""Downloads of a person's own data, read from the database at each download.

Streamlit's own download buttons publish a file to anyone who knows its URL, even after logout.
"""

import json
from collections.abc import Callable
from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from accounts import account, sessions
from accounts.exporting import Form, write
from db.queries import histories
from db.queries.users import User
from recsys.serving.guests import NO_GUEST_RATINGS
from startup import Application, Services

_Make = Callable[[Services, User | None, str | None], str | None]


def _about_me(services: Services, user: User | None, _visitor: str | None) -> str | None:
    if user is None:
        return None
    return json.dumps(account.export(services.engine, user), indent=2, ensure_ascii=False)


def _my_ratings(form: Form) -> _Make:
    def make(services: Services, user: User | None, visitor: str | None) -> str:
        guest = services.guests.of(visitor) if user is None else NO_GUEST_RATINGS
        with services.engine.connect() as connection:
            rated = guest.history if user is None else histories.frame(connection, user.id)
            # The byte order mark tells Excel that it is UTF-8.
            return "\ufeff" + write(connection, rated, form)

    return make


def _download(application: Application, name: str, media_type: str, make: _Make) -> Route:
    def answer(cookies: dict[str, str]) -> Response:
        file = None
        if application.progress.has_films:
            services = application.services
            browser = sessions.browser(cookies, secure=services.settings.secure_cookies)
            with suppress(SQLAlchemyError):  # the page says that the database is unavailable
                user = sessions.user_of(services.engine, browser.token)
                file = make(services, user, browser.visitor)
        if file is None:
            return RedirectResponse("/account", 303, {"cache-control": "no-store"})
        return Response(
            file,
            media_type=media_type,
            headers={
                "content-disposition": f'attachment; filename="{name}"',
                "cache-control": "no-store, private",
            },
        )

    async def endpoint(request: Request) -> Response:
        return await run_in_threadpool(answer, request.cookies)

    return Route(f"/download/{name}", endpoint, methods=["GET"])


def routes(application: Application) -> list[BaseRoute]:
    """Return a route for each file."""
    return [
        _download(application, name, media_type, make)
        for name, media_type, make in (
            ("five-films-about-me.json", "application/json", _about_me),
            ("five-films-ratings.csv", "text/csv", _my_ratings("movielens")),
            ("five-films-letterboxd.csv", "text/csv", _my_ratings("letterboxd")),
        )
    ]
