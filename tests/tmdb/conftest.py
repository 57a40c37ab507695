"""Fixtures: TMDb on this machine, and a client of it."""

from collections.abc import Iterator

import pytest

from tests.tmdb.server import TOKEN, Tmdb, serving
from tmdb.client import Client


@pytest.fixture
def tmdb() -> Iterator[Tmdb]:
    """Yield a server that answers as TMDb does."""
    with serving() as tmdb:
        yield tmdb


@pytest.fixture
def client(tmdb: Tmdb) -> Iterator[Client]:
    """Yield a client of that server, with a valid key."""
    client = Client(TOKEN, api=tmdb.api, images=tmdb.pictures)
    yield client
    client.close()
