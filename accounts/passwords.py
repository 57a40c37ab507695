"""Passwords: what is accepted, and their bcrypt hashes.

The rules follow NIST SP 800-63B, section 5.1.1.2: a least length, no composition rules, no password
that everybody tries first, and none that is made of the person's own email or name. bcrypt reads 72
bytes, so more are refused, not cut off.
"""

import secrets
from collections.abc import Iterator
from functools import cache

import bcrypt

from i18n.language import Text

LEAST_CHARACTERS = 8
MOST_BYTES = 72
COMMONEST = 10_000
_LEAST_OF_A_WORD = 4  # of an email or a name; shorter ones are within too many words


def clean(password: str) -> str:
    """Drop white space around a password, as the log-in form does before anybody sees it."""
    return password.strip()


def problem(password: str, *, email: str = "", name: str = "") -> str | None:
    """Say what is wrong with a new password of somebody; None when it will do."""
    if len(password) < LEAST_CHARACTERS:
        return Text(
            "The password needs at least {least_characters} characters.",
            least_characters=LEAST_CHARACTERS,
        )
    if len(password.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        return Text("The password is too long: {most_bytes} bytes at most.", most_bytes=MOST_BYTES)
    if any(not character.isprintable() for character in password):
        return Text("The password contains a character that can't be typed.")
    if password.lower() in _commonest():
        return Text("This is one of the ten thousand most common passwords. Choose another.")
    typed = _letters(password)
    if any(word in typed for word in _own_words(email, name)):
        return Text("The password must not contain your email or your name. Choose another.")
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


def _own_words(email: str, name: str) -> Iterator[str]:
    """The email and the part before its @, the name and its parts, as `_letters` writes them."""
    for word in (email, email.partition("@")[0], name, *name.split()):
        letters = _letters(word)
        if len(letters) >= _LEAST_OF_A_WORD:
            yield letters


def _letters(words: str) -> str:
    """Letters and digits alone: "Jane-Doe" and "jane doe" are the same."""
    return "".join(sign for sign in words.casefold() if sign.isalnum())


@cache
def _commonest() -> frozenset[str]:
    # Imported here: a server on which nobody registers needn't hold these lists.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"][:COMMONEST])
