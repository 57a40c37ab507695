"""Where Quality says that another model is better."""

from db.queries import evaluations
from pages.quality import tables
from recsys.evaluation.contenders import OURS


def test_where_another_model_is_better_is_said() -> None:
    def interval(mean: float) -> dict[str, float]:
        return {"mean": mean, "low": mean - 0.01, "high": mean + 0.01}

    kept = evaluations.KeptEvaluation(
        id=1,
        evaluated_at=None,  # type: ignore[arg-type]
        source="demo",
        model_version=None,
        split="per-user-temporal",
        results={
            "models": {
                name: {f"recall@10 of {part}": interval(0.1) for part in tables.PARTS}
                for name in (OURS, "EASE")
            },
            "groups": {
                "activity": {
                    "20 to 49": {"ndcg@5": {OURS: interval(0.2), "EASE": interval(0.1)}},
                    "50 to 99": {"ndcg@5": {OURS: interval(0.1), "EASE": interval(0.2)}},
                },
                "genre": {"War": {"ndcg@5": {OURS: interval(0.1), "EASE": interval(0.105)}}},
            },
        },
    )
    for kind in ("activity", "genre"):
        for group in kept.results["groups"][kind].values():
            group["people"] = tables.LEAST_PEOPLE
    assert tables.losses(kept) == [
        "people with 50 to 99: EASE has NDCG@5 0.200, ours 0.100 (significant)",
        "people who mostly like War: EASE has NDCG@5 0.105, ours 0.100 (may be chance)",
    ]
    kept.results["groups"]["activity"]["50 to 99"]["people"] -= 1
    assert tables.losses(kept)[0] == (
        "people with 50 to 99: EASE has NDCG@5 0.200, ours 0.100 (may be chance)"
    ), "too few people to be sure"
