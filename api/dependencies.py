"""Dependencies of endpoints: the services and the user (by bearer token, never by cookie)."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.security import OAuth2PasswordBearer
from starlette.types import Scope

from accounts import sessions
from db.queries.users import User
from startup import Application, Services

_bearer = OAuth2PasswordBearer(tokenUrl="auth/login", auto_error=False, scheme_name="Log in")

NOT_LOGGED_IN = "Log in first: POST /api/auth/login returns a token."


async def application(request: Request) -> Application:  # doesn't block, so it needs no thread
    """Return the application, which `api.application.routes` puts into the API's state."""
    running: Application = request.app.state.application
    return running


ApplicationDep = Annotated[Application, Depends(application)]


async def services(request: Request) -> Services:
    """Return what endpoints share; 503 with the current stage until there are films."""
    running: Application = request.app.state.application
    if not running.progress.has_films:
        what = running.progress.stage.what
        raise HTTPException(503, f"Starting: {what}. Try again in a moment.", {"Retry-After": "2"})
    return running.services


ServicesDep = Annotated[Services, Depends(services)]
BearerToken = Annotated[str | None, Depends(_bearer)]


def optional_user(request: Request, services: ServicesDep, token: BearerToken) -> User | None:
    """Return the user, or None without a token; an expired token is an error."""
    if token is None:
        if request.headers.get("authorization"):
            raise _not_logged_in("The Authorization header should read: Bearer <token>.")
        return None
    user = sessions.user_of(services.engine, token)
    if user is None:
        raise _not_logged_in("This session has ended. Log in again.")
    return user


async def asker(
    request: Request, services: ServicesDep, token: BearerToken
) -> Callable[[], User | None]:
    """Return `optional_user` for an endpoint to call in its own thread, which saves a switch."""
    return lambda: optional_user(request, services, token)


async def current_user(user: Annotated[User | None, Depends(optional_user)]) -> User:
    """Return the user; 401 without a token."""
    if user is None:
        raise _not_logged_in(NOT_LOGGED_IN)
    return user


Asker = Annotated[Callable[[], User | None], Depends(asker)]
OptionalUser = Annotated[User | None, Depends(optional_user)]
CurrentUser = Annotated[User, Depends(current_user)]


def address_of(scope: Scope) -> str:
    """Return the network address of the client."""
    client: tuple[str, int] | None = scope.get("client")
    return "local" if client is None else client[0]


async def address(request: Request) -> str:
    """Return the network address of the client, as a dependency of endpoints."""
    return address_of(request.scope)


Address = Annotated[str, Depends(address)]


async def rater(user: CurrentUser, address: Address, services: ServicesDep) -> User:
    """Return the current user, who is about to rate; 429 if they rate too fast."""
    services.rating_limit.note(f"user {user.id}", address)
    return user


Rater = Annotated[User, Depends(rater)]


def _not_logged_in(detail: str) -> HTTPException:
    return HTTPException(401, detail, {"WWW-Authenticate": "Bearer"})
