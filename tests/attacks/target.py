"""The instance under attack, as an attacker sees it."""

import random
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx

PASSWORD = "a fine long sentence"


@dataclass
class Target:
    """The address of the instance, and a client for it."""

    address: str
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = httpx.Client(base_url=self.address, timeout=30)

    def ask(
        self, method: str, path: str, token: str | None = None, **request: Any
    ) -> httpx.Response:
        """Send a request, and return the response, which is never a server error."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers |= request.pop("headers", {})
        answer = self.client.request(method, path, headers=headers, **request)
        assert answer.status_code < 500, (
            f"{method} {path}: {answer.status_code} {answer.text[:200]}"
        )
        assert "Traceback" not in answer.text
        return answer

    def register(self, **more: Any) -> str:
        """Create an account, and return its email."""
        email = f"{uuid4().hex}@attacks.invalid"
        wish = {"email": email, "password": PASSWORD, "name": "Mallory"} | more
        answer = self.ask("POST", "/api/auth/register", json=wish)
        assert answer.status_code == 201, answer.text
        return email

    def log_in(self, email: str, password: str = PASSWORD, address: str = "") -> httpx.Response:
        """Try to log in, as if from an address of the attacker's choice."""
        return self.ask(
            "POST",
            "/api/auth/login",
            data={"username": email, "password": password},
            headers={"X-Forwarded-For": address or anywhere()},
        )

    def token(self, email: str | None = None) -> str:
        """Return a valid token, of a new account by default."""
        return str(self.log_in(email or self.register()).json()["access_token"])

    def raw(self, request: bytes) -> bytes:
        """Send raw bytes, and return the response."""
        place = urlsplit(self.address)
        with socket.create_connection((place.hostname or "", place.port or 80), timeout=10) as wire:
            wire.sendall(request)
            wire.settimeout(5)
            answer = b""
            try:
                while block := wire.recv(65536):
                    answer += block
            except TimeoutError:
                pass
        return answer


def anywhere() -> str:
    """Return a random address, which is unlikely to have been used."""
    return ".".join(str(random.randint(1, 254)) for _ in range(4))


@dataclass(frozen=True)
class Attack:
    """An attack, and the expected response.

    Attributes
    ----------
    what : str
    asvs : str
        The requirement of OWASP ASVS 4.0.3.
    expected : str
        The response.
    run : callable
    is_slow : bool
        Whether it takes longer than a second or two, because passwords are slow to check.
    """

    what: str
    asvs: str
    expected: str
    run: Callable[[Target], None]
    is_slow: bool


_attacks: list[Attack] = []


def attack(
    what: str, *, asvs: str, expected: str, is_slow: bool = False
) -> Callable[[Callable[[Target], None]], None]:
    """Register an attack, which raises an AssertionError if it succeeds."""

    def add(run: Callable[[Target], None]) -> None:
        _attacks.append(Attack(what, asvs, expected, run, is_slow))

    return add


def attacks() -> list[Attack]:
    """Return all registered attacks."""
    from tests.attacks import browser, identity, injection, resources, wire  # noqa: F401 - they register

    return list(_attacks)
