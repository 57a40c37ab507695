"""Bring the schema up to date; two apps that start at once take turns."""

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

logger = logging.getLogger(__name__)

_MIGRATIONS = Path(__file__).parent.parent / "migrations"
_ADVISORY_LOCK = 5_417_001


class SchemaTooNewError(RuntimeError):
    """The database was made by a newer version of this program."""


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Apply the migrations that are missing, in one transaction.

    Raises
    ------
    SchemaTooNewError
        When the database has a revision that this program does not know.
    """
    with engine.begin() as connection:
        config = _locked_config(connection)
        current = MigrationContext.configure(connection).get_current_revision()
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        if current is not None and current not in known:
            raise SchemaTooNewError(
                f"the database has schema {current}, which this version of Five Films does not "
                "know: start the newer version that made it, or use another database"
            )
        command.upgrade(config, revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take migrations back as far as `revision` ("base" removes all)."""
    with engine.begin() as connection:
        command.downgrade(_locked_config(connection), revision)


def _locked_config(connection: Connection) -> Config:
    # Without the lock two apps that start together both see an empty database and one fails.
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
