"""Outcomes of recommendations: shown, opened, rated, over time and by model version."""

from datetime import UTC, date, datetime, time, timedelta

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from plotly.subplots import make_subplots
from sqlalchemy import Engine

from db.queries import events
from pages.parts import seen
from pages.parts.choice import one_of
from pages.parts.wording import N_, _, moment

PERIODS = {N_("30 days"): 30, N_("90 days"): 90, N_("A year"): 365}
KINDS = ("shown", "opened", "rated")
MOST_VERSIONS = 6
_COLOURS = ("#b5472a", "#3b7ea1", "#b7791f", "#3f7d58", "#7b4b94", "#7a7a7a")

_BAR_MILLISECONDS = 0.8 * 24 * 60 * 60 * 1000


def show(engine: Engine) -> None:
    """Show a chart over time, a table by version, and definitions."""
    period = one_of(_("Over"), PERIODS, key="period", default="30 days", shows_label=True)
    today = datetime.now(UTC).date()
    since = today - timedelta(days=PERIODS[period] - 1)
    with engine.connect() as connection:
        days = events.by_day(connection, since)
    if days.empty:
        st.info(
            _("Nothing was shown in this period. Open [For you](/) and check again."),
            icon=":material/visibility_off:",
        )
    else:
        summary = by_version(days)
        st.plotly_chart(
            _figure(days, list(summary["model_version"][:MOST_VERSIONS]), since, today),
            key="outcomes_chart",
            alt=_("Films shown, opened and rated on each day, by model version"),
            config={"displayModeBar": False},
        )
        if len(summary) > MOST_VERSIONS:
            st.caption(
                _(
                    "The chart shows the latest {most_versions} versions, the table all of them."
                ).format(most_versions=MOST_VERSIONS)
            )
        _table(summary)
    with st.expander(_("Definitions"), icon=":material/menu_book:", expanded=True):
        st.markdown(seen.definitions())


def by_version(days: pd.DataFrame) -> pd.DataFrame:
    """Return sums by version, latest first: model_version, KINDS, opened_share, rated_share."""
    summed = days.groupby("model_version")[list(KINDS)].sum().reset_index()
    for kind in ("opened", "rated"):
        summed[f"{kind}_share"] = (summed[kind] / summed["shown"]).where(summed["shown"] > 0)
    return summed.sort_values("model_version", ascending=False, ignore_index=True)


def _figure(days: pd.DataFrame, versions: list[int], since: date, today: date) -> go.Figure:
    """Draw shown, opened and rated as stacked bars per day, one colour per version."""
    called = {"shown": _("Shown"), "opened": _("Opened"), "rated": _("Rated")}
    figure = make_subplots(rows=len(KINDS), shared_xaxes=True, vertical_spacing=0.06)
    for version, colour in zip(versions, _COLOURS, strict=False):
        mine = days[days["model_version"] == version]
        for row, kind in enumerate(KINDS, start=1):
            figure.add_trace(
                go.Bar(
                    x=mine["day"],
                    y=mine[kind],
                    marker_color=colour,
                    width=_BAR_MILLISECONDS,
                    name=_named(version),
                    legendgroup=str(version),
                    showlegend=row == 1,
                    customdata=[moment(day, "d MMMM y") for day in mine["day"]],
                    hovertemplate=f"%{{customdata}}: %{{y:,}} – {called[kind]}",
                ),
                row=row,
                col=1,
            )
    midnight, half = time(), timedelta(hours=12)
    figure.update_xaxes(
        range=[datetime.combine(since, midnight) - half, datetime.combine(today, midnight) + half],
        tickformat=_("%-d %b"),
        nticks=8,
    )
    for row, kind in enumerate(KINDS, start=1):
        figure.update_yaxes(
            title=called[kind],
            rangemode="tozero",
            range=None if days[kind].any() else [0, 1],
            automargin=True,
            nticks=4,
            dtick=1 if days.groupby("day")[kind].sum().max() < 4 else None,
            tickformat=",d",
            row=row,
            col=1,
        )
    figure.update_layout(
        separators=_(".,"),
        barmode="stack",
        height=480,
        margin={"l": 8, "r": 8, "t": 48, "b": 8},
        dragmode=False,
        showlegend=True,
        legend={"orientation": "h", "y": 1.12, "x": 0},
    )
    return figure


def _table(summary: pd.DataFrame) -> None:
    column = st.column_config.NumberColumn
    st.dataframe(
        summary.assign(model_version=summary["model_version"].map(_named)),
        key="outcomes_table",
        alt=_("Shown, opened and rated films of each model version"),
        hide_index=True,
        placeholder="–",
        column_config={
            "model_version": st.column_config.TextColumn(_("Model")),
            "shown": column(_("Shown"), format="localized"),
            "opened": column(_("Opened"), format="localized"),
            "rated": column(_("Rated"), format="localized"),
            "opened_share": column(_("Opened / shown"), format="percent"),
            "rated_share": column(_("Rated / shown"), format="percent"),
        },
    )


def _named(version: int) -> str:
    return _("Model {number}").format(number=version) if version else _("Popularity")
