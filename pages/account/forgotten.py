"""Forms for people who have forgotten their password: ask for a link, and follow it."""

import streamlit as st

from accounts import forgotten
from accounts.forgotten import LINK_MINUTES, UsedLinkError
from accounts.passwords import LEAST_CHARACTERS
from accounts.registration import InvalidAccountError
from accounts.throttle import LockedError
from pages.account.fields import Fields
from pages.parts import identity, wording
from pages.parts.wording import _, number, say
from startup import Services

RESET = "reset"
"""In the address, the token of a link."""


def ask(services: Services) -> None:
    """Show how to get a new password: by mail, or from whoever runs the site."""
    with st.expander(_("Forgot your password?"), icon=":material/key:"):
        if services.settings.sends_mail:
            _ask_by_mail(services)
        else:
            st.markdown(
                _(
                    "This site sends no mail, so ask whoever runs it to set a new password for "
                    "you. They do it with `python -m recsys password EMAIL`."
                )
            )


def _ask_by_mail(services: Services) -> None:
    fields = Fields("forgotten")
    with st.form("forgotten_form", border=False):
        st.markdown(
            _("We send you a link that sets a new one. It works for {minutes} minutes.").format(
                minutes=number(LINK_MINUTES)
            )
        )
        email = fields.email("email", _("Email of your account"), "username")
        if not st.form_submit_button(_("Send me a link"), icon=":material/mail:"):
            return
    try:
        can_send = forgotten.ask_for_link(
            services.engine, email=email, address=identity.address(), language=wording.spoken()
        )
    except InvalidAccountError as error:
        fields.complain(error.problems)
    except LockedError as error:
        st.error(say(error), icon=":material/lock_clock:")
    else:
        if can_send:
            st.info(
                _(
                    "If there is an account with this email, its link is being sent. Nothing "
                    "after a few minutes? Check your spam folder, or ask again."
                ),
                icon=":material/mail:",
            )
        else:
            st.warning(
                _(
                    "Mails can't be sent at the moment. If there is an account with this email, "
                    "its link is sent as soon as they can."
                ),
                icon=":material/mail_off:",
            )


def follow(services: Services) -> bool:
    """Show the form that the link in the address leads to; return whether there is one."""
    token = st.query_params.get(RESET)
    if token is None:
        return False
    try:
        user = forgotten.owner_of_link(services.engine, token)
    except UsedLinkError as error:
        st.warning(say(error), icon=":material/link_off:")
        return False
    st.title(_("A new password"))
    fields = Fields("new_password")
    with st.container(width=640), st.form("new_password_form"):
        fields.whose(user.email)
        st.text(_("Email: {email}").format(email=user.email))
        new = fields.password(
            "new",
            _("New password"),
            "new-password",
            help=_("At least {least} characters; a whole sentence works well.").format(
                least=number(LEAST_CHARACTERS)
            ),
        )
        again = fields.password("again", _("Repeat the new password"), "new-password")
        if not st.form_submit_button(_("Set the password and log in"), type="primary"):
            return True
    try:
        changed = forgotten.set_by_link(services.engine, token=token, new=new, again=again)
    except InvalidAccountError as error:
        fields.complain(error.problems)
    except UsedLinkError as error:
        st.warning(say(error), icon=":material/link_off:")
    else:
        identity.log_in(services, changed)
    return True
