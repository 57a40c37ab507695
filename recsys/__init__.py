"""The recommender: a dataset becomes features, a fitted model, recommendations and reasons.

`from recsys import fit` is all that training needs. LightFM is imported when `fit` is called, so
that whoever only serves a model never loads it.
"""

from recsys.fit import fit

__all__ = ["fit"]
