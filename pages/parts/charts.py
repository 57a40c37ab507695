"""Plotly charts that several pages share, each drawn from a small frame."""

import pandas as pd
import plotly.graph_objects as go

from db.scale import STEP
from pages.parts.wording import _, number

ACCENT = "#b5472a"
SECOND = "#3b7ea1"
HEIGHT = 400

_LONGEST_NAME = 36
_ROOM_FOR_NUMBERS = 0.2  # beside the longest bar, of all bars' span


def rating_distribution(frame: pd.DataFrame) -> go.Figure:
    """Draw bars: how often each rating was given."""
    figure = go.Figure(
        go.Bar(
            x=frame["rating"],
            y=frame["ratings"],
            marker_color=ACCENT,
            hovertemplate=_("%{x} stars: %{y:,} ratings<extra></extra>"),
        )
    )
    figure.update_xaxes(title=_("Stars"), dtick=STEP)
    return lay_out(figure, y=_("Ratings"))


def film_by_year(frame: pd.DataFrame) -> go.Figure:
    """Draw a film's ratings by year as bars, and their mean as a line on a second axis."""
    figure = go.Figure(
        [
            go.Bar(
                x=frame["year"],
                y=frame["ratings"],
                marker_color=ACCENT,
                name=_("Ratings"),
                hovertemplate=_("%{x}: %{y:,} ratings<extra></extra>"),
            ),
            go.Scatter(
                x=frame["year"],
                y=frame["mean"],
                yaxis="y2",
                mode="lines+markers",
                line={"color": SECOND},
                name=_("Mean (stars)"),
                hovertemplate=_("%{x}: mean %{y:.2f}<extra></extra>"),
            ),
        ]
    )
    figure.update_layout(
        yaxis2={
            "overlaying": "y",
            "side": "right",
            "range": [0.5, 5.2],
            "tickmode": "linear",
            "tick0": 1,
            "dtick": 1,
            "showgrid": False,
        },
        legend={"orientation": "h", "y": -0.18},
    )
    figure.update_xaxes(dtick=1 if len(frame) <= 6 else None, tickformat="d")
    return lay_out(figure, y=_("Ratings a year"))


def mine_and_everybodys(frame: pd.DataFrame) -> go.Figure:
    """Draw pairs of bars: the share of each rating among mine and among everybody's."""
    figure = go.Figure(
        [
            go.Bar(
                x=frame["rating"],
                y=frame[column],
                name=name,
                marker_color=colour,
                hovertemplate=_("%{x} stars: %{y:.0%}") + f"<extra>{name}</extra>",
            )
            for column, name, colour in (
                ("mine", _("You"), ACCENT),
                ("everybody", _("All"), SECOND),
            )
        ]
    )
    figure.update_xaxes(title=_("Stars"), dtick=STEP)
    figure.update_layout(legend={"orientation": "h", "y": -0.2}, yaxis_tickformat=".0%")
    return lay_out(figure, y=_("Share of ratings"))


def differences(names: pd.Series, values: pd.Series) -> go.Figure:
    """Draw bars to the right for values above zero, to the left for those below; first on top."""
    title = _("Stars above or below the overall mean")
    names = without_markup(names)
    figure = _to_both_sides(names, values, title=title, digits=1)
    figure.update_yaxes(tickvals=list(range(len(names))), ticktext=names)
    return lay_out(figure, height=120 + 34 * len(names))


def score_parts(frame: pd.DataFrame) -> go.Figure:
    """Draw contributions to a score: to the right for the film, to the left against it.

    Each name is above its bar, which leaves a phone's whole width to the bars.
    """
    names = frame["part"]
    for words, sign in (
        (_("You liked {film}"), "♥ "),
        (_("You disliked {film}"), "✗ "),
        (_("You weren't interested in {film}"), "✗ "),
    ):
        names = names.str.replace(words.format(film=""), sign, regex=False)
    names = cut(without_markup(names))
    figure = _to_both_sides(names, frame["value"], title=_("Part of the score"), digits=2)
    figure.update_traces(width=0.4, offset=0)
    figure.update_yaxes(showticklabels=False)
    for row, name in enumerate(names):
        figure.add_annotation(
            text=name,
            showarrow=False,
            x=0,
            xref="paper",
            xanchor="left",
            y=row,
            yanchor="bottom",
        )
    return lay_out(figure, height=90 + 46 * len(names))


def _to_both_sides(names: pd.Series, values: pd.Series, *, title: str, digits: int) -> go.Figure:
    """Draw one bar per row, the first on top, with its number beside it."""
    figure = go.Figure(
        go.Bar(
            y=list(range(len(names))),
            x=values,
            orientation="h",
            marker_color=[ACCENT if value >= 0 else SECOND for value in values],
            text=[number(value, f"+.{digits}f") for value in values],
            textposition="outside",
            cliponaxis=False,
            customdata=names,
            hovertemplate="%{customdata}: %{x:+.3f}<extra></extra>",
        )
    )
    least, most = min(0, *values), max(0, *values)
    room = _ROOM_FOR_NUMBERS * (most - least)
    figure.update_xaxes(
        title=title, range=[least - (room if least else 0), most + room], zeroline=True
    )
    figure.update_yaxes(range=[len(names) - 0.45, -0.55], showgrid=False)
    return figure


def cut(names: pd.Series) -> pd.Series:
    """Return names for an axis, the long ones cut."""
    return names.map(
        lambda name: name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
    )


def without_markup(titles: pd.Series) -> pd.Series:
    """Escape titles, which Plotly would read as HTML."""
    return titles.str.replace("<", "‹").str.replace(">", "›")


def lay_out(figure: go.Figure, *, y: str | None = None, height: int = HEIGHT) -> go.Figure:
    """Set a figure's height in pixels, its margins and the title of its y axis."""
    figure.update_layout(height=height, margin={"l": 8, "r": 8, "t": 24, "b": 8}, dragmode=False)
    figure.update_layout(yaxis={"automargin": True, "title": y}, separators=_(".,"))
    return figure
