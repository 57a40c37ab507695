"""The map of films as a Plotly figure."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from pages.parts import wording
from pages.parts.charts import without_markup
from pages.parts.wording import N_, _

# Six that people who see colours differently tell apart (after Okabe and Ito 2008,
# https://jfly.uni-koeln.de/color/), each of 3 : 1 contrast or more with both of the theme's
# grounds; the signs tell the genres apart as well.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#b07800", "#c2699b", "#7b61c9")
OTHER_COLOUR = "#7f7f7f"
OTHER = N_("Other genres")

_SYMBOLS = ("circle", "diamond", "square", "triangle-up", "star", "cross", "x")
_INK = {"light": "#241c17", "dark": "#f3ebe2"}
_GROUND = {"light": "#fdfaf5", "dark": "#15110f"}
_HEIGHT = 640
_LEAST_SIZE, _MOST_SIZE = 6.0, 22.0


def film_map(
    films: pd.DataFrame,
    *,
    liked: Sequence[int],
    five: Sequence[int],
    found: Sequence[int],
    person: tuple[float, float] | None,
    called: str,
    theme: str,
) -> go.Figure:
    """Draw the map: a trace for each main genre, then what is marked on it.

    Parameters
    ----------
    films : DataFrame
        movie_id, x, y, title (with the year), genres (in words), genre (the main one), likes.
    liked, five, found : sequence of int
        Films with a ring; with a diamond and their place among the five; with a box and their
        place among those found.
    person : tuple of float, or None
        Where somebody's taste is.
    called : str
        What that person is called in the legend.
    theme : "light" or "dark"

    Returns
    -------
    Figure
        Each point's `customdata` is the film's number.
    """
    ink = _INK.get(theme, _INK["light"])
    sizes = _sizes(films["likes"])
    figure = go.Figure()
    for place, genre in enumerate(main_genres(films["genre"])):
        of_it = films["genre"] == genre
        figure.add_trace(
            go.Scattergl(
                x=films.loc[of_it, "x"],
                y=films.loc[of_it, "y"],
                mode="markers",
                name=_(OTHER) if genre == OTHER else wording.genre(genre),
                marker={
                    "size": sizes[of_it],
                    "color": OTHER_COLOUR if genre == OTHER else COLOURS[place],
                    "symbol": _SYMBOLS[-1] if genre == OTHER else _SYMBOLS[place],
                    "opacity": 1,
                    "line": {"width": 0.5, "color": _GROUND.get(theme, _GROUND["light"])},
                },
                **_told(films[of_it]),
            )
        )
    for chosen, name, symbol in (
        (liked, _("Liked"), "circle-open"),
        (five, _("The five"), "diamond-open"),
        (found, _("Found"), "square-open"),
    ):
        marked = films[films["movie_id"].isin(chosen)]
        if not marked.empty:
            numbers = [f"<b>{chosen.index(each) + 1}</b>" for each in marked["movie_id"]]
            figure.add_trace(
                _marks(marked, name, symbol, ink, sizes, [] if chosen is liked else numbers)
            )
    if person is not None:
        figure.add_trace(
            go.Scatter(
                x=[person[0]],
                y=[person[1]],
                mode="markers+text",
                name=called,
                text=[called],
                textposition="top center",
                textfont={"size": 15, "color": ink},
                marker={"symbol": "star", "size": 24, "color": ink},
                hovertemplate=_(
                    "{called}: the middle of the films recommended first<extra></extra>"
                ).format(called=called),
                cliponaxis=False,
            )
        )
    figure.update_xaxes(visible=False, range=_range(films["x"]))
    figure.update_yaxes(visible=False, range=_range(films["y"]))
    figure.update_layout(
        height=_HEIGHT,
        margin={"l": 0, "r": 0, "t": 8, "b": 0},
        legend={"orientation": "h", "y": -0.02, "itemsizing": "constant"},
        hoverlabel={"align": "left"},
    )
    return figure


def with_main_genre(films: pd.DataFrame) -> pd.DataFrame:
    """Add `genre`: a film's first of `genre_names`, where it is one of the commonest six."""
    first = films["genre_names"].map(lambda names: names[0] if names else OTHER)
    commonest = first[first != OTHER].value_counts().index[: len(COLOURS)]
    return films.assign(genre=first.where(first.isin(commonest), OTHER))


def main_genres(genres: pd.Series) -> list[str]:
    """The genres that the map has traces of: by name, the others last."""
    there = set(genres)
    return [*sorted(there - {OTHER}), *([OTHER] if OTHER in there else [])]


def _marks(
    films: pd.DataFrame, name: str, symbol: str, ink: str, sizes: pd.Series, numbers: list[str]
) -> go.Scatter:
    return go.Scatter(
        x=films["x"],
        y=films["y"],
        mode="markers+text" if numbers else "markers",
        name=name,
        text=numbers or None,
        textposition="top center",
        textfont={"size": 14, "color": ink},
        marker={
            "symbol": symbol,
            "size": sizes[films.index] + 8,
            "color": ink,
            "opacity": 1,
            "line": {"width": 2 if numbers else 1, "color": ink},
        },
        cliponaxis=False,
        **_told(films),
    )


def _told(films: pd.DataFrame) -> dict[str, object]:
    """What a point says of its film, and which film it is."""
    words = without_markup(films["title"]) + "<br>" + without_markup(films["genres"])
    return {
        "customdata": films["movie_id"],
        "hovertext": words,
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _range(places: pd.Series) -> list[float]:
    """The ends of an axis, with room for marks."""
    first, last = float(places.min()), float(places.max())
    room = 0.05 * (last - first)
    return [first - room, last + room]


def _sizes(likes: pd.Series) -> pd.Series:
    """Diameters in pixels, so that an area grows as the number of likes."""
    most = max(float(likes.max()), 1.0) if len(likes) else 1.0
    return _LEAST_SIZE + (_MOST_SIZE - _LEAST_SIZE) * (likes / most) ** 0.5
