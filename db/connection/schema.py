"""The schema of the database, compared with the newest migration without importing Alembic."""

from pathlib import Path

from sqlalchemy import Engine, text

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def ensure_current(engine: Engine) -> None:
    """Apply the missing migrations, if there are any.

    Alembic takes a ninth of the time of all imports, so it is only imported if needed.

    Parameters
    ----------
    engine : Engine

    Raises
    ------
    db.connection.errors.SchemaTooNewError
        If the database has a revision that this program does not know.
    """
    if revision(engine) == newest_revision():
        return
    from db.connection.migrate import upgrade

    upgrade(engine)


def revision(engine: Engine) -> str | None:
    """Return the revision of the database; None if it is empty."""
    with engine.connect() as connection:
        if connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def newest_revision() -> str:
    """Return the newest revision that this program knows; the files' names begin with theirs."""
    names = (file.name for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    return max(names).partition("_")[0]
