"""An evaluation's metrics as frames: model, metric, interval."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from db.queries.evaluations import KeptEvaluation
from pages.parts.wording import N_, _, genre_in_text, number, say
from recsys.evaluation.chosen import in_words

OURS = "Five Films"
# The same model in another style.
WELL_KNOWN, ADVENTUROUS = N_("Five Films, well-known"), N_("Five Films, adventurous")
STYLED = (WELL_KNOWN, OURS, ADVENTUROUS)
POPULARITY = "Popularity"

# Short definitions of the metrics, in the page's order.
METRICS = {
    "ndcg@5": N_(
        "NDCG@5: hits among five, the earlier the better; 1 is the best list there could be"
    ),
    "ips-ndcg@5": N_(
        "IPS-NDCG@5: NDCG@5 in which a hit counts for more the fewer people like the film, "
        "because listing what everyone likes is no achievement"
    ),
    "ndcg@10": N_("NDCG@10: NDCG@5 among ten"),
    "hit rate@5": N_("Hit rate@5: the share of people with a hit among five"),
    "recall@10": N_("Recall@10: the share of a person's liked films found in the first ten"),
    "precision@5": N_("Precision@5: the share of the five places that are hits"),
    "map@10": N_("MAP@10: precision at each hit among ten, averaged"),
    "coverage@5": N_("Coverage@5: the share of all films that appear in anyone's five"),
    "novelty@5": N_("Novelty@5: how few people have rated the listed films, in bits"),
    "variety@5": N_("Variety@5: in how many genres two films of a list differ, on average"),
    "popularity@5": N_("Popularity@5: how many people like a listed film, on average"),
    "disliked@5": N_(
        "Disliked@5: of the listed films that people rated later, the share with 2.5 stars "
        "or less; lower is better"
    ),
}
# The metrics that models are compared by if nothing else is chosen.
ACCURACY = ("ndcg@5", "ips-ndcg@5")
# Of fewer people than this, no difference is called significant.
LEAST_PEOPLE = 20
PARTS = {
    "head": N_("the 100 best-liked films"),
    "middle": N_("films 101 to 500"),
    "tail": N_("all other films"),
}


def measured_metrics(evaluation: KeptEvaluation) -> list[str]:
    """Return those of `METRICS` that were measured: older evaluations have fewer."""
    found = evaluation.results["models"].values()
    return [name for name in METRICS if any(name in means for means in found)]


def models(evaluation: KeptEvaluation, metric: str) -> pd.DataFrame:
    """Return model, mean, low, high of one metric; best first."""
    rows = [
        {"model": name, **means[metric]}
        for name, means in evaluation.results["models"].items()
        if means.get(metric, {}).get("mean") is not None
    ]
    frame = pd.DataFrame(rows, columns=["model", "mean", "low", "high"])
    return frame.sort_values(["mean", "model"], ascending=[False, True], ignore_index=True)


def everything(evaluation: KeptEvaluation) -> pd.DataFrame:
    """Return a row per model: a column per metric's mean, and chosen parameters; best first."""
    measured = measured_metrics(evaluation)
    rows = [
        {"model": name, **{metric: found.get(metric, {}).get("mean") for metric in measured}}
        for name, found in evaluation.results["models"].items()
    ]
    frame = pd.DataFrame(rows)
    if chosen := evaluation.results.get("chosen"):
        frame["chosen"] = [in_words(chosen.get(name, [])) for name in frame["model"]]
    return frame.sort_values("ndcg@5", ascending=False, ignore_index=True)


def ahead(evaluation: KeptEvaluation, metric: str) -> pd.DataFrame:
    """Return model, mean, low, high of our lead over other models; closest first."""
    found = evaluation.results["ahead"]
    rows = [
        {"model": name, **means[metric]}
        for name, means in found.items()
        if metric in means and name not in STYLED
    ]
    frame = pd.DataFrame(rows, columns=["model", "mean", "low", "high"])
    return frame.sort_values(["mean", "model"], ignore_index=True)


def groups(evaluation: KeptEvaluation, kind: str) -> pd.DataFrame:
    """Return group, people, model, mean, low, high: NDCG@5 by group, largest first.

    One person has no interval: the bootstrap would draw the same one every time.
    """
    rows = [
        {"group": group, "people": found["people"], "model": name, **interval}
        for group, found in evaluation.results["groups"].get(kind, {}).items()
        for name, interval in found["ndcg@5"].items()
    ]
    frame = pd.DataFrame(rows, columns=["group", "people", "model", "mean", "low", "high"])
    frame.loc[frame["people"] == 1, ["low", "high"]] = np.nan
    return frame.sort_values(["people", "group"], ascending=[False, True], ignore_index=True)


def by_popularity(evaluation: KeptEvaluation) -> pd.DataFrame:
    """Return group, model, mean, low, high: recall@10 of films of each of `PARTS`."""
    parts = [
        models(evaluation, f"recall@10 of {part}").assign(group=called)
        for part, called in PARTS.items()
    ]
    return pd.concat(parts)[["group", "model", "mean", "low", "high"]]


def cold_start(evaluations: Mapping[str, KeptEvaluation], metric: str) -> pd.DataFrame:
    """Return likes, model, mean, low, high: a metric by the number of first likes."""
    parts = [
        models(evaluation, metric).assign(likes=int(split.removeprefix("cold-start-")))
        for split, evaluation in evaluations.items()
        if split.startswith("cold-start-")
    ]
    frame = pd.concat(parts)[["likes", "model", "mean", "low", "high"]]
    return frame.sort_values(["likes", "model"], ignore_index=True)


def panel(evaluation: KeptEvaluation) -> pd.DataFrame:
    """Return fits@5 by model: mean, low, high; nobody (people with no fitting film); likes.

    The best first.
    """
    frame = models(evaluation, "fits@5")
    found = evaluation.results["models"]
    return frame.assign(
        nobody=[
            found[name]["no fit@5"]["mean"] * evaluation.results["people"]
            for name in frame["model"]
        ],
        likes=[found[name]["median likes@5"]["mean"] for name in frame["model"]],
    )


def losses(evaluation: KeptEvaluation) -> list[str]:
    """Return sentences: whom another model serves better by its mean, and how certainly.

    Of people (NDCG@5 within groups of activity and genre) and of films (recall@10 by popularity).
    Certain means that the two 95 % intervals don't overlap, and that the group is large enough for
    them to be right.
    """
    found = []
    for whom, what, frame in (
        (_("people with {group}"), "NDCG@5", groups(evaluation, "activity")),
        (_("people who mostly like {group}"), "NDCG@5", groups(evaluation, "genre")),
        (_("recall of {group}"), "recall@10", by_popularity(evaluation)),
    ):
        for group, rows in frame.groupby("group", sort=False):
            ours = rows[rows["model"] == OURS]
            others = rows[~rows["model"].isin(STYLED)]
            if ours.empty or others.empty:
                continue
            own = ours.to_dict("records")[0]
            best = others.sort_values("mean").to_dict("records")[-1]
            if best["mean"] > own["mean"]:
                is_large = own.get("people", LEAST_PEOPLE) >= LEAST_PEOPLE
                is_sure = is_large and best["low"] > own["high"]
                found.append(
                    _("{whom}: {model} has {figure} {best}, ours {own} ({sure})").format(
                        whom=whom.format(group=_called(str(group))),
                        model=say(best["model"]),
                        figure=what,
                        best=number(best["mean"], ".3f"),
                        own=number(own["mean"], ".3f"),
                        sure=_("significant") if is_sure else _("may be chance"),
                    )
                )
    return found


def _called(group: str) -> str:
    """Return the name of a group of people or films."""
    return genre_in_text(_(group))
