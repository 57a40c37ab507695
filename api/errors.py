"""Errors as `{"detail": …}` plus the invalid fields: one sentence that says what to do."""

import logging
from collections.abc import Mapping
from itertools import islice

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError
from starlette.exceptions import HTTPException

from accounts.account import DemoAccountError
from accounts.imports import ImportFileError
from accounts.login import WrongLogInError
from accounts.rate_limits import TooOftenError
from accounts.registration import InvalidAccountError
from accounts.throttle import LockedError
from api import methods, validation
from api.validation import MOST_NAMED, InvalidFieldsError
from db.connection import unavailable
from db.queries.users import EmailTakenError
from recsys.data.genres import UnknownGenre

logger = logging.getLogger("api")
_faults = unavailable.Once(logger, "database error in an endpoint")

TOO_LARGE = "The request is too large."


def handle(app: FastAPI) -> None:
    """Register the handlers of our errors."""

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        return _invalid(validation.fields_of(error, request.scope.get("route")))

    @app.exception_handler(InvalidFieldsError)
    async def unfit(_request: Request, error: InvalidFieldsError) -> JSONResponse:
        return _invalid(error.fields)

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> JSONResponse:
        headers = error.headers
        if error.status_code == 400:  # the framework's status for bodies that it can't read
            return _invalid({"body": "can't be read; /api/docs shows what it should be"})
        if error.detail == "Not Found":
            detail = "There is no endpoint at this address; /api/docs lists all endpoints."
        elif error.detail == "Method Not Allowed":
            detail = "This endpoint doesn't allow this method; /api/docs lists those it allows."
            headers = {"Allow": ", ".join(methods.allowed(request.scope))}
        else:
            detail = error.detail
        return _answer(error.status_code, _one_line(detail), headers=headers)

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
        return _answer(422, str(error), fields=error.problems)

    @app.exception_handler(ImportFileError)
    async def wrong_file(_request: Request, error: ImportFileError) -> JSONResponse:
        return _invalid({"file": str(error)})

    @app.exception_handler(EmailTakenError)
    async def taken(_request: Request, _error: EmailTakenError) -> JSONResponse:
        return _answer(409, "There is already an account with this email: log in instead.")

    @app.exception_handler(WrongLogInError)
    async def wrong(_request: Request, error: WrongLogInError) -> JSONResponse:
        return _answer(401, str(error), headers={"WWW-Authenticate": "Bearer"})

    @app.exception_handler(LockedError)
    @app.exception_handler(TooOftenError)
    async def locked(_request: Request, error: LockedError | TooOftenError) -> JSONResponse:
        return too_often(error)

    @app.exception_handler(DemoAccountError)
    async def demo(_request: Request, error: DemoAccountError) -> JSONResponse:
        return _answer(403, str(error))

    @app.exception_handler(SQLAlchemyError)
    async def database(_request: Request, error: SQLAlchemyError) -> JSONResponse:
        _faults.failed(error)
        if isinstance(error, IntegrityError):
            return _answer(409, "This was changed by another request at the same time. Try again.")
        if isinstance(error, DataError):
            return _invalid({"body": "contains a value that can't be stored"})
        return _answer(503, unavailable.in_words(error), headers={"Retry-After": "2"})


def too_often(error: LockedError | TooOftenError) -> JSONResponse:
    """Return the response to a client that has to wait."""
    return _answer(429, str(error), headers={"Retry-After": str(error.retry_after)})


def no_token() -> JSONResponse:
    """Return the response to a request for metrics without their token."""
    return _answer(
        401,
        "Metrics need a token: send METRICS_TOKEN as Authorization: Bearer <token>.",
        {"WWW-Authenticate": "Bearer"},
    )


def too_large() -> JSONResponse:
    """Return the response to a body that is too large."""
    return _answer(413, TOO_LARGE)


def busy() -> JSONResponse:
    """Return the response to a large body while too many others are being received."""
    return _answer(
        503, "Too many files are being uploaded. Try again in a minute.", {"Retry-After": "60"}
    )


def fault() -> JSONResponse:
    """Return the response to an unexpected error; the log has the details."""
    return _answer(500, "Five Films failed unexpectedly. The log has it under this X-Request-ID.")


def _invalid(fields: Mapping[str, str]) -> JSONResponse:
    first = islice(fields.items(), MOST_NAMED)
    fields = {_one_line(name)[:100]: _one_line(problem) for name, problem in first}
    detail = "; ".join(f"{name}: {problem}" for name, problem in fields.items())
    return _answer(422, _one_line(detail), fields=fields)


def _answer(
    status: int, detail: str, headers: Mapping[str, str] | None = None, **fields: object
) -> JSONResponse:
    return JSONResponse({"detail": detail, **fields}, status, headers)


def _one_line(text: str) -> str:
    """Shorten the text, and remove unpaired surrogates, which JSON can't represent."""
    return " ".join(text.encode("utf-8", "replace").decode().split())[:1000]
