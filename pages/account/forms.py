"""Forms for a logged-in person: password, sessions, export, deletion."""

import streamlit as st

from accounts import account
from accounts.account import DemoAccountError
from accounts.login import WrongLogInError
from accounts.registration import InvalidAccountError
from accounts.throttle import LockedError
from db.queries.users import User
from pages.account.fields import Fields
from pages.parts import identity, wording
from pages.parts.text import plain
from pages.parts.wording import _, pgettext, say
from startup import Services


def change_password(services: Services, user: User) -> None:
    """Show a form that sets a new password and ends all other sessions."""
    fields = Fields("password")
    with st.form("change_password", border=False):
        fields.whose(user.email)
        old = fields.password("old", _("Current password"), "current-password")
        new = fields.password("new", _("New password"), "new-password")
        again = fields.password("again", _("Repeat the new password"), "new-password")
        if not st.form_submit_button(_("Change the password"), icon=":material/key:"):
            return
    try:
        changed = account.change_password(
            services.engine,
            user,
            old=old,
            new=new,
            again=again,
            throttle=services.throttle,
            address=identity.address(),
            tells_owner=services.settings.sends_mail,
        )
    except WrongLogInError:
        fields.complain({"old": _("That is not your current password.")})
    except InvalidAccountError as error:
        fields.complain(error.problems)
    except (DemoAccountError, LockedError) as error:
        st.error(say(error), icon=":material/error:")
    else:
        identity.log_in(services, changed)


def sessions(services: Services, user: User) -> None:
    """Show the sessions, and a button that ends the others."""
    mine = identity.token(services.settings)
    opened = account.sessions_of(services.engine, user, mine)
    zone = wording.time_zone()
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
            "opened": st.column_config.DatetimeColumn(
                _("Opened"), format=_("D MMM YYYY, HH:mm"), timezone=zone
            ),
            "ends": st.column_config.DatetimeColumn(
                _("Ends"), format=_("D MMM YYYY"), timezone=zone
            ),
            "where": st.column_config.TextColumn(_("Where")),
        },
        key="sessions",
        alt=_("Where you are logged in"),
    )
    st.caption(_("Times are in your time zone ({zone}).").format(zone=plain(zone)))
    if st.button(
        _("Log out everywhere else"),
        icon=":material/devices:",
        disabled=len(opened) < 2,
        key="others",
    ):
        account.end_other_sessions(services.engine, user, mine)
        st.rerun()


def export() -> None:
    """Offer a file with all data about a person."""
    st.link_button(
        _("Download what is known about me"),
        "/download/five-films-about-me.json",
        icon=":material/download:",
    )


def delete(services: Services, user: User) -> None:
    """Show a form that deletes the account, confirmed by a word and the password."""
    st.write(
        _("Your account, your ratings and your sessions are deleted at once. This can't be undone.")
    )
    word = pgettext("typed to confirm", "delete")
    fields = Fields("leaving")
    with st.form("delete_account", border=False):
        fields.whose(user.email)
        typed = fields.text("confirm", _("Type the word “{word}”").format(word=word), "off")
        password = fields.password("password", _("Your password"), "current-password")
        if not st.form_submit_button(_("Delete my account"), icon=":material/delete_forever:"):
            return
    is_confirmed = typed.strip().casefold() == word.casefold()
    try:
        account.delete(
            services.engine,
            user,
            confirm=user.email or "" if is_confirmed else "",
            password=password,
            throttle=services.throttle,
            address=identity.address(),
        )
    except WrongLogInError:
        fields.complain({"password": _("That is not your password. Nothing was deleted.")})
    except InvalidAccountError as error:
        another = _("That is not the word “{word}”. Nothing was deleted.").format(word=word)
        fields.complain(error.problems | {"confirm": another})
    except (DemoAccountError, LockedError) as error:
        st.error(say(error), icon=":material/error:")
    else:
        services.recommender.cache.forget(str(user.id))
        identity.log_out(services)
