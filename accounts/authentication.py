"""The adapter to streamlit-authenticator, which checks log-ins and registers users by our rules.

Its forms, which keep password managers out, its cookie, throttle, hints and password reset are not
used: see docs/accounts.md.
"""

from sqlalchemy import Engine
from streamlit_authenticator.controllers import AuthenticationController
from streamlit_authenticator.utilities import Validator

from accounts import emails, names, passwords
from accounts.directory import Credentials, LogInDirectory, RegistrationDirectory
from accounts.throttle import Throttle


class AccountRules(Validator):  # type: ignore[misc]
    """Our rules, replacing the library's."""

    def validate_name(self, name: str) -> bool:
        """Return whether a name, which is optional, is allowed."""
        return names.is_valid(name)

    def validate_email(self, email: str) -> bool:
        """Return whether this is an address such as mail providers assign."""
        return emails.is_valid(email)

    def validate_username(self, username: str) -> bool:
        """Return whether this is an email, which serves as the user name."""
        return emails.is_valid(username)

    def validate_length(self, variable: str, min_length: int = 0, max_length: int = 254) -> bool:
        """Count the characters; the library's pattern stops at line ends."""
        return min_length <= len(variable) <= max_length

    def validate_password(self, password: str) -> bool:
        """Return whether a password has 8 characters to 72 bytes and isn't a common one."""
        return passwords.problem(password) is None

    def diagnose_password(self, password: str) -> str:
        """Return what is wrong with a password."""
        return passwords.problem(password) or ""


def for_log_in(
    engine: Engine, throttle: Throttle, address: str
) -> tuple[AuthenticationController, LogInDirectory]:
    """Return a controller that checks a log-in and its directory; one for each page run."""
    directory = LogInDirectory(engine, throttle, address)
    return _controller(directory), directory


def for_registration(engine: Engine) -> AuthenticationController:
    """Return a controller that registers a user; one for each page run."""
    return _controller(RegistrationDirectory(engine))


def _controller(directory: LogInDirectory | RegistrationDirectory) -> AuthenticationController:
    return AuthenticationController(
        Credentials(directory), validator=AccountRules(), auto_hash=False
    )
