"""Genres in a single field: names, or a list in Python's or JSON's syntax."""

import ast
import re
import warnings

MOST_LETTERS = 4_000
"""A longer list can't be genres, and Python's parser is safe up to this length."""

_BETWEEN = re.compile("[,;/]")


def read_genres(text: str) -> list[str] | None:
    """Return the names in a field; None for a list that is broken or contains other things.

    A field that begins with [ is a list as in `read_list`. Otherwise names are separated by |, or,
    without any |, by , ; or /.
    """
    if text.lstrip().startswith("["):
        return read_list(text)
    return text.split("|") if "|" in text else _BETWEEN.split(text)


def read_list(text: str) -> list[str] | None:
    """Parse a list of names, or of dicts with a name: "[{'id': 16, 'name': 'Animation'}]".

    Return None for anything else.
    """
    if len(text) > MOST_LETTERS:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about backslashes in the file's data
            found = ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None
    if not isinstance(found, list):
        return None
    listed = [each.get("name") if isinstance(each, dict) else each for each in found]
    names = [name for name in listed if isinstance(name, str)]
    return names if len(names) == len(listed) else None
