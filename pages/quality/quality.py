"""How good the lists are, beside those of other models: filled by `python -m recsys evaluate`."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from db.queries import evaluations, model_versions
from db.queries.evaluations import KeptEvaluation
from db.queries.model_versions import ModelVersion
from pages.parts import commands, learned
from pages.parts.choice import one_of
from pages.parts.text import plain
from pages.parts.wording import N_, _, moment, ngettext, number, say
from pages.quality import measuring, panel, sections
from startup import Services

COMMAND = "python -m recsys evaluate"


def _seeds(evaluation: KeptEvaluation) -> str:
    n = len(evaluation.results["seeds"])
    return ngettext("one seed", "{count} seeds", n).format(count=n)


def _nothing_yet(services: Services) -> None:
    if measuring.is_under_way(services.evaluator):
        measuring.watch(services)
        return
    st.info(
        _(
            "Nothing has been measured yet. The app runs a small evaluation by itself a few "
            "minutes after the first training, once the machine is idle. A full one holds "
            "ratings back, trains every model without them and asks each for lists, while "
            "the app keeps running:"
        ),
        icon=":material/science:",
    )
    commands.show("make evaluate")
    st.write(_("Or, where the packages are installed:"))
    commands.show(COMMAND)
    measuring.button(services)


def show(services: Services) -> None:
    """Show the latest evaluations, or how to make one, and what the active model learned."""
    st.title(_("How good the lists are"))
    with services.engine.connect() as connection:
        sources = evaluations.sources(connection)
        active = model_versions.active(connection)
    if sources:
        _measured(services, sources, active)
    else:
        _nothing_yet(services)
    if active is not None:
        st.subheader(
            _("What the training of model {number} learned").format(number=active.id),
            anchor="learned",
        )
        learned.show(active)


def _measured(services: Services, sources: list[str], active: ModelVersion | None) -> None:
    source = sources[0]
    if len(sources) > 1:
        source = st.selectbox(_("Data set"), sources, key="source", bind="query-params")
    with services.engine.connect() as connection:
        found = evaluations.latest(connection, source)
    views: dict[str, Callable[[], None]] = {}
    for split, title in (
        ("per-user-temporal", N_("Per-user temporal")),
        ("global-temporal", N_("Global temporal")),
        ("random", N_("At random")),
    ):
        if split in found:
            views[title] = partial(_of_split, found[split])
    if any(split.startswith("cold-start-") for split in found):
        views[N_("Cold start")] = partial(sections.cold_start, found)
    if "panel" in found:
        views[N_("Taste panel")] = partial(panel.show, found["panel"])
    newest = max(found.values(), key=lambda each: each.id)
    told = {
        "source": plain(_(source), 80),
        "date": moment(newest.evaluated_at, "d MMMM y"),
        "seeds": _seeds(newest),
        "model": newest.model_version,
    }
    words = [
        _("Measured on {source} on {date}, before the first model; means over {seeds}.")
        if newest.model_version is None
        else _(
            "Measured on {source} on {date}, with model {model} in service; means over {seeds}."
        ),
        _(
            "Each model is trained without the held-out ratings and queried the way the "
            "product does."
        ),
    ]
    if active is not None and active.id != newest.model_version:
        words.append(
            _("Model {model} is served now, trained in the same way.").format(model=active.id)
        )
    st.write(" ".join([words[0].format(**told), *words[1:]]))
    measuring.about(newest)
    views[one_of(_("Held out"), views, key="split", shows_label=True)]()
    if measuring.is_under_way(services.evaluator):
        measuring.watch(services)
    else:
        measuring.button(services)
    st.caption(
        _(
            "Filled by `{command}`. docs/quality.md explains how and why it is measured this way."
        ).format(command=COMMAND)
    )


def _of_split(evaluation: KeptEvaluation) -> None:
    st.write(
        f"{say(evaluation.results['explanation'])} "
        + _("People: {count}.").format(count=number(evaluation.results["people"]))
    )
    measuring.left_out(evaluation)
    sections.compared(evaluation)
    sections.ahead(evaluation)
    st.subheader(_("For whom, and for which films"), anchor="groups")
    sections.groups(evaluation)
