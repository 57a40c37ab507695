"""The Plotly figures of the Ratings page, each drawn from a small frame out of a view."""

import pandas as pd
import plotly.graph_objects as go

ACCENT = "#b5472a"
SECOND = "#3b7ea1"
HEIGHT = 380

_FILM_HOVER = (
    "%{customdata[0]}<br>%{customdata[1]:,} ratings, mean %{customdata[2]:.2f}<extra></extra>"
)
_LONGEST_NAME = 36


def rating_distribution(frame: pd.DataFrame) -> go.Figure:
    """Bars: how often each rating was given."""
    figure = go.Figure(
        go.Bar(
            x=frame["rating"],
            y=frame["ratings"],
            marker_color=ACCENT,
            hovertemplate="%{x} stars: %{y:,} ratings<extra></extra>",
        )
    )
    figure.update_xaxes(title="Stars", dtick=0.5)
    return _set(figure, y="Ratings")


def ratings_by_month(frame: pd.DataFrame) -> go.Figure:
    """Area: how many ratings each month brought."""
    figure = go.Figure(
        go.Scatter(
            x=frame["month"],
            y=frame["ratings"],
            mode="lines",
            fill="tozeroy",
            line={"color": ACCENT, "width": 1.5},
            customdata=frame[["people", "mean"]],
            hovertemplate="%{x|%B %Y}: %{y:,} ratings by %{customdata[0]:,} people, "
            "mean %{customdata[1]:.2f}<extra></extra>",
        )
    )
    return _set(figure, y="Ratings a month")


def film_by_year(frame: pd.DataFrame) -> go.Figure:
    """Bars with a line: a film's ratings in each year, and their mean on a second axis."""
    figure = go.Figure(
        [
            go.Bar(
                x=frame["year"],
                y=frame["ratings"],
                marker_color=ACCENT,
                name="Ratings",
                hovertemplate="%{x}: %{y:,} ratings<extra></extra>",
            ),
            go.Scatter(
                x=frame["year"],
                y=frame["mean"],
                yaxis="y2",
                mode="lines+markers",
                line={"color": SECOND},
                name="Mean (stars)",
                hovertemplate="%{x}: mean %{y:.2f}<extra></extra>",
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
    return _set(figure, y="Ratings a year")


def genres(frame: pd.DataFrame) -> go.Figure:
    """Bars with dots: ratings of each genre, and their mean on a second axis."""
    frame = frame.iloc[::-1]
    figure = go.Figure(
        [
            go.Bar(
                y=frame["genre"],
                x=frame["ratings"],
                orientation="h",
                marker_color=ACCENT,
                name="Ratings",
                hovertemplate="%{y}: %{x:,} ratings<extra></extra>",
            ),
            go.Scatter(
                y=frame["genre"],
                x=frame["mean"],
                xaxis="x2",
                mode="markers",
                marker={"color": SECOND, "size": 9},
                name="Mean (stars)",
                hovertemplate="%{y}: mean %{x:.2f}<extra></extra>",
            ),
        ]
    )
    figure.update_layout(
        xaxis={"title": "Ratings"},
        xaxis2={"title": "Mean (stars)", "overlaying": "x", "side": "top", "showgrid": False},
        legend={"orientation": "h", "y": -0.18},
    )
    return _set(figure, height=560)


def most_rated(frame: pd.DataFrame) -> go.Figure:
    """Bars: films by the number of their ratings, the first on top."""
    figure = go.Figure(
        go.Bar(
            y=_names(frame),
            x=frame["ratings"],
            orientation="h",
            marker_color=ACCENT,
            customdata=_facts(frame),
            hovertemplate=_FILM_HOVER,
        )
    )
    figure.update_xaxes(title="Ratings")
    figure.update_yaxes(autorange="reversed")
    return _set(figure, height=480)


def best_rated(frame: pd.DataFrame) -> go.Figure:
    """Dots, for their axis does not begin at zero: films by both means, the first on top."""
    figure = go.Figure(
        [
            go.Scatter(
                y=_names(frame),
                x=frame[column],
                mode="markers",
                name=name,
                marker={"color": colour, "size": size, "symbol": symbol},
                customdata=_facts(frame),
                hovertemplate=_FILM_HOVER,
            )
            for column, name, colour, size, symbol in (
                ("mean", "Mean", SECOND, 9, "circle-open"),
                ("bayesian_mean", "Bayesian mean", ACCENT, 11, "circle"),
            )
        ]
    )
    figure.update_xaxes(title="Stars")
    figure.update_yaxes(autorange="reversed")
    figure.update_layout(legend={"orientation": "h", "y": -0.18})
    return _set(figure, height=480)


def long_tail(frame: pd.DataFrame) -> go.Figure:
    """Line: the share of all ratings that the most rated films have."""
    figure = go.Figure(
        go.Scatter(
            x=frame["films_share"],
            y=frame["ratings_share"],
            mode="lines",
            fill="tozeroy",
            line={"color": ACCENT, "width": 2},
            customdata=frame[["rank", "ratings"]],
            hovertemplate="The %{customdata[0]:,} most rated films (%{x:.1%}) have %{y:.1%} "
            "of the ratings<extra></extra>",
        )
    )
    figure.update_xaxes(title="Films, the most rated first", tickformat=".0%")
    figure.update_yaxes(tickformat=".0%")
    return _set(figure, y="Share of all ratings")


def mine_and_everybodys(frame: pd.DataFrame) -> go.Figure:
    """Bars in pairs: the share of each rating among mine and among all."""
    figure = go.Figure(
        [
            go.Bar(
                x=frame["rating"],
                y=frame[column],
                name=name,
                marker_color=colour,
                hovertemplate="%{x} stars: %{y:.0%}<extra>" + name + "</extra>",
            )
            for column, name, colour in (("mine", "You", ACCENT), ("everybody", "All", SECOND))
        ]
    )
    figure.update_xaxes(title="Stars", dtick=0.5)
    figure.update_layout(legend={"orientation": "h", "y": -0.2}, yaxis_tickformat=".0%")
    return _set(figure, y="Share of ratings")


def differences(names: pd.Series, values: pd.Series) -> go.Figure:
    """Bars to the right for what is above zero, to the left for what is below; first on top."""
    return _to_both_sides(names, values, title="Stars above or below everybody's mean", digits=1)


def score_parts(frame: pd.DataFrame) -> go.Figure:
    """Bars to the right for what speaks for a film, to the left for what speaks against it."""
    names = _cut(_without_markup(frame["part"].str.replace("You liked ", "♥ ")))
    return _to_both_sides(names, frame["value"], title="Part of the score", digits=2)


def _to_both_sides(names: pd.Series, values: pd.Series, *, title: str, digits: int) -> go.Figure:
    figure = go.Figure(
        go.Bar(
            y=names,
            x=values,
            orientation="h",
            marker_color=[ACCENT if value >= 0 else SECOND for value in values],
            text=[f"{value:+.{digits}f}" for value in values],
            hovertemplate="%{y}: %{x:+.3f}<extra></extra>",
        )
    )
    figure.update_xaxes(title=title)
    figure.update_yaxes(autorange="reversed")
    return _set(figure, height=120 + 34 * len(names))


def _facts(frame: pd.DataFrame) -> pd.DataFrame:
    """What a film's dot or bar says when it is pointed at."""
    return frame[["ratings", "mean"]].assign(film=_without_markup(frame["film"]))[
        ["film", "ratings", "mean"]
    ]


def _names(frame: pd.DataFrame) -> list[str]:
    """Film names for an axis, the long ones cut."""
    return list(_cut(_without_markup(frame["film"])))


def _cut(names: pd.Series) -> pd.Series:
    return names.map(
        lambda name: name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
    )


def _without_markup(titles: pd.Series) -> pd.Series:
    """Titles are no HTML, though Plotly would read some of it."""
    return titles.str.replace("<", "‹").str.replace(">", "›")


def _set(figure: go.Figure, *, y: str | None = None, height: int = HEIGHT) -> go.Figure:
    figure.update_layout(height=height, margin={"l": 8, "r": 8, "t": 24, "b": 8}, dragmode=False)
    figure.update_layout(yaxis={"automargin": True, "title": y})
    return figure
