"""The endpoints' errors as the schema documents them: each status with meaning and example."""

from typing import Any

from api.schemas.problems import InvalidFields, Problem, UnknownGenreProblem

Responses = dict[int | str, dict[str, Any]]

_RETRY_AFTER = {
    "Retry-After": {
        "description": "Seconds to wait before trying again.",
        "schema": {"type": "integer"},
    }
}


def _failing(
    status: int, meaning: str, example: str, *, headers: dict[str, Any] | None = None
) -> Responses:
    answer: dict[str, Any] = {
        "model": Problem,
        "description": meaning,
        "content": {"application/json": {"example": {"detail": example}}},
    }
    if headers is not None:
        answer["headers"] = headers
    return {status: answer}


INVALID: Responses = {422: {"model": InvalidFields, "description": "A field is invalid."}}
TOO_MANY = _failing(
    429,
    "Too many requests from this address.",
    "You are rating too fast. Try again in 20 seconds.",
    headers=_RETRY_AFTER,
)
OF_ALL = INVALID | TOO_MANY
"""Any request may have unknown parameters, or exceed the rate limit."""

UNKNOWN_GENRE: Responses = {
    404: {"model": UnknownGenreProblem, "description": "No film has this genre."}
}
NOT_LOGGED_IN = _failing(
    401,
    "The token is missing or has expired.",
    "This session has ended. Log in again.",
    headers={"WWW-Authenticate": {"description": "Bearer", "schema": {"type": "string"}}},
)
WRONG_LOG_IN = _failing(
    401,
    "Wrong email or password.",
    "That email and password don't go together.",
    headers={"WWW-Authenticate": {"description": "Bearer", "schema": {"type": "string"}}},
)
LOCKED = _failing(
    429,
    "Too many wrong passwords.",
    "Too many attempts. Try again in 15 minutes.",
    headers=_RETRY_AFTER,
)
TOO_OFTEN = _failing(
    429,
    "Too many ratings in a minute.",
    "You are rating too fast. Try again in 20 seconds.",
    headers=_RETRY_AFTER,
)
UNKNOWN_FILM = _failing(404, "There is no such film.", "There is no film with the number 999.")
NO_PICTURE = _failing(
    404, "There is no such picture, or no key of TMDb.", "There is no poster of the film 999."
)
NOT_RATED = _failing(404, "There is no such rating.", "You haven't rated this film.")
NOT_MARKED = _failing(404, "There is no such mark.", "You haven't marked this film.")
ALREADY_RATED = _failing(
    409,
    "The film is rated, or was changed at the same time.",
    "You have rated this film: take the rating back first.",
)
NO_MAIL = _failing(
    409,
    "The site has no mail server.",
    "This site sends no mail. Ask its operator for a new password.",
)
USED_LINK = _failing(
    410,
    "The link has expired, was used, or was replaced by a newer one.",
    "This link has expired, or it has been used. Ask for a new one.",
)
TAKEN = _failing(
    409,
    "The email already has an account.",
    "There is already an account with this email: log in instead.",
)
REFUSED = _failing(
    403,
    "Not allowed for this account, or the password is wrong.",
    "This is a shared demo account, so it can't be changed.",
)
CHANGED_MEANWHILE = _failing(
    409,
    "Another request changed or removed it at the same time.",
    "This was changed by another request at the same time. Try again.",
)
TOO_LARGE = _failing(413, "The body is too large.", "The request is too large.")
UNAVAILABLE = _failing(
    503,
    "The app is starting, or its database is unavailable.",
    "The database is not responding at the moment. Try again.",
    headers=_RETRY_AFTER,
)
