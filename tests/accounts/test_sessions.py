"""Sessions are opened, passed to the browser once, and ended."""

import base64
import hashlib

import pytest
from sqlalchemy import Engine, text

from accounts import account, sessions
from accounts.registration import register
from db.queries.users import User

pytestmark = pytest.mark.data_layer


def test_token_is_valid_until_the_session_ends(engine: Engine, jane: User) -> None:
    token = sessions.open_session(engine, jane, days=30)
    assert sessions.user_of(engine, token) == jane
    sessions.end_session(engine, token)
    assert sessions.user_of(engine, token) is None


@pytest.mark.parametrize("token", [None, "", "nonsense", "'; --", "\0", "\ud800", "x" * 100_000])
def test_other_tokens_are_invalid(engine: Engine, jane: User, token: str | None) -> None:
    sessions.open_session(engine, jane, days=30)
    assert sessions.user_of(engine, token) is None


def test_token_has_256_random_bits_and_the_requested_lifetime(engine: Engine, jane: User) -> None:
    tokens = [sessions.open_session(engine, jane, days=days) for days in (1, 30)]
    assert [len(base64.urlsafe_b64decode(f"{token}=")) for token in tokens] == [32, 32]
    assert len({sessions.new_token() for _ in range(1000)}) == 1000
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT token_hash, expires_at - created_at FROM sessions ORDER BY expires_at")
        ).all()
    assert [(bytes(stored), lasts.days) for stored, lasts in rows] == [
        (hashlib.sha256(token.encode()).digest(), days)
        for token, days in zip(tokens, (1, 30), strict=True)
    ]


def test_only_hashes_are_stored(engine: Engine, jane: User) -> None:
    token = sessions.open_session(engine, jane, days=30)
    ticket = sessions.create_ticket(engine, token, "visitor")
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT s::text || t::text FROM sessions s, login_tickets t")
        ).scalars()
        stored = "".join(rows)
    assert stored
    for secret in (token, ticket, token.encode().hex(), ticket.encode().hex(), "visitor"):
        assert secret not in stored


def test_session_expires(engine: Engine, jane: User) -> None:
    token = sessions.open_session(engine, jane, days=1)
    with engine.begin() as connection:
        connection.execute(text("UPDATE sessions SET expires_at = now()"))
    assert sessions.user_of(engine, token) is None


def test_ticket_passes_the_session_to_the_visitors_browser(engine: Engine, jane: User) -> None:
    in_the_page = sessions.open_session(engine, jane, days=30)
    ticket = sessions.create_ticket(engine, in_the_page, "visitor")

    in_the_cookie = sessions.redeem_ticket(engine, ticket, "visitor")

    assert sessions.user_of(engine, sessions.in_browser(in_the_cookie, "visitor")) == jane
    for planted in ("another", "", None):
        assert sessions.user_of(engine, sessions.in_browser(in_the_cookie, planted)) is None
    assert sessions.user_of(engine, in_the_cookie) is None, "it isn't valid as a token either"
    assert sessions.user_of(engine, in_the_page) is None


def test_ticket_works_once(engine: Engine, jane: User) -> None:
    ticket = sessions.create_ticket(engine, sessions.open_session(engine, jane, 30), "visitor")
    assert sessions.redeem_ticket(engine, ticket, "visitor") is not None
    assert sessions.redeem_ticket(engine, ticket, "visitor") is None


def test_ticket_of_another_visitor_is_refused_and_used_up(engine: Engine, jane: User) -> None:
    ticket = sessions.create_ticket(engine, sessions.open_session(engine, jane, 30), "visitor")
    assert sessions.redeem_ticket(engine, ticket, "somebody else") is None
    assert sessions.redeem_ticket(engine, ticket, "visitor") is None


def test_ticket_expires(engine: Engine, jane: User) -> None:
    ticket = sessions.create_ticket(engine, sessions.open_session(engine, jane, 30), "visitor")
    with engine.begin() as connection:
        lasts = connection.scalar(
            text("SELECT extract(epoch FROM expires_at - now()) FROM login_tickets")
        )
        assert 25 < float(lasts or 0) <= 30
        connection.execute(text("UPDATE login_tickets SET expires_at = now()"))
    assert sessions.redeem_ticket(engine, ticket, "visitor") is None


def test_ticket_ends_with_its_session(engine: Engine, jane: User) -> None:
    token = sessions.open_session(engine, jane, days=30)
    ticket = sessions.create_ticket(engine, token, "visitor")
    sessions.end_session(engine, token)
    assert sessions.redeem_ticket(engine, ticket, "visitor") is None


def test_sessions_of_other_users_are_inaccessible(engine: Engine, jane: User) -> None:
    john = register(engine, email="john@mail.com", password="correct horse battery")
    janes = sessions.open_session(engine, jane, days=30)
    johns = sessions.open_session(engine, john, days=30)

    assert len(account.sessions_of(engine, john, johns)) == 1
    assert [each.is_current for each in account.sessions_of(engine, john, janes)] == [False]
    account.end_other_sessions(engine, john, janes)
    assert sessions.user_of(engine, johns) is None
    assert sessions.user_of(engine, janes) == jane
