"""Log in, register, who am I, log out."""

import streamlit as st
from streamlit_authenticator.utilities import RegisterError

import startup
from accounts import authentication, demo, emails
from accounts.login import note_failure, note_success
from accounts.throttle import LockedError
from db import ratings, users
from db.users import EmailTakenError, User
from pages.parts import account_forms, identity
from pages.parts.text import plain

LOG_IN, REGISTER = "Log in", "Register"


def _find(email: str) -> User | None:
    with startup.current().engine.connect() as connection:
        return users.by_email(connection, emails.normal(email))


def _log_in_form() -> None:
    application = startup.current()
    address = identity.address()
    form, directory = authentication.for_log_in(application.engine, application.throttle, address)
    try:
        form.login(fields={"Form name": LOG_IN, "Username": "Email", "Login": LOG_IN}, key="log_in")
    except LockedError as error:
        st.error(str(error), icon=":material/lock_clock:")
        return
    is_right = st.session_state.get("authentication_status")
    _forget_the_librarys_state()
    if not st.session_state.get(f"FormSubmitter:log_in-{LOG_IN}"):
        return
    user = _find(directory.tried) if is_right and directory.tried else None
    if user is not None:
        note_success(application.throttle, user, address)
        identity.log_in(user)
    if directory.tried:
        note_failure(directory.tried, address)
    st.error(
        "That email and password don't go together. Check both, or register.",
        icon=":material/error:",
    )


def _registration_form() -> None:
    form = authentication.for_registration(startup.current().engine)
    try:
        email, _, _ = form.register_user(
            merge_username_email=True,
            captcha=False,
            password_hint=False,
            key="registration",
            fields={
                "Form name": REGISTER,
                "First name": "First name (if you like)",
                "Last name": "Last name (if you like)",
                "Repeat password": "Password once more",
                "Register": REGISTER,
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
        return "There is an account with this email already. Log in instead, or take another."
    return {
        "First name is not valid": "The first name is too long or has unprintable signs in it.",
        "Last name is not valid": "The last name is too long or has unprintable signs in it.",
        "Email is not valid": "This is no email address: it should read like name@example.org.",
        "Passwords do not match": "The two passwords differ: type the same one twice.",
        "Password/repeat password fields cannot be empty": "Type a password, twice.",
    }.get(str(error), str(error))


def _forget_the_librarys_state() -> None:
    for name in ("authentication_status", "username", "name", "email", "roles", "logout"):
        st.session_state.pop(name, None)


def _who_am_i(user: User) -> None:
    with startup.current().engine.connect() as connection:
        rated = ratings.count(connection, user.id)
    st.title("Who am I")
    with st.container(border=True):
        st.markdown(f"### {plain(identity.display_name(user))}")
        st.text(f"Email: {user.email or '–'}")  # Markdown would make a link of it
        st.text(f"Ratings: {rated:,}")
        st.markdown(
            "You are **known** to us: your five films come from your own ratings."
            if rated
            else "You are **new** here: your five films are popular ones until you rate some."
        )
        if st.button("Log out", icon=":material/logout:", type="primary"):
            identity.log_out()
    st.subheader("Where you are logged in")
    account_forms.sessions(user)
    st.subheader("Your data")
    account_forms.export(user)
    if user.is_demo:
        st.info(
            "This is a demo account, which others use too: its password stays, and it can't be "
            "deleted.",
            icon=":material/science:",
        )
        return
    with st.expander("Change the password", icon=":material/key:"):
        account_forms.change_password(user)
    with st.expander("Delete my account", icon=":material/delete_forever:"):
        account_forms.delete(user)


user = identity.current_user()
if user is not None:
    with st.container(width=720):
        _who_am_i(user)
else:
    st.title("Your account")
    if st.query_params.get("ticket") == "expired":
        st.warning("The log-in took too long on its way. Please log in once more.")
    wish = st.segmented_control(
        "What would you like to do?", [LOG_IN, REGISTER], default=LOG_IN, key="wish", required=True
    )
    with st.container(width=640):
        if wish == REGISTER:
            _registration_form()
        else:
            _log_in_form()
            if startup.current().settings.has_demo_accounts:
                st.info(
                    "To try it out: **test195@mail.com** with the password "
                    f"**{demo.PASSWORD}**, or any other number that a rater of the data set has.",
                    icon=":material/science:",
                )
