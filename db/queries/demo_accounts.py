"""Demo accounts: logins for the raters of the data set."""

from sqlalchemy import Connection, text

from db.queries.users import FIRST_REGISTERED

_WITHOUT_ACCOUNT = f"users.email IS NULL AND users.id < {FIRST_REGISTERED}"
_DEMO_EMAIL = "'test' || users.id || '@mail.com'"
_IS_TAKEN = f"EXISTS (SELECT FROM users AS other WHERE other.email = {_DEMO_EMAIL})"


def are_lacking(connection: Connection) -> bool:
    """Return whether a rater whose demo address is free has no account yet."""
    query = f"SELECT EXISTS (SELECT FROM users WHERE {_WITHOUT_ACCOUNT} AND NOT {_IS_TAKEN})"
    return bool(connection.scalar(text(query)))


def raters_whose_address_is_taken(connection: Connection) -> int:
    """Count the raters who can't get a demo account because its address is taken."""
    query = f"SELECT count(*) FROM users WHERE {_WITHOUT_ACCOUNT} AND {_IS_TAKEN}"
    return int(connection.scalar(text(query)) or 0)


def open_all(connection: Connection, password_hash: str) -> int:
    """Give every rater without an account a login, test{id}@mail.com, and return how many.

    They are analysts, so that people who try the app out see what it does. Raters whose address is
    taken are skipped.
    """
    return connection.execute(
        text(
            f"UPDATE users SET email = {_DEMO_EMAIL}, name = 'Test ' || id, "
            "password_hash = :password_hash, is_demo = true, role = 'analyst' "
            f"WHERE {_WITHOUT_ACCOUNT} AND NOT {_IS_TAKEN}"
        ),
        {"password_hash": password_hash},
    ).rowcount


def close_all(connection: Connection) -> int:
    """Remove the demo logins but not the ratings, and return how many."""
    connection.execute(
        text("DELETE FROM sessions USING users WHERE user_id = users.id AND is_demo")
    )
    return connection.execute(
        text(
            "UPDATE users SET email = NULL, name = '', password_hash = NULL, is_demo = false, "
            "role = 'user', language = NULL, style = NULL, not_genres = '{}', max_minutes = NULL, "
            "max_age_rating = NULL, country = NULL WHERE is_demo"
        )
    ).rowcount
