"""What was measured at a training, in words."""

from pages.operations import measures
from pages.parts.wording import in_language


def test_known_metrics_are_explained_and_others_keep_their_names() -> None:
    metrics = {
        "people": 1350,
        "ips_gain": 1.2249,
        "panel_fits": 0.9143,
        "not_served": "it is worse",
        "is_sure": True,
        "ndcg": {"at 5": 0.51234},
    }
    with in_language("en"):
        found = measures.of(metrics)
    assert [(each.label, each.in_words) for each in found] == [
        ("People held out", "1,350"),
        ("Against popularity", "1.22"),
        ("Taste panel", "91%"),
        ("ndcg.at 5", "0.5123"),
    ]
    assert [bool(each.help) for each in found] == [True, True, True, False]
