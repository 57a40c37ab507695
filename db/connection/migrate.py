"""Schema migrations; apps that start at the same time take turns."""

import logging

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from db.connection.engine import wait_for_ever
from db.connection.errors import SchemaTooNewError
from db.connection.revisions import MIGRATIONS

logger = logging.getLogger(__name__)

_ADVISORY_LOCK = 5_417_001


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Apply the missing migrations in one transaction.

    Parameters
    ----------
    engine : Engine
    revision : str
        The revision to stop at.

    Raises
    ------
    db.connection.errors.SchemaTooNewError
        If the database has a revision that this program does not know.
    """
    with engine.begin() as connection:
        config = _locked_config(connection)
        current = MigrationContext.configure(connection).get_current_revision()
        if current is not None:
            check_known(current, "the database")
        command.upgrade(config, revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Revert migrations down to `revision` ("base" removes all)."""
    with engine.begin() as connection:
        command.downgrade(_locked_config(connection), revision)


def start_anew(connection: Connection, revision: str) -> None:
    """Drop everything and create the schema of `revision`, in the caller's transaction."""
    config = _locked_config(connection)
    command.downgrade(config, "base")
    command.upgrade(config, revision)


def go_on(connection: Connection) -> None:
    """Apply the missing migrations in the caller's transaction."""
    command.upgrade(_locked_config(connection), "head")


def check_known(revision: str, where: str) -> None:
    """Reject a revision that this program does not know.

    Parameters
    ----------
    revision : str
    where : str
        Where it was found, for the error.

    Raises
    ------
    db.connection.errors.SchemaTooNewError
        If no migration has this revision.
    """
    scripts = ScriptDirectory(str(MIGRATIONS)).walk_revisions()
    if revision not in {script.revision for script in scripts}:
        raise SchemaTooNewError(
            f"{where} has schema {revision}, which this version of Five Films does not know: "
            "start the newer version that created it, or use another one"
        )


def _locked_config(connection: Connection) -> Config:
    # An index over millions of ratings takes longer than a page's statement timeout.
    wait_for_ever(connection)
    # Without the lock, two apps that start together both see an empty database and one fails.
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
