"""The hyperparameters that a training chose on its data, and what each choice gained."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from db.queries.model_versions import ModelVersion
from pages.parts.wording import _, number

NAMES = ("learned", "gains")
"""The parameters of a model version that are shown here."""


@dataclass(frozen=True)
class Choice:
    """A row of the table, in the language of this run.

    Attributes
    ----------
    name, value : str
    gain : str
        On the held-out likes, relative to the default; or why there is none.
    """

    name: str
    value: str
    gain: str


def show(version: ModelVersion) -> None:
    """Show what the training of a version chose, or why it uses the defaults."""
    rows = choices(version.parameters)
    if not rows:
        st.write(why_defaults(version))
        return
    st.write(
        _(
            "The training chose these on likes that it held out of its own data; a default was "
            "kept unless another value was clearly better. Gains are relative to the defaults: "
            "those of EASE, the next likes and short-term in lists of their own, the others in "
            "the lists of all stages together."
        )
    )
    st.table(
        pd.DataFrame(
            {
                _("Choice"): [each.name for each in rows],
                _("Value"): [each.value for each in rows],
                _("Gain on held-out likes"): [each.gain for each in rows],
            }
        ),
        border="horizontal",
        width="content",
        hide_index=True,
        alt=_("What the training of model {number} chose").format(number=version.id),
    )


def choices(parameters: dict[str, Any]) -> list[Choice]:
    """Return a row for each choice; none if the model uses the defaults.

    Parameters
    ----------
    parameters : dict
        Those of a model version. "learned" has the fields of `recsys.data.learned.Learned`, and
        "gains" the gains of `recsys.training.trial.Trial`; older versions lack some.

    Returns
    -------
    list of Choice
    """
    learned, gains = (parameters.get(name) for name in NAMES)
    if not learned or not gains:
        return []
    # 1 is the default, and the only option, where likes have no order.
    has_order = learned["oldest"] < 1 or gains["oldest"] > 0
    no_order = _("not chosen: these likes have no order")
    not_significant = _("no significant gain: default kept")
    of_ease = _gain(gains["ease"], _("no clear gain: default kept"), together=True)
    of_shares = _gain(gains["shares"], not_significant, together=has_order)
    of_next, after = learned["next_share"], learned["after_share"]
    return [
        Choice(_("EASE: ridge"), number(learned["ridge"], ",g"), of_ease),
        Choice(_("EASE: dropout"), number(learned["dropout"], "g"), of_ease),
        Choice(
            _("EASE: weight of people with many likes"),
            _("exponent {exponent}").format(exponent=number(learned["activity"], "g")),
            of_ease,
        ),
        *(_of_order(learned, gains, None if has_order else no_order) if "next" in gains else []),
        Choice(
            _("Weight of the oldest likes"),
            number(learned["oldest"], "g"),
            _gain(gains["oldest"], not_significant) if has_order else no_order,
        ),
        Choice(
            _("Shares: LightFM / genres / item-item / short-term"),
            _percentages(learned["shares"]),
            of_shares,
        ),
        Choice(
            _("Within item-item: EASE / next likes / co-occurrence in order"),
            _percentages([1 - of_next - after, of_next, after]),
            of_shares if has_order else no_order,
        ),
        Choice(
            _("Popularity discount"),
            number(learned["discount"], "g"),
            _gain(gains["discount"], not_significant),
        ),
        *(_of_dislikes(learned, gains["dislikes"]) if "dislikes" in gains else []),
    ]


def _of_order(
    learned: dict[str, Any], gains: dict[str, float], why_not: str | None
) -> list[Choice]:
    """Return rows for the regressions to later likes, which older versions didn't choose."""
    nothing = _("no clear gain: default kept")
    of_short_term = why_not or _gain(gains["short-term"], nothing, together=True)
    return [
        Choice(
            _("Next likes: ridge"),
            number(learned["next_ridge"], ",g"),
            why_not or _gain(gains["next"], nothing),
        ),
        Choice(_("Short-term: ridge"), number(learned["short_term_ridge"], ",g"), of_short_term),
        Choice(
            _("Short-term: share of co-occurrence"),
            number(learned["near_share"], ".0%"),
            of_short_term,
        ),
    ]


def _of_dislikes(learned: dict[str, Any], gain: float) -> list[Choice]:
    """Return a row for the weight of dislikes, which older versions didn't choose."""
    kept = _("no significant gain: default kept")
    return [Choice(_("Weight of dislikes"), number(learned["dislikes"], "g"), _gain(gain, kept))]


def why_defaults(version: ModelVersion) -> str:
    """Return a sentence that says why a version uses the defaults.

    Each training with enough people measures a trial model, but older versions of the app chose
    nothing with it.
    """
    if version.is_quick:
        return _("This quick model uses the defaults: only a full training chooses.")
    if version.parameters.get("little_memory"):
        return _("This model uses the defaults: there was too little memory to choose.")
    if "ips_gain" in version.metrics and not version.parameters.get("learned"):
        return _(
            "This model uses the defaults: it was trained by an older version of the app, which "
            "did not choose. The next training will."
        )
    return _("This model uses the defaults: there were too few people to choose on.")


def _gain(gain: float, nothing: str, *, together: bool = False) -> str:
    if gain <= 0:
        return nothing
    shown = number(gain, "+.1%" if gain >= 0.001 else "+.2%")
    return _("{gain} together").format(gain=shown) if together else shown


def _percentages(shares: list[float]) -> str:
    *first, last = shares
    shown = [*(number(share * 100, ".0f") for share in first), number(last, ".0%")]
    return " / ".join(shown).replace(" ", "\u00a0")
