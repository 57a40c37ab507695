"""Chosen parameters of baselines, in words."""

from collections.abc import Mapping, Sequence


def in_words(choices: Sequence[Mapping[str, object]]) -> str:
    """Return options, such as "ridge 200", and those of different seeds with "or" between them.

    They are sorted by name, because PostgreSQL doesn't keep the order of JSON's fields.
    """
    each = [
        ", ".join(f"{name.replace('_', ' ')} {option}" for name, option in sorted(own.items()))
        for own in choices
    ]
    return " or ".join(dict.fromkeys(each))
