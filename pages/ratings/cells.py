"""Charts of pairs and periods as cells; each cell is a row of the frame."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from db.explore.slices import RELEASE_STEP
from pages.parts.charts import ACCENT, SECOND, lay_out, without_markup
from pages.parts.wording import _
from pages.ratings.charts import TALL

_CLEAR_ACCENT, _CLEAR_SECOND = "rgba(181, 71, 42, 0.03)", "rgba(59, 126, 161, 0.03)"


def liked_together(frame: pd.DataFrame) -> go.Figure:
    """Draw cells: the lift of each pair of genres, on a scale of doublings."""
    others = sorted(frame["other"].unique())
    lifts = [1 / 3, 1 / 2, 1, 2, 3]
    figure = _cells(
        frame,
        frame["other"].map(others.index),
        frame["lift"].clip(lifts[0], lifts[-1]).map(np.log2),
        scale=[[0, SECOND], [0.5, _CLEAR_SECOND], [0.5, _CLEAR_ACCENT], [1, ACCENT]],
        limits=(float(np.log2(lifts[0])), float(np.log2(lifts[-1]))),
        ticks={
            "tickvals": [float(np.log2(lift)) for lift in lifts],
            "ticktext": ["⅓ ×", "½ ×", "1 ×", "2 ×", "3 ×"],
        },
    )
    figure.update_traces(
        customdata=frame[["genre", "other", "lift", "people"]],
        hovertemplate=_(
            "%{customdata[0]} and %{customdata[1]}: %{customdata[2]:.2f} "
            "×, %{customdata[3]:,} people<extra></extra>"
        ),
    )
    figure.update_xaxes(
        tickvals=list(range(len(others))),
        ticktext=list(without_markup(pd.Series(others))),
        tickangle=-90,
        tickfont={"size": 10},
    )
    return figure


def genres_by_release(frame: pd.DataFrame) -> go.Figure:
    """Draw cells: the share of each genre in the ratings of films of the same years."""
    most = frame["share"].max()
    figure = _cells(
        frame,
        frame["release"] + RELEASE_STEP / 2,
        frame["share"],
        step=RELEASE_STEP,
        scale=[[0, _CLEAR_ACCENT], [1, ACCENT]],
        limits=(0, 1 if pd.isna(most) else most),
        ticks={"tickformat": ".0%"},
    )
    figure.update_traces(
        customdata=frame[["genre", "release", "share", "ratings", "mean"]],
        hovertemplate=_(
            "%{customdata[0]}, %{customdata[1]} and the four years after: "
            "%{customdata[2]:.1%} of the ratings (%{customdata[3]:,}), "
            "mean %{customdata[4]:.2f}<extra></extra>"
        ),
    )
    return figure.update_xaxes(tickformat="d", title=_("Year of release"))


def _cells(
    frame: pd.DataFrame,
    across: pd.Series,
    values: pd.Series,
    *,
    scale: list[list[object]],
    limits: tuple[float, float],
    ticks: dict[str, object],
    step: int = 1,
) -> go.Figure:
    """Draw a heatmap from bars, which can be selected; a heatmap's cells can't.

    Cells are centred on `across` and `step` wide.
    """
    names = without_markup(frame["genre"])
    genres = sorted(names.unique())
    figure = go.Figure(
        go.Bar(
            y=names.map(genres.index),
            base=across - 0.48 * step,
            x=values.notna() * 0.96 * step,
            orientation="h",
            width=0.96,
            marker={
                "color": values,
                "colorscale": scale,
                "cmin": limits[0],
                "cmax": limits[1],
                "colorbar": {
                    "orientation": "h",
                    "thickness": 10,
                    "y": 1,
                    "yanchor": "bottom",
                    **ticks,
                },
                "line": {"width": 0},
            },
        )
    )
    figure.update_layout(barmode="overlay", showlegend=False)
    figure.update_xaxes(
        range=[across.min() - step / 2, across.max() + step / 2], showgrid=False, zeroline=False
    )
    figure.update_yaxes(
        tickvals=list(range(len(genres))),
        ticktext=genres,
        range=[len(genres) - 0.5, -0.5],
        showgrid=False,
        zeroline=False,
    )
    return lay_out(figure, height=TALL)
