"""The libraries that contenders need beside those of the product (requirements-peers.txt)."""

import importlib.util

NEEDS = {
    "ALS": ("implicit",),
    "Item-kNN": ("implicit",),
    "EASE": ("rectools",),
    "SASRec": ("rectools", "torch", "pytorch_lightning"),
}
"""Modules by contender."""


def missing_libraries(contender: str) -> list[str]:
    """Return the modules that a contender needs and that aren't installed."""
    return [each for each in NEEDS.get(contender, ()) if importlib.util.find_spec(each) is None]
