"""Emails: the form in which an account keeps its address."""

import re

# Deliberately narrower than RFC 5322: what mail providers hand out. One full match, linear time.
_EMAIL = re.compile(r"[a-z0-9._%+\-]{1,64}@(?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
MOST_CHARACTERS = 254

# Whoever registered with one would keep a rater of a data set that is loaded later from theirs.
_DEMO = re.compile(r"test[0-9]+@mail\.com")


def normal(email: str) -> str:
    """The address in lower case without white space around it."""
    return email.strip().lower()


def is_valid(email: str) -> bool:
    """Whether this looks like an address somebody can have."""
    email = normal(email)
    return len(email) <= MOST_CHARACTERS and _EMAIL.fullmatch(email) is not None


def is_reserved(email: str) -> bool:
    """Whether it is the address of a demo account, of a rater that there is or may be."""
    return _DEMO.fullmatch(normal(email)) is not None
