"""Genres in a single field: names, or a list as Python or JSON writes it."""

import ast
import re
import warnings

MOST_LETTERS = 4_000
"""A longer list is none of genres, and Python's parser is safe below."""

_BETWEEN = re.compile("[,;/]")


def read_genres(text: str) -> list[str] | None:
    """The names in a field; None for a list that is broken or of other things.

    A field that begins with [ is a list as in `read_list`. Elsewhere names have | between them,
    or , ; or / where there is no |.
    """
    if text.lstrip().startswith("["):
        return read_list(text)
    return text.split("|") if "|" in text else _BETWEEN.split(text)


def read_list(text: str) -> list[str] | None:
    """A list of names, or of dicts with a name each: "[{'id': 16, 'name': 'Animation'}]".

    None for anything else.
    """
    if len(text) > MOST_LETTERS:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of backslashes, in what somebody else wrote
            found = ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None
    if not isinstance(found, list):
        return None
    listed = [each.get("name") if isinstance(each, dict) else each for each in found]
    names = [name for name in listed if isinstance(name, str)]
    return names if len(names) == len(listed) else None
