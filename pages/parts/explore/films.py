"""The films that stand out: best, most disputed, most underrated, most rated."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from sqlalchemy import Connection

from db.explore.films import Order, outstanding
from db.explore.filters import Slice
from pages.parts.explore import charts, figure
from pages.parts.explore.figure import Frame
from pages.parts.explore.reading import read_for_view

LEAST = (1, 5, 10, 20, 50, 100, 200, 500, 1000)
_USUAL = 20
_BAYESIAN = (
    "each film is given, on top of its own, as many ratings of the overall mean as the average "
    "film has"
)


@dataclass(frozen=True)
class _List:
    order: Order
    title: str
    says: str
    chart: Callable[[pd.DataFrame], go.Figure]
    column: str
    main: str


LISTS = {
    "Best": _List(
        "best",
        "Best films",
        f"By Bayesian mean: {_BAYESIAN}, so that two enthusiasts don't make a classic; of films "
        "with at least {least} ratings.",
        charts.films_by_mean,
        "bayesian_mean",
        "The first is {0.film}, with a Bayesian mean of {0.bayesian_mean:.2f}",
    ),
    "Most disputed": _List(
        "disputed",
        "Most disputed films",
        "By the standard deviation of their ratings: how far, in stars, people typically are from "
        "the film's mean; of films with at least {least} ratings.",
        charts.films_by_deviation,
        "deviation",
        "The first is {0.film}, with a standard deviation of {0.deviation:.2f} stars",
    ),
    "Most underrated": _List(
        "underrated",
        "Most underrated films",
        "Well liked, little known: of films with at least {least} ratings, the quarter with the "
        f"fewest, by Bayesian mean ({_BAYESIAN}).",
        charts.films_by_mean,
        "bayesian_mean",
        "The first is {0.film}, with a Bayesian mean of {0.bayesian_mean:.2f} from {0.ratings:,} "
        "ratings",
    ),
    "Most rated": _List(
        "most",
        "Most rated films",
        "The films that the most people have rated, of those with at least {least} ratings.",
        charts.films_by_ratings,
        "ratings",
        "The first is {0.film}, with {0.ratings:,} ratings",
    ),
}


def show(frame: Frame) -> None:
    """The films that stand out in the way that was chosen."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        name = st.segmented_control(
            "Films",
            list(LISTS),
            default="Best",
            required=True,
            key="films",
            bind="query-params",
            label_visibility="collapsed",
        )
        least = st.select_slider(
            "Least number of ratings", LEAST, _USUAL, key="least", bind="query-params", width=260
        )
    listed = LISTS[str(name)]
    least = int(least)

    def first(connection: Connection, chosen: Slice) -> pd.DataFrame:
        return outstanding(connection, chosen, listed.order, least=least)

    table = read_for_view(frame, first, listed.order, least)
    if table.empty:
        st.info(
            f"No film has {least} such ratings. Move “Least number of ratings” to the left, or "
            "choose less narrow filters.",
            icon=":material/filter_alt_off:",
        )
        return
    table["film"] = table["title"] + (" (" + table["year"].astype("string") + ")").fillna("")
    table["page"] = "/film?id=" + table["movie_id"].astype(str)
    number = st.column_config.NumberColumn
    figures = {
        "ratings": number("Ratings", format="localized"),
        "bayesian_mean": number("Bayesian", format="%.2f"),
        "deviation": number("Deviation", format="%.2f"),
        "mean": number("Mean", format="%.2f"),
        "liked": number("4 ★ or more", format="percent"),
    }
    figure.show(
        frame,
        listed.title,
        listed.says.format(least=f"{least:,}"),
        listed.chart(table),
        table,
        {
            "film": st.column_config.TextColumn("Film", width="medium"),
            "page": st.column_config.LinkColumn("Page", display_text="Open"),
            listed.column: figures[listed.column],
            **figures,
        },
        main=listed.main.format(table.iloc[0]),
    )
