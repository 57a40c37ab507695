"""Endpoints for accounts: registration, login, logout, profile, settings, export, deletion."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Response
from sqlalchemy import Engine

from accounts import account, sessions
from accounts.login import WrongLogInError
from accounts.login import log_in as check_and_log_in
from accounts.registration import register as make_account
from accounts.throttle import LockedError
from api.dependencies import Address, BearerToken, CurrentUser, ServicesDep
from api.metrics import LOG_INS
from api.paging import TOTAL, Paged, tell_total
from api.responses import (
    LOCKED,
    NOT_LOGGED_IN,
    REFUSED,
    TAKEN,
    TOO_LARGE,
    UNKNOWN_GENRE,
    WRONG_LOG_IN,
)
from api.schemas.accounts import (
    ChosenStyle,
    Ended,
    Leaving,
    LogIn,
    OpenSession,
    PasswordChange,
    Person,
    Registration,
    StoredFilters,
    Token,
)
from api.validation import StrictRoute
from db.queries import ratings, users
from db.queries.users import User
from recsys.serving.filters import Filters

router = APIRouter(tags=["accounts"], route_class=StrictRoute)


@router.post(
    "/auth/register",
    status_code=201,
    summary="Register",
    responses=TAKEN | TOO_LARGE,
)
def register(payload: Registration, services: ServicesDep) -> Person:
    """Create an account. Log in afterwards."""
    user = make_account(
        services.engine, email=payload.email, password=payload.password, name=payload.name
    )
    return _person(services.engine, user)


@router.post(
    "/auth/login",
    summary="Log in",
    responses=WRONG_LOG_IN | LOCKED | TOO_LARGE,
)
def log_in(form: Annotated[LogIn, Form()], services: ServicesDep, address: Address) -> Token:
    """Return a token for email (as `username`) and password; too many failures lock for a while."""
    try:
        _, token = check_and_log_in(
            services.engine,
            services.throttle,
            email=form.username,
            password=form.password,
            address=address,
            session_days=services.settings.session_days,
        )
    except (WrongLogInError, LockedError) as error:
        LOG_INS.labels("wrong" if isinstance(error, WrongLogInError) else "locked").inc()
        raise
    LOG_INS.labels("good").inc()
    return Token(access_token=token)


@router.post("/auth/logout", status_code=204, summary="Log out", responses=NOT_LOGGED_IN)
def log_out(_user: CurrentUser, services: ServicesDep, token: BearerToken) -> Response:
    """End this session."""
    sessions.end_session(services.engine, token or "")
    return Response(status_code=204)


@router.get("/who-am-i", summary="Who Am I", responses=NOT_LOGGED_IN)
def who_am_i(user: CurrentUser, services: ServicesDep) -> Person:
    """Return the account that the token belongs to."""
    return _person(services.engine, user)


@router.post(
    "/account/password",
    status_code=204,
    summary="Change password",
    responses=NOT_LOGGED_IN | REFUSED | LOCKED | TOO_LARGE,
)
def change_password(
    payload: PasswordChange, user: CurrentUser, services: ServicesDep, address: Address
) -> Response:
    """Set a new password, and end all sessions including this one.

    A wrong old password counts as a failed login.
    """
    try:
        account.change_password(
            services.engine,
            user,
            old=payload.old,
            new=payload.new,
            throttle=services.throttle,
            address=address,
            tells_owner=services.settings.sends_mail,
        )
    except WrongLogInError:  # no 401: the token is good
        raise HTTPException(403, "The old password is wrong.") from None
    return Response(status_code=204)


@router.put(
    "/account/style",
    status_code=204,
    summary="Choose a style",
    responses=NOT_LOGGED_IN | TOO_LARGE,
)
def choose_style(payload: ChosenStyle, user: CurrentUser, services: ServicesDep) -> Response:
    """Store how much popularity counts in my lists, for requests that don't say."""
    with services.engine.begin() as connection:
        users.set_style(connection, user.id, payload.style)
    return Response(status_code=204)


@router.put(
    "/account/filters",
    status_code=204,
    summary="Store filters",
    responses=NOT_LOGGED_IN | UNKNOWN_GENRE | TOO_LARGE,
)
def store_filters(payload: StoredFilters, user: CurrentUser, services: ServicesDep) -> Response:
    """Store filters of my lists, for requests that don't say; they replace those stored before."""
    filters = Filters(
        not_genres=tuple(payload.not_genres),
        max_minutes=payload.max_minutes,
        max_age_rating=payload.max_age_rating,
    ).resolved(services.recommender.genres())
    with services.engine.begin() as connection:
        users.set_filters(connection, user.id, **filters.stored)
    return Response(status_code=204)


@router.get("/account/export", summary="Export my data", responses=NOT_LOGGED_IN)
def export_account(user: CurrentUser, services: ServicesDep) -> dict[str, Any]:
    """Return everything that is stored about me."""
    return account.export(services.engine, user)


@router.get("/account/sessions", summary="My sessions", responses=NOT_LOGGED_IN | TOTAL)
def list_sessions(
    user: CurrentUser, services: ServicesDep, token: BearerToken, page: Paged, response: Response
) -> list[OpenSession]:
    """List where I am logged in."""
    mine = account.sessions_of(services.engine, user, token or "")
    tell_total(response, len(mine))
    return [OpenSession.model_validate(each, from_attributes=True) for each in page.of(mine)]


@router.delete("/account/sessions", summary="Log out everywhere else", responses=NOT_LOGGED_IN)
def end_other_sessions(user: CurrentUser, services: ServicesDep, token: BearerToken) -> Ended:
    """End all my sessions except this one."""
    return Ended(ended=account.end_other_sessions(services.engine, user, token or ""))


@router.delete(
    "/account",
    status_code=204,
    summary="Delete my account",
    responses=NOT_LOGGED_IN | REFUSED | LOCKED | TOO_LARGE,
)
def delete_account(
    payload: Leaving, user: CurrentUser, services: ServicesDep, address: Address
) -> Response:
    """Delete the account with its ratings and sessions for good.

    A wrong password counts as a failed login.
    """
    try:
        account.delete(
            services.engine,
            user,
            confirm=payload.confirm,
            password=payload.password,
            throttle=services.throttle,
            address=address,
        )
    except WrongLogInError:  # no 401: the token is good
        raise HTTPException(403, "The password is wrong: nothing was deleted.") from None
    services.recommender.cache.forget(str(user.id))
    return Response(status_code=204)


def _person(engine: Engine, user: User) -> Person:
    with engine.connect() as connection:
        rated = ratings.count(connection, user.id)
    return Person(
        email=user.email, name=user.name, kind="known" if rated else "cold", ratings=rated
    )
