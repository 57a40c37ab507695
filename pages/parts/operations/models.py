"""Models: the versions there are, which one is served, and training another."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import streamlit as st

import startup
from db import models
from db.models import ModelVersion, UnknownVersionError
from db.users import User
from pages.parts.operations import training
from pages.parts.text import plain
from recsys.activation import activate
from recsys.artefact import ArtefactError

logger = logging.getLogger("pages")

_DONE = "model_activated"
MOST_MEASURES = 4


def show(user: User) -> None:
    """The served model, a new one, the way back, and every version in detail."""
    with startup.current().engine.connect() as connection:
        versions = models.listed(connection)
    _say_what_was_done()
    active = next((each for each in versions if each.is_active), None)
    if active is None:
        st.info(
            "No model is served: films are sorted by popularity. Train one below.",
            icon=":material/hourglass_empty:",
        )
    else:
        _served(active)
    before = models.previous(versions)
    with st.container(horizontal=True):
        training.button(user)
        if before is not None:
            _activation(f"Go back to model {before.id}", before, user, key="back")
    training.show()
    if versions:
        st.subheader("Versions")
        _table(versions)
        _details(versions, user)


def _served(active: ModelVersion) -> None:
    measures = [(name, value) for name, value in _flat(active.metrics) if _is_figure(value)]
    with st.grid(4, min_column_width=140):
        st.metric("Served", f"Model {active.id}", border=True)
        st.metric("Served for", _age(active.activated_at or active.created_at), border=True)
        st.metric("Trained", f"{_age(active.created_at)} ago", border=True)
        st.metric("Size", f"{active.size / 1e6:.1f} MB", border=True)
        for name, value in measures[:MOST_MEASURES]:
            st.metric(name, f"{value:.4g}", border=True)
    st.caption(f"Trained on {plain(str(active.parameters.get('data') or 'unknown data'), 200)}.")


def _activation(label: str, version: ModelVersion, user: User, *, key: str) -> None:
    with st.popover(label, icon=":material/history:"):
        st.write(
            f"Everybody's next list comes from model {version.id}, trained on "
            f"{version.created_at.astimezone(UTC):%-d %B %Y at %H:%M} UTC. The one that is served "
            "now is kept, and can be served again."
        )
        st.button(
            f"Yes, serve model {version.id}",
            type="primary",
            key=f"{key}-{version.id}",
            on_click=_activate,
            args=(version.id, user),
        )


def _activate(version: int, user: User) -> None:
    try:
        activate(startup.current().engine, version)
    except (UnknownVersionError, ArtefactError) as error:
        st.session_state[_DONE] = (
            False,
            f"Model {version} can't be served: {plain(str(error), 300)}. The one before still is.",
        )
        return
    logger.info("model %d activated by user %d", version, user.id)
    st.session_state[_DONE] = (True, f"Model {version} is served from now on.")


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
    rows = []
    for each in versions:
        measures = {name: value for name, value in _flat(each.metrics) if _is_figure(value)}
        rows.append(
            {
                "version": each.id,
                "served": each.is_active,
                "trained": each.created_at,
                "size": each.size / 1e6,
                "data": each.parameters.get("data") or "",
                **dict(list(measures.items())[:MOST_MEASURES]),
            }
        )
    st.dataframe(
        pd.DataFrame(rows),
        key="models",
        hide_index=True,
        height="auto" if len(rows) <= 10 else 400,
        column_config={
            "version": st.column_config.NumberColumn("Version", width="small"),
            "served": st.column_config.CheckboxColumn("Served", width="small"),
            "trained": st.column_config.DatetimeColumn(
                "Trained (UTC)", format="YYYY-MM-DD HH:mm", timezone="UTC"
            ),
            "size": st.column_config.NumberColumn("MB", format="%.1f", width="small"),
            "data": st.column_config.TextColumn("Trained on"),
        },
    )


def _details(versions: list[ModelVersion], user: User) -> None:
    by_number = {each.id: each for each in versions}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = st.selectbox(
            "Look at a version",
            list(by_number),
            format_func="Model {}".format,
            key="version",
            width=240,
        )
        version = by_number[number]
        if not version.is_active:
            _activation(f"Serve model {version.id}", version, user, key="serve")
    parameters, measures = st.columns(2, gap="medium")
    with parameters:
        st.markdown("**Parameters**")
        _pairs(version.parameters, key="parameters")
    with measures:
        st.markdown("**Measures at its training**")
        if version.metrics:
            _pairs(version.metrics, key="measures")
        else:
            st.caption("None were taken.")
    st.caption(f"SHA-256 of the artefact: `{version.sha256}`")


def _pairs(facts: dict[str, Any], *, key: str) -> None:
    st.dataframe(
        [{"Name": name, "Value": _in_words(value)} for name, value in _flat(facts)],
        key=key,
        hide_index=True,
    )


def _flat(facts: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Nested facts under names with points: what lies in "a" as "b" is "a.b"."""
    for name, value in facts.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _is_figure(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _in_words(value: Any) -> str:
    if isinstance(value, str):
        return value
    return f"{value:.6g}" if isinstance(value, float) else json.dumps(value)


def _age(when: datetime) -> str:
    hours = (datetime.now(UTC) - when).total_seconds() / 3600
    if hours < 1:
        return f"{hours * 60:.0f} min"
    return f"{hours:.0f} h" if hours < 48 else f"{hours / 24:.0f} days"
