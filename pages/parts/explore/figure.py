"""A chart, one sentence on it, the same numbers in a table beside it, and as a file."""

import re
import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from db.explore.filters import Slice
from db.statistics import Load
from pages.parts.explore import files, slicing
from pages.parts.wording import _


@dataclass(frozen=True)
class Frame:
    """What is the same for all figures of a page.

    Attributes
    ----------
    chosen : Slice
        What they are of.
    installation : str
        Tells this database apart from others.
    load : Load or None
        The data set.
    computed_at : datetime
        When the views were computed.
    """

    chosen: Slice
    installation: str
    load: Load | None
    computed_at: datetime


def show(
    frame: Frame,
    name: str,
    says: str,
    chart: go.Figure,
    table: pd.DataFrame,
    columns: dict[str, Any],
    *,
    main: str,
) -> None:
    """Show a figure; what is selected in its chart is what its table holds.

    Parameters
    ----------
    frame : Frame
    name, says : str
        What it is called, in English, by which it is known; and a sentence, in the language of
        the page, on what it shows and how it is counted.
    chart : Figure
        Its points, in each of its traces, are the rows of `table` in their order.
    table : DataFrame
    columns : dict
        How the table's columns are shown; those not named are left out.
    main : str
        The main figure in words, for those who can't see the chart.
    """
    key = re.sub(r"\W+", "_", name.lower()).strip("_")
    title = _(name)
    st.subheader(title, anchor=key)
    st.write(says)
    left, right = st.columns([3, 2], gap="medium")
    # A selection is of these rows: other filters, or "All rows", begin with a new chart.
    begun = st.session_state.setdefault(f"{key}_begun", 0)
    of_this = zlib.crc32(repr((frame.chosen, frame.computed_at, len(table), begun)).encode())
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
    places = sorted({int(point["point_index"]) for point in points})
    chosen = [place for place in places if place < len(table)]
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
        st.download_button(
            _("Download as CSV"),
            files.as_csv(
                shown,
                title=title,
                says=says,
                filters=slicing.in_words(frame.chosen),
                rows=rows,
                load=frame.load,
                computed_at=frame.computed_at,
            ),
            file_name=f"five-films-{key.replace('_', '-')}.csv",
            mime="text/csv",
            icon=":material/download:",
            key=f"{key}_csv",
            on_click="ignore",
        )
        if chosen:
            st.caption(_("Rows: {rows}.").format(rows=rows), width="content")
            st.button(
                _("All rows"),
                key=f"{key}_all",
                type="tertiary",
                on_click=_begin_anew,
                args=(f"{key}_begun",),
            )
        else:
            st.caption(
                _(
                    "Nothing selected: all rows. Click in the chart to see a part in the "
                    "table, with Shift several."
                ),
                width="content",
            )


def _begin_anew(key: str) -> None:
    st.session_state[key] += 1
