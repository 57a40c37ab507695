"""What handles need: the application, and who is asking (by bearer token alone, no cookie)."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.security import OAuth2PasswordBearer
from starlette.types import Scope

import startup
from accounts import sessions
from db.queries.users import User
from startup import Application

_bearer = OAuth2PasswordBearer(tokenUrl="auth/login", auto_error=False, scheme_name="Log in")

NOT_LOGGED_IN = "Log in first: POST /api/auth/login gives a token."


async def application() -> Application:  # doesn't wait, and so needs no thread
    """The application, once its films are there; 503 with the stage until then."""
    running = startup.current()
    if not running.has_films:
        raise HTTPException(
            503, f"Starting: {running.stage.what}. Try again in a moment.", {"Retry-After": "2"}
        )
    return running


App = Annotated[Application, Depends(application)]
BearerToken = Annotated[str | None, Depends(_bearer)]


def optional_user(request: Request, app: App, token: BearerToken) -> User | None:
    """Who asks; None for a stranger. A token that has ended is an error, not a stranger's."""
    if token is None:
        if request.headers.get("authorization"):
            raise _not_logged_in("The Authorization header should read: Bearer <token>.")
        return None
    user = sessions.user_of(app.engine, token)
    if user is None:
        raise _not_logged_in("This log-in has ended. Log in again.")
    return user


async def asker(request: Request, app: App, token: BearerToken) -> Callable[[], User | None]:
    """Return `optional_user` for an endpoint to call in its own thread, which saves a switch."""
    return lambda: optional_user(request, app, token)


async def current_user(user: Annotated[User | None, Depends(optional_user)]) -> User:
    """Who asks; 401 for a stranger."""
    if user is None:
        raise _not_logged_in(NOT_LOGGED_IN)
    return user


Asker = Annotated[Callable[[], User | None], Depends(asker)]
OptionalUser = Annotated[User | None, Depends(optional_user)]
CurrentUser = Annotated[User, Depends(current_user)]


def address_of(scope: Scope) -> str:
    """The network address that a request comes from."""
    client: tuple[str, int] | None = scope.get("client")
    return "local" if client is None else client[0]


async def address(request: Request) -> str:
    """The same, for a handle."""
    return address_of(request.scope)


Address = Annotated[str, Depends(address)]


async def rater(user: CurrentUser, address: Address, app: App) -> User:
    """As `current_user`, who is about to rate; 429 for whoever rates too fast."""
    app.rating_limit.note(f"user {user.id}", address)
    return user


Rater = Annotated[User, Depends(rater)]


def _not_logged_in(detail: str) -> HTTPException:
    return HTTPException(401, detail, {"WWW-Authenticate": "Bearer"})
