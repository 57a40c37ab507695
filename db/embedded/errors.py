"""The error of this package."""


class EmbeddedServerError(RuntimeError):
    """An embedded server can't start or stop; the first line says what happened and what to do."""
