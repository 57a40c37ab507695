"""A new password ends every session, whatever the timing of concurrent log-ins."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy import Engine, text

from accounts import account, passwords, sessions
from accounts.login import WrongLogInError
from accounts.sessions import AccountChangedError
from accounts.throttle import LockedError, Throttle
from db.queries import sessions as stored
from db.queries import users
from db.queries.users import User

pytestmark = pytest.mark.data_layer

OLD, NEW = "correct horse battery", "another fine sentence"


def _count(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM sessions")) or 0)


def test_log_in_checked_before_the_change_opens_no_session(engine: Engine, jane: User) -> None:
    account.change_password(engine, jane, old=OLD, new=NEW)
    with pytest.raises(AccountChangedError):
        sessions.open_session(engine, jane, days=1)
    assert _count(engine) == 0


def test_log_in_during_the_change_waits_and_opens_no_session(engine: Engine, jane: User) -> None:
    with ThreadPoolExecutor(1) as pool:
        with engine.begin() as connection:
            users.set_password(
                connection,
                jane.id,
                old_hash=jane.password_hash,
                new_hash=passwords.decoy_hash(),
            )
            log_in = pool.submit(sessions.open_session, engine, jane, 1)
            with pytest.raises(TimeoutError):
                log_in.result(timeout=0.3)
            stored.end_all(connection, jane.id)
        with pytest.raises(AccountChangedError):
            log_in.result(timeout=20)
    assert _count(engine) == 0


def test_change_waits_for_a_running_log_in_and_ends_it(engine: Engine, jane: User) -> None:
    with ThreadPoolExecutor(1) as pool:
        with engine.begin() as connection:
            connection.execute(text("SELECT 1 FROM users FOR SHARE"))
            change = pool.submit(account.change_password, engine, jane, old=OLD, new=NEW)
            Event().wait(0.3)  # two hashes, then it waits for the row
            assert not change.done()
            connection.execute(
                text("INSERT INTO sessions VALUES ('\\x00', :id, now(), now() + interval '1 day')"),
                {"id": jane.id},
            )
        change.result(timeout=20)
    assert _count(engine) == 0


def test_one_of_two_concurrent_changes_counts(engine: Engine, jane: User) -> None:
    def change(new: str) -> bool:
        try:
            account.change_password(engine, jane, old=OLD, new=new)
        except WrongLogInError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(change, [NEW, f"{NEW}, too"])) == [False, True]


def test_open_page_cannot_be_used_to_guess_the_password(engine: Engine, jane: User) -> None:
    throttle = Throttle(engine, per_account=2)

    def guess(old: str) -> None:
        account.change_password(engine, jane, old=old, new=NEW, throttle=throttle, address="local")

    for _ in range(2):
        with pytest.raises(WrongLogInError):
            guess("a wrong one")
    with pytest.raises(LockedError):
        guess(OLD)
