"""The map of films as a Plotly chart."""

from collections.abc import Sequence
from html import escape

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from pages.parts import wording
from pages.parts.charts import without_markup
from pages.parts.wording import N_, _

# Six colours that people with colour blindness can tell apart (after Okabe and Ito 2008,
# https://jfly.uni-koeln.de/color/), each with a contrast of 3 : 1 or more to the backgrounds
# of both themes; symbols tell the genres apart as well.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#b07800", "#c2699b", "#7b61c9")
OTHER_COLOUR = "#7f7f7f"
OTHER = N_("Other genres")

_SYMBOLS = ("circle", "diamond", "square", "triangle-up", "star", "cross", "x")
_INK = {"light": "#241c17", "dark": "#f3ebe2"}
_GROUND = {"light": "#fdfaf5", "dark": "#15110f"}
# `_SYMBOLS` and marks as characters, for the legend.
_LETTERS = {
    **{"circle": "●", "diamond": "◆", "square": "■", "triangle-up": "▲", "star": "★"},
    **{"cross": "✚", "x": "✖", "circle-open": "○", "diamond-open": "◇", "square-open": "□"},
}
_HEIGHT = 640
# Names are on the map where they have room: this many on a map as narrow as a phone's, where
# style.css hides the others.
_NAMES, _NAMES_ON_PHONES = 24, 5
_WIDTH, _WIDTH_ON_PHONES = 900, 340
_LETTER_WIDTH, _LINE_HEIGHT, _LONGEST = 7.0, 22.0, 26
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
    liked : sequence of int
        Films with a ring.
    five : sequence of int
        Films with a diamond and their rank.
    found : sequence of int
        Films with a box and their rank.
    person : tuple of float, or None
        The position of a person's taste.
    called : str
        The legend's name for that person.
    theme : "light" or "dark"

    Returns
    -------
    Figure
        Each point's `customdata` is the film's number.
    """
    ink = _INK.get(theme, _INK["light"])
    sizes = _sizes(films["likes"])
    figure = go.Figure()
    (called,) = without_markup(pd.Series([called]))
    genres = main_genres(films["genre"])
    names = without_markup(pd.Series([wording.genre(genre) for genre in genres], dtype="string"))
    for place, genre in enumerate(genres):
        of_it = films["genre"] == genre
        figure.add_trace(
            go.Scattergl(
                x=films.loc[of_it, "x"],
                y=films.loc[of_it, "y"],
                mode="markers",
                name=_(OTHER) if genre == OTHER else names[place],
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
                    "{called}: the middle of the top recommendations<extra></extra>"
                ).format(called=called),
                cliponaxis=False,
            )
        )
    figure.update_xaxes(visible=False, range=_range(films["x"]))
    figure.update_yaxes(visible=False, range=_range(films["y"]))
    figure.update_layout(
        height=_HEIGHT,
        margin={"l": 0, "r": 0, "t": 8, "b": 0},
        showlegend=False,
        annotations=[
            {
                "x": x,
                "y": y,
                "text": name,
                "showarrow": False,
                "yshift": size / 2 + 9,
                "font": {"size": 12, "color": ink},
                "bgcolor": _GROUND.get(theme, _GROUND["light"]),
                "opacity": 0.85,
                "borderpad": 1,
            }
            for x, y, name, size in _named(films.assign(size=sizes))
        ],
        hoverlabel={"align": "left"},
    )
    return figure


def legend(figure: go.Figure) -> str:
    """Return a legend of the map's symbols as HTML, to show beside it."""
    signs = (
        f'<li><span style="color:{trace.marker.color}">{_LETTERS[trace.marker.symbol]}</span> '
        f"{escape(trace.name)}</li>"
        for trace in figure.data
    )
    return f'<ul class="legend">{"".join(signs)}</ul>'


def _named(films: pd.DataFrame) -> list[tuple[float, float, str, float]]:
    """Return the best known films whose names have room: x, y, name, size."""
    known = films.sort_values(["likes", "movie_id"], ascending=[False, True])
    titles = without_markup(known["title"].str.replace(r" \(\d{4}\)$", "", regex=True)).tolist()
    names = [name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…" for name in titles]
    half = np.array([len(name) * _LETTER_WIDTH / 2 for name in names])
    (left, right), (low, high) = _range(films["x"]), _range(films["y"])
    y = (known["y"].to_numpy(float) - low) * _HEIGHT / max(high - low, 1e-9)
    chosen: list[int] = []
    for width, most in ((_WIDTH_ON_PHONES, _NAMES_ON_PHONES), (_WIDTH, _NAMES)):
        x = (known["x"].to_numpy(float) - left) * width / max(right - left, 1e-9)
        for film in range(len(known)):
            has_room = half[film] <= x[film] <= width - half[film] and all(
                abs(x[film] - x[other]) > half[film] + half[other]
                or abs(y[film] - y[other]) > _LINE_HEIGHT
                for other in chosen
            )
            if has_room and film not in chosen and len(chosen) < most:
                chosen.append(film)
    named = known.iloc[chosen]
    return list(
        zip(named["x"], named["y"], (names[film] for film in chosen), named["size"], strict=True)
    )


def with_main_genre(films: pd.DataFrame) -> pd.DataFrame:
    """Add `genre`: a film's first of `genre_names`, where it is one of the commonest six."""
    first = films["genre_names"].map(lambda names: names[0] if names else OTHER)
    commonest = first[first != OTHER].value_counts().index[: len(COLOURS)]
    return films.assign(genre=first.where(first.isin(commonest), OTHER))


def main_genres(genres: pd.Series) -> list[str]:
    """Return the genres that the map has traces of: by name, the others last."""
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
    """Return each point's hover text and film number."""
    words = without_markup(films["title"]) + "<br>" + without_markup(films["genres"])
    return {
        "customdata": films["movie_id"],
        "hovertext": words,
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _range(places: pd.Series) -> list[float]:
    """Return the ends of an axis, with room for marks."""
    first, last = float(places.min()), float(places.max())
    room = 0.05 * (last - first)
    return [first - room, last + room]


def _sizes(likes: pd.Series) -> pd.Series:
    """Return diameters in pixels whose area is proportional to the number of likes."""
    most = max(float(likes.max()), 1.0) if len(likes) else 1.0
    return _LEAST_SIZE + (_MOST_SIZE - _LEAST_SIZE) * (likes / most) ** 0.5
