"""Errors in log lines and messages to operators."""


def first_line(error: BaseException) -> str:
    """Return the first line of an error's text, or the name of its class if there is none.

    The other lines of a database error quote values, which mustn't be logged.
    """
    return (str(error).strip() or type(error).__name__).splitlines()[0]
