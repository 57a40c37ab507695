"""Plotly charts of the Ratings page; each trace has a point for each row of its frame."""

import pandas as pd
import plotly.graph_objects as go

from pages.parts.charts import ACCENT, HEIGHT, SECOND, cut, lay_out, without_markup
from pages.parts.wording import _, moment

TALL = 600
_LEGEND_BELOW = {"orientation": "h", "y": -0.18}


def over_time(frame: pd.DataFrame, *, by_month: bool) -> go.Figure:
    """Draw bars: ratings in each month or year."""
    # Plotly knows only the English names of months.
    names = frame["period"].map(lambda when: moment(when, "LLLL y" if by_month else "y"))
    figure = go.Figure(
        go.Bar(
            x=frame["period"],
            y=frame["ratings"],
            marker={"color": ACCENT, "line": {"width": 0}},
            customdata=pd.DataFrame({"name": names, "mean": frame["mean"]}),
            hovertemplate=_(
                "%{customdata[0]}: %{y:,} ratings, mean %{customdata[1]:.2f}<extra></extra>"
            ),
        )
    )
    figure.update_layout(bargap=0.05 if by_month else 0.2)
    return lay_out(figure, y=_("Ratings a month") if by_month else _("Ratings a year"))


def genres(frame: pd.DataFrame) -> go.Figure:
    """Draw bars and dots: ratings of each genre, and their mean on a second axis."""
    frame = frame.assign(genre=without_markup(frame["genre"]))
    figure = go.Figure(
        [
            go.Bar(
                y=frame["genre"],
                x=frame["ratings"],
                orientation="h",
                marker_color=ACCENT,
                name=_("Ratings"),
                hovertemplate=_("%{y}: %{x:,} ratings<extra></extra>"),
            ),
            go.Scatter(
                y=frame["genre"],
                x=frame["mean"],
                xaxis="x2",
                mode="markers",
                marker={"color": SECOND, "size": 9, "line": {"color": "white", "width": 1}},
                name=_("Mean (stars)"),
                hovertemplate=_("%{y}: mean %{x:.2f}<extra></extra>"),
            ),
        ]
    )
    figure.update_layout(
        xaxis={"title": _("Ratings")},
        xaxis2={
            "title": _("Mean (stars)"),
            "overlaying": "x",
            "side": "top",
            "showgrid": False,
            "tickmode": "auto",
            "nticks": 6,
        },
        legend=_LEGEND_BELOW,
    )
    figure.update_yaxes(autorange="reversed", dtick=1)
    return lay_out(figure, height=TALL)


def films_by_mean(frame: pd.DataFrame) -> go.Figure:
    """Draw dots, because the axis doesn't start at zero: films by both means, first on top."""
    return _films(
        frame,
        [
            go.Scatter(
                x=frame[column],
                mode="markers",
                name=name,
                marker={"color": colour, "size": size, "symbol": symbol},
            )
            for column, name, colour, size, symbol in (
                ("mean", _("Mean"), SECOND, 9, "circle-open"),
                ("bayesian_mean", _("Bayesian mean"), ACCENT, 11, "circle"),
            )
        ],
        _("Stars"),
    )


def films_by_deviation(frame: pd.DataFrame) -> go.Figure:
    """Draw bars: films by the standard deviation of their ratings, first on top."""
    return _films(frame, [_bars(frame["deviation"])], _("Standard deviation (stars)"))


def films_by_ratings(frame: pd.DataFrame) -> go.Figure:
    """Draw bars: films by the number of their ratings, first on top."""
    return _films(frame, [_bars(frame["ratings"])], _("Ratings"))


def _bars(values: pd.Series) -> go.Bar:
    return go.Bar(x=values, orientation="h", marker_color=ACCENT)


def _films(frame: pd.DataFrame, traces: list[go.Bar | go.Scatter], title: str) -> go.Figure:
    figure = go.Figure(traces)
    names = without_markup(frame["film"])
    facts = frame[["ratings", "mean"]].assign(film=names)[["film", "ratings", "mean"]]
    # Two films of one name are still two: they are placed by their rank.
    figure.update_traces(
        y=list(range(len(frame))),
        customdata=facts,
        hovertemplate=_(
            "%{customdata[0]}<br>ratings: %{customdata[1]:,}, mean %{customdata[2]:.2f}"
            "<extra></extra>"
        ),
    )
    figure.update_xaxes(title=title)
    figure.update_yaxes(
        tickvals=list(range(len(frame))),
        ticktext=list(cut(names)),
        range=[len(frame) - 0.4, -0.6],
        zeroline=False,
    )
    figure.update_layout(legend=_LEGEND_BELOW)
    return lay_out(figure, height=max(HEIGHT // 2, 110 + 24 * len(frame)))


def long_tail(frame: pd.DataFrame) -> go.Figure:
    """Draw a line on logarithmic axes: the number of ratings of the film at each rank."""
    figure = go.Figure(
        go.Scatter(
            x=frame["rank"],
            y=frame["ratings"],
            mode="lines+markers",
            line={"color": ACCENT, "width": 2},
            marker={"size": 6},
            hovertemplate=_("Film number %{x:,} has %{y:,} ratings<extra></extra>"),
        )
    )
    figure.update_xaxes(title=_("Films, the most rated first"), type="log", dtick=1)
    figure.update_yaxes(type="log", dtick=1)
    return lay_out(figure, y=_("Ratings of the film"))


def lorenz(frame: pd.DataFrame) -> go.Figure:
    """Draw a Lorenz curve: the share of all ratings that the least rated films have."""
    figure = go.Figure(
        [
            go.Scatter(
                x=frame["films_share"],
                y=frame["ratings_share"],
                mode="lines+markers",
                name=_("Films"),
                fill="tozeroy",
                line={"color": ACCENT, "width": 2},
                marker={"size": 5},
                hovertemplate=_(
                    "The %{x:.1%} least rated films have %{y:.1%} of the ratings<extra></extra>"
                ),
            ),
            go.Scatter(
                x=frame["films_share"],
                y=frame["films_share"],
                mode="lines",
                name=_("If all films had equally many"),
                line={"color": SECOND, "dash": "dash"},
                hoverinfo="skip",
            ),
        ]
    )
    figure.update_xaxes(title=_("Films, the least rated first"), tickformat=".0%")
    figure.update_yaxes(tickformat=".0%")
    figure.update_layout(legend={"orientation": "h", "y": -0.22})
    return lay_out(figure, y=_("Share of all ratings"))


def people(frame: pd.DataFrame) -> go.Figure:
    """Draw pairs of bars: the share of people and of ratings in each band of activity."""
    figure = go.Figure(
        [
            go.Bar(
                x=frame["activity"],
                y=frame[f"{column}_share"],
                name=name,
                marker_color=colour,
                customdata=frame[column],
                hovertemplate=hover,
            )
            for column, name, colour, hover in (
                (
                    "people",
                    _("People"),
                    SECOND,
                    _("%{x}: %{y:.1%} of the people (%{customdata:,})<extra></extra>"),
                ),
                (
                    "ratings",
                    _("Ratings"),
                    ACCENT,
                    _("%{x}: %{y:.1%} of the ratings (%{customdata:,})<extra></extra>"),
                ),
            )
        ]
    )
    figure.update_xaxes(title=_("Ratings the person has given in total"), type="category")
    figure.update_layout(legend={"orientation": "h", "y": -0.25}, yaxis_tickformat=".0%")
    return lay_out(figure, y=_("Share"))
