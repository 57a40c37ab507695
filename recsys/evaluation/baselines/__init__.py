"""Baselines: item-kNN and ALS by implicit, EASE by RecTools, EDLAE, LightFM, SASRec by RecTools.

RecTools isn't among the app's dependencies, because it requires older versions of them:
requirements-peers.txt has it, and `make evaluate` installs that. `recsys.evaluation.libraries` says
what each needs.

Each learns from the data that suits it best: likes, except for LightFM as the old service had it.
Their parameters are chosen on one validation part (`tuning`), but for those that docs/quality.md
names with the reason.
"""

from recsys.evaluation.baselines.als import als
from recsys.evaluation.baselines.item_knn import item_knn
from recsys.evaluation.baselines.lightfm import lightfm_genres, lightfm_old
from recsys.evaluation.baselines.linear import ease, edlae
from recsys.evaluation.baselines.sasrec import sasrec
from recsys.evaluation.contenders import Train

BASELINES: dict[str, Train] = {
    "LightFM, old": lightfm_old,
    "LightFM, genres": lightfm_genres,
    "ALS": als,
    "Item-kNN": item_knn,
    "EASE": ease,
    "EDLAE": edlae,
    "SASRec": sasrec,
}
