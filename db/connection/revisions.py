"""Revisions of the schema, found without importing Alembic."""

from pathlib import Path

from sqlalchemy import Engine, text

MIGRATIONS = Path(__file__).parents[2] / "migrations"


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
