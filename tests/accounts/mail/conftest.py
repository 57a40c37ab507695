"""Fixtures: mail servers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.accounts.mail.servers import Inbox, certificate, receiving


@pytest.fixture
def inbox() -> Inbox:
    """What a test's mail server has received."""
    return Inbox()


@pytest.fixture
def plain_server(inbox: Inbox) -> Iterator[str]:
    """Host and port of a mail server without TLS."""
    with receiving(inbox) as address:
        yield address


@pytest.fixture(scope="session")
def localhost_pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificate of localhost, with its key."""
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def trusted(localhost_pem: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """That certificate, which this process trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(localhost_pem))
    return localhost_pem
