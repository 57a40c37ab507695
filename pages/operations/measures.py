"""What was measured at a training, in words: names, explanations and formats."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pages.parts.wording import N_, _, number


class Measure(NamedTuple):
    """A metric of a training: its name in the artefact, its value, and what it means.

    `help` is empty for a metric that isn't known here.
    """

    key: str
    value: float
    label: str
    help: str
    form: str

    @property
    def in_words(self) -> str:
        """The value in its format."""
        return number(self.value, self.form)


# By the name in the artefact: label, explanation, format of the value.
_KNOWN = {
    "ips_gain": (
        N_("Against popularity"),
        N_(
            "IPS-NDCG@5 for people whom the training didn't learn from, divided by that of a list "
            "of the most-liked films: 1 is no better than such a list, and more is better."
        ),
        ".2f",
    ),
    "people": (
        N_("People held out"),
        N_("How many people the model was measured with, without learning from them."),
        ",",
    ),
    "panel_fits": (
        N_("Taste panel"),
        N_(
            "How many of the five films fit, on average, the tastes of the made-up people of the "
            "taste panel. The Quality page shows their lists."
        ),
        ".0%",
    ),
}


def of(metrics: Mapping[str, Any]) -> list[Measure]:
    """Return the numbers among the metrics of a training, in their order."""
    return [
        _measure(key, value)
        for key, value in flat(metrics)
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]


def flat(facts: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Flatten nested facts: "b" inside "a" becomes "a.b"."""
    for name, value in facts.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _measure(key: str, value: float) -> Measure:
    if key not in _KNOWN:
        return Measure(key, value, key, "", ".4g")
    label, help, form = _KNOWN[key]
    return Measure(key, value, _(label), _(help), form)
