"""The bridge to streamlit-authenticator, which checks log-ins and registers by our rules.

Its own forms, which tell password managers to keep out, cookie, throttle, hints and password reset
stay unused: see docs/accounts.md.
"""

from sqlalchemy import Engine
from streamlit_authenticator.controllers import AuthenticationController
from streamlit_authenticator.utilities import Validator

from accounts import emails, names, passwords
from accounts.directory import Credentials, LogInDirectory, RegistrationDirectory
from accounts.throttle import Throttle


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
) -> tuple[AuthenticationController, LogInDirectory]:
    """What checks a log-in, and what it asks; one for each run of the page."""
    directory = LogInDirectory(engine, throttle, address)
    return _controller(directory), directory


def for_registration(engine: Engine) -> AuthenticationController:
    """What registers somebody; one for each run of the page."""
    return _controller(RegistrationDirectory(engine))


def _controller(directory: LogInDirectory | RegistrationDirectory) -> AuthenticationController:
    return AuthenticationController(
        Credentials(directory), validator=AccountRules(), auto_hash=False
    )
