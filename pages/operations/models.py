"""Models: all versions, the active one, and training another."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import streamlit as st

from db.queries import model_versions
from db.queries.model_versions import ModelVersion, UnknownVersionError
from pages.operations import measures, training
from pages.parts import access, guard, learned
from pages.parts.text import plain
from pages.parts.wording import _, moment, ngettext, number, say
from recsys.models.artefact import ArtefactError
from recsys.serving.activation import activate
from startup import Services

logger = logging.getLogger("pages")

_DONE = "model_activated"
MOST_MEASURES = 4


def show(services: Services) -> None:
    """Show the active model, training, activation of older versions, and all details."""
    with services.engine.connect() as connection:
        versions = model_versions.listed(connection)
    _say_what_was_done()
    active = next((each for each in versions if each.is_active), None)
    if active is None:
        st.info(
            _("No model is served, so films are sorted by popularity. Train one below."),
            icon=":material/hourglass_empty:",
        )
    else:
        _served(active)
    before = model_versions.previous(versions)
    with st.container(horizontal=True):
        training.button(services)
        if before is not None:
            _activation(
                services,
                _("Go back to model {number}").format(number=before.id),
                before,
                key="back",
            )
    training.show(services)
    if versions:
        st.subheader(_("Versions"))
        _table(versions)
        _details(services, versions)


def _served(active: ModelVersion) -> None:
    with st.grid(4, min_column_width=140):
        st.metric(_("Served"), _("Model {number}").format(number=active.id), border=True)
        st.metric(_("Served for"), _age(active.activated_at or active.created_at), border=True)
        st.metric(_("Trained"), _("{age} ago").format(age=_age(active.created_at)), border=True)
        st.metric(
            _("Size"),
            _("{size} MB").format(size=number(active.size / 1e6, ".1f")),
            border=True,
            help=_("Of the artefact, as it is stored and loaded."),
        )
        for each in measures.of(active.metrics)[:MOST_MEASURES]:
            st.metric(each.label, each.in_words, border=True, help=each.help or None)
    st.caption(
        _("Trained on {data}.").format(
            data=plain(str(active.parameters.get("data") or _("unknown data")), 200)
        )
    )
    if active.is_quick:
        st.info(
            _(
                "A first, quick model without a map or comparison models, and not measured. "
                "It is served until the full training is done."
            ),
            icon=":material/hourglass:",
        )
    if active.parameters.get("little_memory"):
        st.info(
            _(
                "It was trained with little memory: without a map or comparison models, and "
                "with item-item weights for only the {films} best-liked films. With more "
                "memory, its lists would be a little better."
            ).format(films=number(active.parameters["most_films"])),
            icon=":material/memory:",
        )


def _activation(services: Services, label: str, version: ModelVersion, *, key: str) -> None:
    with st.popover(label, icon=":material/history:"):
        st.write(
            _(
                "Everyone's next list will come from model {number}, trained on {when} UTC. "
                "The current model is kept and can be served again."
            ).format(
                number=version.id,
                when=moment(version.created_at.astimezone(UTC), "d MMMM y, HH:mm"),
            )
        )
        st.button(
            _("Yes, serve model {number}").format(number=version.id),
            type="primary",
            key=f"{key}-{version.id}",
            on_click=guard.callback(_activate, services, version.id),
        )


def _activate(services: Services, version: int) -> None:
    user = access.require(services.settings, "admin")
    try:
        activate(services.engine, version)
    except (UnknownVersionError, ArtefactError) as error:
        st.session_state[_DONE] = (
            False,
            _(
                "Model {number} can't be served: {problem}. The previous one stays in service."
            ).format(number=version, problem=plain(say(error), 300)),
        )
        return
    logger.info("model %d activated by user %d", version, user.id)
    st.session_state[_DONE] = (
        True,
        _("Model {number} is now in service.").format(number=version),
    )


def _say_what_was_done() -> None:
    done = st.session_state.pop(_DONE, None)
    if done is None:
        return
    is_good, words = done
    if is_good:
        st.success(words, icon=":material/check:")
    else:
        st.error(words, icon=":material/error:")


def _table(versions: list[ModelVersion]) -> None:
    measured = [measures.of(each.metrics)[:MOST_MEASURES] for each in versions]
    rows = [
        {
            "version": version.id,
            "served": version.is_active,
            "trained": version.created_at,
            "size": version.size / 1e6,
            "data": version.parameters.get("data") or "",
            **{each.key: each.value for each in found},
        }
        for version, found in zip(versions, measured, strict=True)
    ]
    st.dataframe(
        pd.DataFrame(rows),
        key="models",
        hide_index=True,
        alt=_("Model versions, newest first"),
        height="auto" if len(rows) <= 10 else 400,
        column_config={
            "version": st.column_config.NumberColumn(_("Version"), width="small"),
            "served": st.column_config.CheckboxColumn(_("Served"), width="small"),
            "trained": st.column_config.DatetimeColumn(
                _("Trained (UTC)"), format="YYYY-MM-DD HH:mm", timezone="UTC"
            ),
            "size": st.column_config.NumberColumn(_("MB"), format="%.1f", width="small"),
            "data": st.column_config.TextColumn(_("Trained on")),
            **{
                each.key: st.column_config.NumberColumn(each.label, help=each.help or None)
                for found in measured
                for each in found
            },
        },
        placeholder="–",
    )


def _details(services: Services, versions: list[ModelVersion]) -> None:
    by_number = {each.id: each for each in versions}
    active = [place for place, each in enumerate(versions) if each.is_active]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            _("Look at a version"),
            list(by_number),
            index=active[0] if active else 0,
            format_func=_("Model {number}").replace("number", "").format,
            key="version",
            width=240,
        )
        version = by_number[chosen]
        if not version.is_active:
            words = _("Serve model {number}").format(number=version.id)
            _activation(services, words, version, key="serve")
    parameters, metrics = st.columns(2, gap="medium")
    with parameters:
        st.markdown(_("**Parameters**"))
        rest = {
            name: each for name, each in version.parameters.items() if name not in learned.NAMES
        }
        _pairs(rest, _("Parameters of the version"), key="parameters")
    with metrics:
        st.markdown(_("**Metrics at training**"))
        if version.metrics:
            _pairs(version.metrics, _("Metrics of the version"), key="measures")
        else:
            st.caption(_("None were recorded."))
    st.markdown(_("**What the training learned**"))
    learned.show(version)
    st.caption(_("SHA-256 of the artefact: `{sha256}`").format(sha256=version.sha256))


def _pairs(facts: dict[str, Any], alt: str, *, key: str) -> None:
    st.dataframe(
        [{"name": name, "value": _in_words(value)} for name, value in measures.flat(facts)],
        key=key,
        hide_index=True,
        alt=alt,
        column_config={"name": _("Name"), "value": _("Value")},
    )


def _in_words(value: Any) -> str:
    if isinstance(value, str):
        return value
    return f"{value:.6g}" if isinstance(value, float) else json.dumps(value)


def _age(when: datetime) -> str:
    hours = (datetime.now(UTC) - when).total_seconds() / 3600
    if hours < 1:
        return _("{count} min").format(count=number(hours * 60, ".0f"))
    if hours < 48:
        return _("{count} h").format(count=number(hours, ".0f"))
    days = round(hours / 24)
    return ngettext("{count} day", "{count} days", days).format(count=days)
