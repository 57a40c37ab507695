"""Names: what people may call themselves."""

MOST_CHARACTERS = 100


def is_valid(name: str) -> bool:
    """Whether a name (which may be empty) can be shown on a page as it is."""
    return len(name) <= MOST_CHARACTERS and name.isprintable()
