"""What somebody who is logged in does with the account: password, sessions, data, leaving."""

import json

import streamlit as st

import startup
from accounts import account
from accounts.account import DemoAccountError
from accounts.login import WrongLogInError
from accounts.registration import InvalidAccountError
from accounts.throttle import LockedError
from db.users import User
from pages.parts import identity
from pages.parts.wording import _, say

_MOST_TYPED = 200


def change_password(user: User) -> None:
    """A form that sets a new password, and logs out everywhere else."""
    with st.form("change_password", border=False):
        old = st.text_input(_("Password now"), type="password", max_chars=_MOST_TYPED)
        new = st.text_input(_("New password"), type="password", max_chars=_MOST_TYPED)
        again = st.text_input(_("New password once more"), type="password", max_chars=_MOST_TYPED)
        if not st.form_submit_button(_("Change the password"), icon=":material/key:"):
            return
    if new != again:
        st.error(
            _("The two new passwords differ: type the same one twice."), icon=":material/error:"
        )
        return
    application = startup.current()
    try:
        changed = account.change_password(
            application.engine,
            user,
            old=old,
            new=new,
            throttle=application.throttle,
            address=identity.address(),
        )
    except WrongLogInError:
        st.error(_("The password that you have now is another one."), icon=":material/error:")
    except (InvalidAccountError, DemoAccountError, LockedError) as error:
        st.error(say(error), icon=":material/error:")
    else:
        identity.log_in(changed)


def sessions(user: User) -> None:
    """Where one is logged in, and the way out of everywhere else."""
    engine = startup.current().engine
    opened = account.sessions_of(engine, user, identity.token())
    st.dataframe(
        [
            {
                "opened": session.created_at,
                "ends": session.expires_at,
                "where": _("Here") if session.is_current else _("Elsewhere"),
            }
            for session in opened
        ],
        hide_index=True,
        column_config={
            "opened": st.column_config.DatetimeColumn(_("Opened"), format=_("D MMM YYYY, HH:mm")),
            "ends": st.column_config.DatetimeColumn(_("Ends"), format=_("D MMM YYYY")),
            "where": st.column_config.TextColumn(_("Where")),
        },
        key="sessions",
        alt=_("Where you are logged in"),
    )
    if st.button(
        _("Log out everywhere else"),
        icon=":material/devices:",
        disabled=len(opened) < 2,
        key="others",
    ):
        account.end_other_sessions(engine, user, identity.token())
        st.rerun()


def export(user: User) -> None:
    """A file with all that is known about somebody."""
    known = account.export(startup.current().engine, user)
    st.download_button(
        _("Download what is known about me"),
        json.dumps(known, indent=2, ensure_ascii=False),
        file_name="five-films-about-me.json",
        mime="application/json",
        icon=":material/download:",
    )


def delete(user: User) -> None:
    """Leaving, confirmed by typing one's email."""
    st.write(
        _(
            "Your account, your ratings and your sessions are removed at once, and "
            "nobody can bring them back."
        )
    )
    with st.form("delete_account", border=False):
        typed = st.text_input(_("Type your email to confirm"), max_chars=300, key="confirm_delete")
        if not st.form_submit_button(_("Delete my account"), icon=":material/delete_forever:"):
            return
    if typed.strip().lower() != user.email:
        st.error(_("That is not your email: nothing was deleted."), icon=":material/error:")
        return
    application = startup.current()
    try:
        account.delete(application.engine, user)
    except DemoAccountError as error:
        st.error(say(error), icon=":material/error:")
        return
    application.recommender.cache.forget(str(user.id))
    identity.log_out()
