"""Log in, register, who am I, log out."""

import streamlit as st
from streamlit_authenticator.utilities import RegisterError

import startup
from accounts import authentication, demo, emails
from accounts.login import note_failure, note_success
from accounts.throttle import LockedError
from db import ratings, users
from db.users import EmailTakenError, User
from pages.parts import account_forms, identity, wording
from pages.parts.text import plain
from pages.parts.wording import N_, _, number

LOG_IN, REGISTER = N_("Log in"), N_("Register")


def _find(email: str) -> User | None:
    with startup.current().engine.connect() as connection:
        return users.by_email(connection, emails.normal(email))


def _log_in_form() -> None:
    application = startup.current()
    address = identity.address()
    form, directory = authentication.for_log_in(application.engine, application.throttle, address)
    try:
        form.login(
            fields={
                "Form name": _(LOG_IN),
                "Username": _("Email"),
                "Password": _("Password"),
                "Login": _(LOG_IN),
            },
            key="log_in",
        )
    except LockedError as error:
        st.error(wording.say(error), icon=":material/lock_clock:")
        return
    is_right = st.session_state.get("authentication_status")
    _forget_the_librarys_state()
    if not st.session_state.get(f"FormSubmitter:log_in-{_(LOG_IN)}"):
        return
    user = _find(directory.tried) if is_right and directory.tried else None
    if user is not None:
        note_success(application.throttle, user, address)
        identity.log_in(user)
    if directory.tried:
        note_failure(directory.tried, address)
    st.error(
        _("That email and password don't go together. Check both, or register."),
        icon=":material/error:",
    )


def _registration_form() -> None:
    form = authentication.for_registration(startup.current().engine)
    try:
        email, *_rest = form.register_user(
            merge_username_email=True,
            captcha=False,
            password_hint=False,
            key="registration",
            fields={
                "Form name": _(REGISTER),
                "First name": _("First name (if you like)"),
                "Last name": _("Last name (if you like)"),
                "Email": _("Email"),
                "Password": _("Password"),
                "Repeat password": _("Password once more"),
                "Register": _(REGISTER),
            },
        )
    except (RegisterError, EmailTakenError) as error:
        st.error(_what_to_do(error), icon=":material/error:")
        return
    user = _find(email) if email else None
    if user is not None:
        identity.log_in(user)


def _what_to_do(error: Exception) -> str:
    if isinstance(error, EmailTakenError) or "taken" in str(error):
        return _("There is an account with this email already. Log in instead, or take another.")
    return {
        "First name is not valid": _("The first name is too long or has unprintable signs in it."),
        "Last name is not valid": _("The last name is too long or has unprintable signs in it."),
        "Email is not valid": _("This is no email address: it should read like name@example.org."),
        "Passwords do not match": _("The two passwords differ: type the same one twice."),
        "Password/repeat password fields cannot be empty": _("Type a password, twice."),
    }.get(str(error), wording.say(error))


def _forget_the_librarys_state() -> None:
    for name in ("authentication_status", "username", "name", "email", "roles", "logout"):
        st.session_state.pop(name, None)


def _who_am_i(user: User) -> None:
    with startup.current().engine.connect() as connection:
        rated = ratings.count(connection, user.id)
    st.title(_("Who am I"))
    with st.container(border=True):
        st.markdown(f"### {plain(identity.display_name(user))}")
        # Markdown would make a link of it.
        st.text(_("Email: {email}").format(email=user.email or "–"))
        st.text(_("Ratings: {rated}").format(rated=number(rated)))
        st.markdown(
            _("You are **known** to us: your five films come from your own ratings.")
            if rated
            else _("You are **new** here: your five films are popular ones until you rate some.")
        )
        if st.button(_("Log out"), icon=":material/logout:", type="primary"):
            identity.log_out()
    st.subheader(_("Where you are logged in"))
    account_forms.sessions(user)
    st.subheader(_("Your data"))
    account_forms.export(user)
    if user.is_demo:
        st.info(
            _(
                "This is a demo account, which others use too: its password stays, and "
                "it can't be deleted."
            ),
            icon=":material/science:",
        )
        return
    with st.expander(_("Change the password"), icon=":material/key:"):
        account_forms.change_password(user)
    with st.expander(_("Delete my account"), icon=":material/delete_forever:"):
        account_forms.delete(user)


user = identity.current_user()
if user is not None:
    with st.container(width=720):
        _who_am_i(user)
else:
    st.title(_("Your account"))
    if st.query_params.get("ticket") == "expired":
        st.warning(_("The log-in took too long on its way. Please log in once more."))
    wish = st.segmented_control(
        _("What would you like to do?"),
        [LOG_IN, REGISTER],
        default=LOG_IN,
        format_func=_,
        key="wish",
        required=True,
    )
    with st.container(width=640):
        if wish == REGISTER:
            _registration_form()
        else:
            _log_in_form()
            if startup.current().settings.has_demo_accounts:
                st.info(
                    _(
                        "To try it out: **test195@mail.com** with the password "
                        "**{password}**, or any other number that a rater of the data "
                        "set has."
                    ).format(password=demo.PASSWORD),
                    icon=":material/science:",
                )
