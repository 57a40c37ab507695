"""Errors of the schema, separate so that importing them doesn't import Alembic."""


class SchemaTooNewError(RuntimeError):
    """The database was created by a newer version of this program."""
