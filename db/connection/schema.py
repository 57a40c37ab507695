"""The schema of the database, brought up to date when an app or a command starts."""

from sqlalchemy import Engine

from db.connection.revisions import newest_revision, revision


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
