"""Endpoints for people who have forgotten their password."""

from fastapi import APIRouter, HTTPException, Response

from accounts import forgotten
from accounts.forgotten import UsedLinkError
from api.dependencies import Address, ServicesDep
from api.responses import LOCKED, NO_MAIL, TOO_LARGE, USED_LINK
from api.schemas.passwords import Forgotten, LinkRequested, NewPassword
from api.validation import StrictRoute

router = APIRouter(tags=["accounts"], route_class=StrictRoute)


@router.post(
    "/auth/forgotten-password",
    status_code=202,
    summary="Forgotten password",
    responses=LOCKED | NO_MAIL | TOO_LARGE,
)
def request_password_link(
    payload: Forgotten, services: ServicesDep, address: Address
) -> LinkRequested:
    """Have a link mailed to me that sets a new password; it works once, for 30 minutes.

    The response is the same whether there is an account with this email or not.
    """
    if not services.settings.sends_mail:
        raise HTTPException(409, "This site sends no mail. Ask its operator for a new password.")
    can_send = forgotten.ask_for_link(
        services.engine, email=payload.email, address=address, language=payload.language
    )
    return LinkRequested(can_send=can_send)


@router.post(
    "/auth/new-password",
    status_code=204,
    summary="Set a new password",
    responses=USED_LINK | TOO_LARGE,
)
def set_new_password(payload: NewPassword, services: ServicesDep) -> Response:
    """Set a new password with the token of a link, and end all sessions."""
    try:
        forgotten.set_by_link(services.engine, token=payload.token, new=payload.new)
    except UsedLinkError as error:
        raise HTTPException(410, str(error)) from None
    return Response(status_code=204)
