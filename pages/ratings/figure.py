"""A chart with one sentence, the same numbers in a table beside it, and as a file."""

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from db.explore.slices import Slice
from db.queries.statistics import Load
from pages.parts import files, guard
from pages.parts.wording import _
from pages.ratings import slicing


@dataclass(frozen=True)
class Context:
    """What all charts of a page have in common.

    Attributes
    ----------
    chosen : Slice
        The ratings they are about.
    installation : str
        Identifies this database.
    load : Load or None
        The data set.
    computed_at : datetime
        When the materialised views were computed.
    """

    chosen: Slice
    installation: str
    load: Load | None
    computed_at: datetime


def show(
    context: Context,
    name: str,
    says: str,
    chart: go.Figure,
    table: pd.DataFrame,
    columns: dict[str, Any],
    *,
    main: str,
    every: Callable[[], pd.DataFrame] | None = None,
) -> None:
    """Show a chart; its table and file contain what is selected in it.

    Parameters
    ----------
    context : Context
    name : str
        Its English name, which identifies it.
    says : str
        A sentence, in the language of the page, on what it shows and how it is counted.
    chart : Figure
        Its points, in each of its traces, are the rows of `table` in their order.
    table : DataFrame
    columns : dict
        How the table's columns are shown; others are left out.
    main : str
        The main result in words, for those who can't see the chart.
    every : callable or None
        All rows for the file, as a frame like `table`, where `table` is the first of them.
    """
    key = re.sub(r"\W+", "_", name.lower()).strip("_")
    title = _(name)
    st.subheader(title, anchor=key)
    st.write(says)
    left, right = st.columns([3, 2], gap="medium")
    # A selection is about these rows: other filters, or "All rows", start with a new chart.
    begun = st.session_state.setdefault(f"{key}_begun", 0)
    of_this = zlib.crc32(repr((context.chosen, context.computed_at, len(table), begun)).encode())
    with left:
        selection = st.plotly_chart(
            chart,
            key=f"{key}_chart_{of_this}",
            on_select="rerun",
            selection_mode="points",
            alt=f"{title}. {main}",
            height=chart.layout.height,
            config={"displayModeBar": False},
        )
    points = selection["selection"]["points"] if selection else []
    places = {point.get("point_index") for point in points}
    chosen = [place for place in range(len(table)) if place in places]
    shown = table.iloc[chosen] if chosen else table
    rows = (
        _("{chosen} of {all}, selected in the chart").format(chosen=len(chosen), all=len(table))
        if chosen
        else _("all")
    )
    with right:
        st.dataframe(
            shown[list(columns)],
            key=f"{key}_table",
            hide_index=True,
            height=chart.layout.height,
            column_config=columns,
            alt=_("{title}, as a table").format(title=title),
            placeholder="",
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        name = f"five-films-{key.replace('_', '-')}"
        whole = every if every is not None and not chosen else lambda: shown
        files.offer(_("Download as CSV"), lambda: as_shown(whole(), columns), name)
        files.tell(_about(context, title, says, rows), name)
        if chosen:
            st.caption(_("Rows: {rows}.").format(rows=rows), width="content")
            st.button(
                _("All rows"),
                key=f"{key}_all",
                type="tertiary",
                on_click=guard.callback(_begin_anew, f"{key}_begun"),
            )
        else:
            st.caption(
                _("Click a point to see only its row; hold Shift to select several.")
                if every is None
                else _(
                    "The file contains all rows, the page only some. Click a point to see "
                    "only its row; hold Shift to select several."
                ),
                width="content",
            )


def as_shown(table: pd.DataFrame, columns: dict[str, Any]) -> pd.DataFrame:
    """Return the table with the page's column names and decimals.

    Parameters
    ----------
    table : DataFrame
        With movie_id, if its rows are films: the file has that too, in place of links.
    columns : dict
        As `show` takes them.

    Returns
    -------
    DataFrame
    """
    shown = {"movie_id": table["movie_id"]} if "movie_id" in table else {}
    for name, column in columns.items():
        label, values, kind = column["label"], table[name], column["type_config"]
        if kind["type"] == "link":
            continue
        if kind.get("format") == "percent":
            shown[f"{label}, %"] = (values * 100).round(2)
        elif pd.api.types.is_datetime64_any_dtype(values):
            shown[label] = values.dt.date
        else:
            shown[label] = values.round(2) if pd.api.types.is_float_dtype(values) else values
    return pd.DataFrame(shown)


def _about(context: Context, title: str, says: str, rows: str) -> Iterator[str]:
    yield f"Five Films: {title}"
    yield says
    yield _("Filters: {filters}").format(filters=slicing.in_words(context.chosen) or _("none"))
    yield _("Rows: {rows}").format(rows=rows)
    yield _("Data: {source}; computed {computed} UTC; file written {written}").format(
        source=files.source(context.load),
        computed=f"{context.computed_at:%Y-%m-%d %H:%M}",
        written=f"{datetime.now(UTC):%Y-%m-%d}",
    )
    yield _("Licence and citation: {licence}").format(licence=files.LICENCE)


def _begin_anew(key: str) -> None:
    st.session_state[key] += 1
