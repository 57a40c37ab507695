"""Every error as `{"detail": …}` plus the fields named: one sentence that says what to do."""

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from accounts.account import DemoAccountError
from accounts.login import WrongLogInError
from accounts.registration import InvalidAccountError
from accounts.throttle import LockedError
from db.users import EmailTakenError
from recsys.genres import UnknownGenre

logger = logging.getLogger("api")


def handle(app: FastAPI) -> None:
    """Teach the application to answer our errors."""

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        fields = {
            str(problem["loc"][-1]) if problem["loc"] else "body": problem["msg"]
            for problem in error.errors()
        }
        detail = "; ".join(f"{name}: {problem}" for name, problem in fields.items())
        return _answer(422, _one_line(detail), fields={k: _one_line(v) for k, v in fields.items()})

    @app.exception_handler(UnknownGenre)
    async def unknown_genre(_request: Request, error: UnknownGenre) -> JSONResponse:
        return _answer(
            404,
            _one_line(str(error)),
            available_genres=error.available,
            did_you_mean=error.did_you_mean,
        )

    @app.exception_handler(InvalidAccountError)
    async def invalid_account(_request: Request, error: InvalidAccountError) -> JSONResponse:
        return _answer(422, str(error), fields={error.field: str(error)})

    @app.exception_handler(EmailTakenError)
    async def taken(_request: Request, _error: EmailTakenError) -> JSONResponse:
        return _answer(409, "There is an account with this email already: log in instead.")

    @app.exception_handler(WrongLogInError)
    async def wrong(_request: Request, error: WrongLogInError) -> JSONResponse:
        return _answer(401, str(error), headers={"WWW-Authenticate": "Bearer"})

    @app.exception_handler(LockedError)
    async def locked(_request: Request, error: LockedError) -> JSONResponse:
        return _answer(429, str(error), headers={"Retry-After": str(error.retry_after)})

    @app.exception_handler(DemoAccountError)
    async def demo(_request: Request, error: DemoAccountError) -> JSONResponse:
        return _answer(403, str(error))

    @app.exception_handler(SQLAlchemyError)
    async def database(_request: Request, error: SQLAlchemyError) -> JSONResponse:
        if isinstance(error, DBAPIError | PoolTimeoutError):
            logger.error("a handle could not reach the database: %s", str(error).splitlines()[0])
            return _answer(
                503,
                "The database doesn't answer at the moment. Try again.",
                headers={"Retry-After": "2"},
            )
        raise error


def _answer(
    status: int, detail: str, headers: dict[str, str] | None = None, **fields: object
) -> JSONResponse:
    return JSONResponse({"detail": detail, **fields}, status, headers)


def _one_line(text: str) -> str:
    """Short, and without halves of surrogate pairs, which JSON can't carry."""
    return " ".join(text.encode("utf-8", "replace").decode().split())[:1000]
