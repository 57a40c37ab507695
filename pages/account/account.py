"""The Account page: log in, register, see who one is, log out."""

import streamlit as st
from sqlalchemy import Engine
from streamlit_authenticator.utilities import RegisterError

from accounts import authentication, demo, emails, names, registration
from accounts.login import note_failure, note_success
from accounts.passwords import LEAST_CHARACTERS
from accounts.throttle import LockedError
from db.queries import ratings, users
from db.queries.users import EmailTakenError, User
from pages.account import forgotten, forms
from pages.account.fields import Fields
from pages.parts import identity, wording
from pages.parts.text import plain
from pages.parts.wording import N_, _, number
from startup import Services

LOG_IN, REGISTER = N_("Log in"), N_("Register")


def show(services: Services) -> None:
    """Show the account, or ask a guest to log in or register."""
    user = identity.current_user()
    if forgotten.follow(services):
        return
    if user is not None:
        with st.container(width=720):
            _who_am_i(services, user)
    else:
        st.title(_("Your account"))
        if st.query_params.get("ticket") == "expired":
            st.warning(_("Logging in took too long. Please log in again."))
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
                _registration_form(services)
            else:
                _log_in_form(services)
                forgotten.ask(services)
                if services.settings.has_demo_accounts:
                    st.info(
                        _(
                            "To try it out, log in as `test195@mail.com` with the password "
                            "`{password}`, or with the number of anyone else in the data set."
                        ).format(password=demo.PASSWORD),
                        icon=":material/science:",
                    )


def _find(engine: Engine, email: str) -> User | None:
    with engine.connect() as connection:
        return users.by_email(connection, emails.normal(email))


def _log_in_form(services: Services) -> None:
    fields = Fields("log_in")
    with st.form("log_in_form"):
        st.subheader(_(LOG_IN))
        email = fields.email("email", _("Email"), "username")
        password = fields.password("password", _("Password"), "current-password")
        if not st.form_submit_button(_(LOG_IN)):
            return
    address = identity.address()
    checks, directory = authentication.for_log_in(services.engine, services.throttle, address)
    try:
        is_right = checks.login(email, password)
    except LockedError as error:
        st.error(wording.say(error), icon=":material/lock_clock:")
        return
    finally:
        _forget_the_librarys_state()
    user = _find(services.engine, directory.tried) if is_right and directory.tried else None
    if user is not None:
        note_success(services.throttle, user, address)
        identity.log_in(services, user)
    if directory.tried:
        note_failure(directory.tried, address)
    st.error(
        _("That email and password don't go together. Check both, or register."),
        icon=":material/error:",
    )


def _registration_form(services: Services) -> None:
    fields = Fields("registration")
    with st.form("registration_form"):
        st.subheader(_(REGISTER))
        email = fields.email("email", _("Email"), "email")
        name = fields.text("name", _("Name (optional)"), "name")
        password = fields.password(
            "password",
            _("Password"),
            "new-password",
            help=_("At least {least} characters; a whole sentence works well.").format(
                least=number(LEAST_CHARACTERS)
            ),
        )
        again = fields.password("again", _("Repeat the password"), "new-password")
        if not st.form_submit_button(_(REGISTER)):
            return
    problems = registration.problems(services.engine, email=email, password=password, name=name)
    if again != password:
        problems["again"] = _("The two passwords differ. Type the same one twice.")
    if not problems:
        problems = _register(services.engine, email, password, name)
    fields.complain(problems)
    user = None if problems else _find(services.engine, email)
    if user is not None:
        identity.log_in(services, user)


def _register(engine: Engine, email: str, password: str, name: str) -> dict[str, str]:
    """Create an account from valid fields; return what is wrong nevertheless."""
    checks = authentication.for_registration(engine)
    try:
        checks.register_user(names.clean(name), "", email, email, password, password, "")
    except (RegisterError, EmailTakenError):  # since a moment ago
        return {"email": registration.TAKEN}
    finally:
        _forget_the_librarys_state()
    return {}


def _forget_the_librarys_state() -> None:
    for name in ("authentication_status", "username", "name", "email", "roles", "logout"):
        st.session_state.pop(name, None)


def _who_am_i(services: Services, user: User) -> None:
    with services.engine.connect() as connection:
        rated = ratings.count(connection, user.id)
    st.title(_("Your profile"))
    with st.container(border=True):
        st.markdown(f"### {plain(identity.display_name(user))}")
        # Markdown would turn it into a link.
        st.text(_("Email: {email}").format(email=user.email or "–"))
        st.text(_("Ratings: {rated}").format(rated=number(rated)))
        st.markdown(
            _("Your five films are chosen from your own ratings.")
            if rated
            else _("You haven't rated a film yet, so your five films are popular ones.")
        )
        if st.button(_("Log out"), icon=":material/logout:", type="primary"):
            identity.log_out(services)
    st.subheader(_("Where you are logged in"))
    forms.sessions(services, user)
    st.subheader(_("Your data"))
    forms.export()
    if user.is_demo:
        st.info(
            _(
                "This is a shared demo account: its password can't be changed, and it can't "
                "be deleted."
            ),
            icon=":material/science:",
        )
        return
    with st.expander(_("Change the password"), icon=":material/key:"):
        forms.change_password(services, user)
    with st.expander(_("Delete my account"), icon=":material/delete_forever:"):
        forms.delete(services, user)
