"""The bridge to streamlit-authenticator: its forms and hashing, our accounts and rules.

The library's own cookie, throttle, hints and password reset stay unused: see docs/accounts.md.
"""

import secrets
from functools import cache
from types import SimpleNamespace

import streamlit_authenticator
from sqlalchemy import Engine
from streamlit_authenticator.models import cookie_model
from streamlit_authenticator.utilities import Validator

from accounts import emails, names, passwords
from accounts.directory import Credentials, LogInDirectory, RegistrationDirectory
from accounts.throttle import Throttle

# The library puts a component on the page that tells it the browser's cookies, which runs the page
# once more: where that came while a password was being checked, the log-in was lost without a word.
cookie_model.stx = SimpleNamespace(CookieManager=lambda: None)


class AccountRules(Validator):  # type: ignore[misc]
    """Our rules in place of the library's."""

    def validate_name(self, name: str) -> bool:
        """Names are optional."""
        return names.is_valid(name)

    def validate_email(self, email: str) -> bool:
        """One address, of a form that providers hand out."""
        return emails.is_valid(email)

    def validate_username(self, username: str) -> bool:
        """The email is the user name."""
        return emails.is_valid(username)

    def validate_length(self, variable: str, min_length: int = 0, max_length: int = 254) -> bool:
        """The library's pattern stops at line ends; this counts."""
        return min_length <= len(variable) <= max_length

    def validate_password(self, password: str) -> bool:
        """8 characters to 72 bytes, and not a common one."""
        return passwords.problem(password) is None

    def diagnose_password(self, password: str) -> str:
        """What to change."""
        return passwords.problem(password) or ""


def for_log_in(
    engine: Engine, throttle: Throttle, address: str
) -> tuple[streamlit_authenticator.Authenticate, LogInDirectory]:
    """What renders the log-in form, and what it asks; one for each run of the page."""
    directory = LogInDirectory(engine, throttle, address)
    return _authenticate(directory), directory


def for_registration(engine: Engine) -> streamlit_authenticator.Authenticate:
    """What renders the registration form; one for each run of the page."""
    return _authenticate(RegistrationDirectory(engine))


def _authenticate(
    directory: LogInDirectory | RegistrationDirectory,
) -> streamlit_authenticator.Authenticate:
    return streamlit_authenticator.Authenticate(
        Credentials(directory),
        cookie_name="five_films_unused",
        cookie_key=_cookie_key(),
        cookie_expiry_days=0,
        validator=AccountRules(),
        auto_hash=False,
        login_sleep_time=0,
        password_instructions=(
            f"{passwords.LEAST_CHARACTERS} characters or more; a sentence is good."
        ),
    )


@cache
def _cookie_key() -> str:
    # The library would accept a cookie signed with this key, so nobody may know it.
    return secrets.token_hex(32)
