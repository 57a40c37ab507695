"""Passwords: what is accepted, and their bcrypt hashes.

The rules follow NIST SP 800-63B, section 5.1.1.2: a least length, no composition rules, and no
password that everybody tries first. bcrypt reads 72 bytes, so more are refused, not cut off.
"""

import secrets
from functools import cache

import bcrypt

from language import Text

LEAST_CHARACTERS = 8
MOST_BYTES = 72
COMMONEST = 10_000


def clean(password: str) -> str:
    """Drop white space around a password, as the log-in form does before anybody sees it."""
    return password.strip()


def problem(password: str) -> str | None:
    """Say what is wrong with a new password; None when it will do."""
    if len(password) < LEAST_CHARACTERS:
        return Text(
            "The password needs at least {least_characters} characters.",
            least_characters=LEAST_CHARACTERS,
        )
    if len(password.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        return Text(
            "The password is too long: {most_bytes} bytes at the most.", most_bytes=MOST_BYTES
        )
    if any(not character.isprintable() for character in password):
        return Text("The password has a sign in it that can't be typed.")
    if password.lower() in _commonest():
        return Text(
            "This password is one of the ten thousand that everybody tries first. Take another."
        )
    return None


def hashed(password: str) -> str:
    """The bcrypt hash (cost 12) of a password that `problem` has nothing against."""
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(12)).decode()


def matches(password: str, password_hash: str | None) -> bool:
    """Compare a password with a hash; without one, take as long as if there were one."""
    candidate = password.encode("utf-8", "surrogatepass")
    if len(candidate) > MOST_BYTES:
        candidate = b""
    equal = bcrypt.checkpw(candidate, (password_hash or decoy_hash()).encode())
    return equal and password_hash is not None


@cache
def decoy_hash() -> str:
    """A hash whose password nobody knows, checked in place of an unknown account's."""
    return hashed(secrets.token_hex())


@cache
def _commonest() -> frozenset[str]:
    # Imported here: a server on which nobody registers needn't hold these lists.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"][:COMMONEST])
