"""Email addresses: their normal form and validity.

`email-validator` refuses addresses that accounts already have (`a..b@mail.com`, `a@cinema.local`).
"""

import re

# Deliberately narrower than RFC 5322: what mail providers assign. One full match, linear time.
_EMAIL = re.compile(r"[a-z0-9._%+\-]{1,64}@(?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
MOST_CHARACTERS = 254

# A user registered with one would take the address of a rater of a data set loaded later.
_DEMO = re.compile(r"test[0-9]+@mail\.com")


def normal(email: str) -> str:
    """Return the address in lower case, without surrounding white space."""
    return email.strip().lower()


def is_valid(email: str) -> bool:
    """Return whether this looks like a valid address."""
    email = normal(email)
    return len(email) <= MOST_CHARACTERS and _EMAIL.fullmatch(email) is not None


def is_reserved(email: str) -> bool:
    """Return whether this is a demo account's address, even of a rater that doesn't exist."""
    return _DEMO.fullmatch(normal(email)) is not None
