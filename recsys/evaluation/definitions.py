"""What each metric is, exactly: other programs call other things NDCG and recall."""

from collections.abc import Iterable

WHO_COUNTS = (
    "Relevant items are a person's held-out likes. Metrics are means over the people who have any; "
    "coverage and median likes are of all lists."
)
_DEFINITIONS = {
    "ndcg": "each hit among the first {k} gains 1 / log2(rank + 1), whatever its stars; the sum "
    "over that of the best list, which has min({k}, relevant items) hits at the top",
    "ips-ndcg": "NDCG@{k} in which a hit weighs 1 / √((likes + 1) / (most likes + 1)), by likes in "
    "the training",
    "recall": "hits among the first {k} over all relevant items",
    "capped recall": "hits among the first {k} over min({k}, relevant items)",
    "hit rate": "the share of people with a hit among the first {k}",
    "precision": "hits among the first {k} over {k}",
    "map": "the precision at each hit among the first {k}, summed up, over all relevant items",
    "coverage": "the share of all items that is among anybody's first {k}",
    "novelty": "the mean of −log2 of the share of people who have rated a listed item, in bits",
    "variety": "in how many genres two items of the first {k} differ, on average",
    "popularity": "how many people like an item of the first {k}, on average",
    "median likes": "the median number of people who like an item of the first {k}",
    "disliked": "of the items among the first {k} with a held-out rating, the share with 2.5 or "
    "less",
    "fits": "the share of the first {k} that fits a person's taste",
    "no fit": "how many people have nothing among the first {k} that fits",
}


def definitions(metrics: Iterable[str]) -> dict[str, str]:
    """Return what each of these metrics is, such as `ndcg@20`, without full stops."""
    found = {}
    for metric in metrics:
        name, _, k = metric.partition("@")
        found[metric] = _DEFINITIONS[name].format(k=k)
    return found
