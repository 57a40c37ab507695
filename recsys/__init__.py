"""The recommender: features from ratings, a fitted model, recommendations and reasons.

`from recsys import fit` is all that training needs. It is imported on first use, so that a process
that only serves a model loads neither scipy nor LightFM.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from recsys.training.fit import fit

__all__ = ["fit"]


def __getattr__(name: str) -> Any:
    if name != "fit":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from recsys.training.fit import fit

    return fit
