"""Names of users."""

MOST_CHARACTERS = 100


def clean(name: str) -> str:
    """Return a name without surrounding spaces, and with single spaces between its parts."""
    return " ".join(part for part in name.split(" ") if part)


def is_valid(name: str) -> bool:
    """Return whether a name (which may be empty) can be displayed as it is."""
    return len(name) <= MOST_CHARACTERS and name.isprintable()
