"""Charts of the Quality page: dots with 95 % intervals, because no axis starts at zero."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.parts.charts import ACCENT, SECOND, lay_out, without_markup
from pages.parts.wording import _, say
from pages.quality.labels import axis_range, label_places
from pages.quality.tables import OURS, STYLED

_SYMBOLS = ("circle", "diamond", "square", "triangle-up", "cross", "star", "pentagon", "hexagon")
_TEXT = {"light": "#241c17", "dark": "#f3ebe2"}  # the theme's; Plotly's own is too faint
_LEGEND_ABOVE = {"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0}


def against(points: pd.DataFrame, across: str, up: str) -> go.Figure:
    """Draw one dot per model: one metric across, another up, with both intervals.

    A line joins our styles.
    """
    models = points["model"].tolist()
    joined = [models.index(name) for name in STYLED if name in models]
    places = label_places(points, [_short(model) for model in models], joined)
    figure = go.Figure(
        [
            go.Scatter(
                x=[row["x_mean"]],
                y=[row["y_mean"]],
                mode="markers+text",
                text=[_short(row["model"])],
                textposition=place,
                textfont={"color": _TEXT[st.context.theme.type or "light"]},
                cliponaxis=False,
                marker={
                    "size": 13 if row["model"] == OURS else 9,
                    "color": _colour(row["model"]),
                },
                error_x=_bars([row["x_mean"]], [row["x_low"]], [row["x_high"]], row["model"]),
                error_y=_bars([row["y_mean"]], [row["y_low"]], [row["y_high"]], row["model"]),
                hovertemplate=f"{say(row['model'])}<br>{across} %{{x:.4f}}<br>{up} %{{y:.4f}}"
                "<extra></extra>",
            )
            for row, place in zip(points.to_dict("records"), places, strict=True)
        ]
    )
    styles = points.iloc[joined]
    figure.add_scatter(
        x=styles["x_mean"].tolist(),
        y=styles["y_mean"].tolist(),
        mode="lines",
        line={"color": ACCENT, "width": 1.5},
        hoverinfo="skip",
    )
    figure.update_layout(
        showlegend=False,
        xaxis={"title": across, "range": axis_range(points, "x")},
        yaxis={"range": axis_range(points, "y")},
    )
    return lay_out(figure, y=up, height=460)


def differences(frame: pd.DataFrame, metric: str) -> go.Figure:
    """Draw how far ours is ahead of each model, with a line at zero."""
    chart = go.Figure(
        go.Scatter(
            x=frame["mean"],
            y=frame["model"].map(_),
            mode="markers",
            marker={"size": 11, "color": ACCENT},
            error_x=_bars(frame["mean"], frame["low"], frame["high"], OURS),
            customdata=frame[["low", "high"]],
            hovertemplate=_("ahead of %{y} by %{x:.4f}") + f"<br>{_interval()}<extra></extra>",
        )
    )
    chart.add_vline(x=0, line={"width": 1, "dash": "dot", "color": "gray"})
    chart.update_layout(
        xaxis_title=_("How much more {figure} Five Films has").format(figure=metric)
    )
    return lay_out(chart, height=120 + 42 * len(frame))


def groups(frame: pd.DataFrame, others: list[str], metric: str) -> go.Figure:
    """Draw dots by group: ours and the models compared with it."""
    shown = frame[frame["model"].isin([OURS, *others])]
    chart = go.Figure()
    for place, (name, rows) in enumerate(
        sorted(shown.groupby("model"), key=lambda each: (each[0] != OURS, str(each[0])))
    ):
        chart.add_scatter(
            x=rows["mean"],
            y=without_markup(rows["group"]),
            mode="markers",
            name=_(str(name)),
            marker={"size": 10, "color": _colour(str(name)), "symbol": _SYMBOLS[place]},
            error_x=_bars(rows["mean"], rows["low"], rows["high"], str(name)),
            customdata=rows[["low", "high"]],
            hovertemplate=f"{_(str(name))}, %{{y}}: %{{x:.3f}}<br>{_interval()}<extra></extra>",
        )
    chart.update_layout(xaxis_title=metric, legend=_LEGEND_ABOVE, scattermode="group")
    chart.update_yaxes(autorange="reversed", dtick=1)
    return lay_out(chart, height=170 + 48 * shown["group"].nunique())


def cold_start(frame: pd.DataFrame, others: list[str], metric: str) -> go.Figure:
    """Draw a metric over the number of first likes, one line per model."""
    shown = frame[frame["model"].isin([OURS, *others])]
    chart = go.Figure()
    for place, (name, rows) in enumerate(
        sorted(shown.groupby("model"), key=lambda each: (each[0] != OURS, str(each[0])))
    ):
        chart.add_scatter(
            x=rows["likes"].astype(str),
            y=rows["mean"],
            mode="lines+markers",
            name=_(str(name)),
            line={"color": _colour(str(name)), "dash": "solid" if name == OURS else "dot"},
            marker={"size": 10, "symbol": _SYMBOLS[place]},
            error_y=_bars(rows["mean"], rows["low"], rows["high"], str(name)),
            customdata=rows[["low", "high"]],
            hovertemplate=_("{model}, likes: %{{x}}: %{{y:.3f}}").format(model=_(str(name)))
            + f"<br>{_interval()}<extra></extra>",
        )
    chart.update_layout(legend=_LEGEND_ABOVE, xaxis={"title": _("First likes"), "type": "category"})
    return lay_out(chart, y=metric)


def fits(frame: pd.DataFrame) -> go.Figure:
    """Draw the panel's share of fitting films by model, from 0 to 1; first on top."""
    chart = go.Figure(
        [
            go.Scatter(
                x=[row["mean"]],
                y=[say(row["model"])],
                mode="markers",
                marker={"size": 11, "color": _colour(row["model"])},
                error_x=_bars([row["mean"]], [row["low"]], [row["high"]], row["model"]),
                customdata=[[row["low"], row["high"]]],
                hovertemplate="%{y}: %{x:.2f}" + f"<br>{_interval()}<extra></extra>",
            )
            for row in frame.to_dict("records")
        ]
    )
    chart.update_layout(showlegend=False)
    chart.update_xaxes(title="fits@5", range=[-0.02, 1.02])
    chart.update_yaxes(autorange="reversed", dtick=1)
    return lay_out(chart, height=100 + 36 * len(frame))


def _interval() -> str:
    return _("95 %: %{customdata[0]:.3f} to %{customdata[1]:.3f}")


def _colour(model: str) -> str:
    return ACCENT if model in STYLED else SECOND


def _short(model: str) -> str:
    """Return a model's name for its dot; the line already shows which styles are ours."""
    return say(model).removeprefix(f"{OURS}, ")


def _bars(means: object, lows: object, highs: object, model: str) -> dict[str, object]:
    middle, low, high = (pd.Series(each) for each in (means, lows, highs))
    return {
        "type": "data",
        "symmetric": False,
        "array": high - middle,
        "arrayminus": middle - low,
        "thickness": 1.2,
        "width": 3,
        "color": _colour(model),
    }
