"""Which passwords are accepted, and how they are compared."""

import bcrypt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import passwords
from tests import hashes


@pytest.mark.parametrize(
    ("password", "what"),
    [
        ("", "at least 8"),
        ("seven77", "at least 8"),
        ("password", "most common passwords"),
        ("PassWord", "most common passwords"),
        ("12345678", "most common passwords"),
        ("a" * 73, "72 bytes"),
        ("é" * 37, "72 bytes"),
        ("🎬" * 19, "72 bytes"),
        ("with\0nul-byte", "can't be typed"),
        ("with\nline-end", "can't be typed"),
    ],
)
def test_refused(password: str, what: str) -> None:
    assert what in (passwords.problem(password) or "")


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "aaaaaaab",
        "пароль из слов",
        "🎬🎬🎬🎬🎬🎬🎬🎬",
        "x" * 71 + "y",
        "<script>'\";--",
    ],
)
def test_accepted(password: str) -> None:
    assert passwords.problem(password) is None


@pytest.mark.parametrize(
    ("password", "email", "name"),
    [
        ("jane.doe@mail.com", "jane.doe@mail.com", ""),
        (" JANE.DOE@mail.com1", "jane.doe@mail.com", ""),
        ("janedoe-1990", "jane.doe@mail.com", ""),
        ("1990 Jane  Doe", "x@mail.com", "Jane Doe"),
        ("jane1234", "x@mail.com", "Jane Doe"),
        ("Ирина1990", "x@mail.com", "ИРИНА"),
    ],
)
def test_password_from_the_users_email_or_name(password: str, email: str, name: str) -> None:
    found = passwords.problem(passwords.clean(password), email=email, name=name)
    assert found == "The password must not contain your email or your name. Choose another."


@pytest.mark.parametrize(("email", "name"), [("jo@mail.com", "Jo Ng"), ("", ""), ("x", "…")])
def test_short_words_are_allowed_in_a_password(email: str, name: str) -> None:
    assert passwords.problem("a job among others", email=email, name=name) is None


def test_hash_matches_only_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bcrypt, "gensalt", hashes.AS_IT_IS)
    password_hash = passwords.hashed("correct horse battery")
    assert password_hash.startswith("$2b$12$")
    assert passwords.matches("correct horse battery", password_hash)
    assert not passwords.matches("correct horse batterz", password_hash)
    assert not passwords.matches("x" * 10_000, password_hash)
    assert not passwords.matches("", password_hash)


def test_without_an_account_nothing_matches() -> None:
    assert not passwords.matches("correct horse battery", None)
    assert not passwords.matches("", None)


@given(st.text())
def test_any_text_is_checked(password: str) -> None:
    problem = passwords.problem(password)
    if problem is None:
        assert len(password) >= 8
        assert len(password.encode()) <= 72
