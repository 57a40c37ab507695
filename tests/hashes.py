"""Passwords' hashes at a cost that a test can pay."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import bcrypt

from accounts import passwords

AS_IT_IS = bcrypt.gensalt
LEAST = 4


@contextmanager
def of_cost(cost: int) -> Iterator[None]:
    """Hash with 2 ** `cost` rounds whatever is asked for, the decoy's hash too."""
    with patch.object(bcrypt, "gensalt", lambda *_: AS_IT_IS(cost)):
        passwords.decoy_hash.cache_clear()
        yield
    passwords.decoy_hash.cache_clear()
