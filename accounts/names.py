"""Names: what people may call themselves."""

MOST_CHARACTERS = 100


def clean(name: str) -> str:
    """A name without spaces around it, and with one between its parts."""
    return " ".join(part for part in name.split(" ") if part)


def is_valid(name: str) -> bool:
    """Whether a name (which may be empty) can be shown on a page as it is."""
    return len(name) <= MOST_CHARACTERS and name.isprintable()
