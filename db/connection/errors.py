"""What may be wrong with the schema, for whoever hasn't the time to import Alembic."""


class SchemaTooNewError(RuntimeError):
    """The database was made by a newer version of this program."""
