"""What people have rated: charts with the same figures in tables, all from views in SQL."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from sqlalchemy import Connection

import startup
from db import statistics
from pages.parts import charts

FRESH_SECONDS = 60


@st.cache_data(ttl=FRESH_SECONDS, max_entries=20, show_spinner=False)
def _frame(name: str, installation: str) -> pd.DataFrame:  # noqa: ARG001 - part of the key
    queries: dict[str, Callable[[Connection], pd.DataFrame]] = {
        "rating_distribution": statistics.rating_distribution,
        "ratings_by_month": statistics.ratings_by_month,
        "genres": statistics.genres,
        "most_rated": statistics.most_rated,
        "best_rated": statistics.best_rated,
        "long_tail": statistics.long_tail,
    }
    with startup.current().engine.connect() as connection:
        frame = queries[name](connection)
    if "title" in frame:
        year = frame["year"].astype("string")
        frame["film"] = frame["title"] + (" (" + year + ")").fillna("")
    return frame


def _view(
    title: str,
    says: str,
    figure: go.Figure,
    table: pd.DataFrame,
    columns: dict[str, Any],
    *,
    key: str,
) -> None:
    """A chart, one sentence on what it shows, and its figures beside it."""
    st.subheader(title, anchor=key)
    st.write(says)
    chart, figures = st.columns([3, 2], gap="medium")
    chart.plotly_chart(
        figure, key=f"{key}_chart", alt=f"{title}. {says}", config={"displayModeBar": False}
    )
    figures.dataframe(
        table[list(columns)],
        key=f"{key}_table",
        hide_index=True,
        height=figure.layout.height,
        column_config=columns,
    )


number = st.column_config.NumberColumn
text = st.column_config.TextColumn

with startup.current().engine.connect() as connection:
    totals = statistics.totals(connection)
    load = statistics.last_load(connection)
    here = str(statistics.installation(connection))

st.title("What people have rated")
if totals.ratings == 0 or totals.first_at is None or totals.last_at is None:
    st.info(
        "There are no ratings yet. `python -m recsys load demo` brings a hundred thousand.",
        icon=":material/hourglass_empty:",
    )
    st.stop()
if load is not None:
    st.write(
        f"{totals.first_at:%B %Y} to {totals.last_at:%B %Y}; data set: {load.source}, "
        f"loaded on {load.loaded_at:%-d %B %Y}."
    )
with st.grid(4, min_column_width=140):
    st.metric("Ratings", f"{totals.ratings:,}", border=True)
    st.metric("People", f"{totals.people:,}", border=True)
    st.metric("Films rated", f"{totals.rated_films:,}", border=True)
    st.metric("Mean rating", f"{totals.mean:.2f} ★", border=True)

distribution = _frame("rating_distribution", here)
_view(
    "How people rate",
    "How often each number of stars was given, over all ratings.",
    charts.rating_distribution(distribution),
    distribution,
    {"rating": number("Stars", format="%.1f"), "ratings": number("Ratings", format="localized")},
    key="distribution",
)

months = _frame("ratings_by_month", here)
_view(
    "Ratings over time",
    "Ratings in each month (UTC), with how many people gave them and their mean.",
    charts.ratings_by_month(months),
    months.iloc[::-1],
    {
        "month": st.column_config.DateColumn("Month", format="MMM YYYY"),
        "ratings": number("Ratings", format="localized"),
        "people": number("People", format="localized"),
        "mean": number("Mean", format="%.2f"),
    },
    key="over_time",
)

by_genre = _frame("genres", here)
_view(
    "Genres",
    "Ratings of each genre's films and their mean; a film of two genres counts in both.",
    charts.genres(by_genre),
    by_genre,
    {
        "genre": text("Genre"),
        "films": number("Films", format="localized"),
        "ratings": number("Ratings", format="localized"),
        "mean": number("Mean", format="%.2f"),
    },
    key="genres",
)

film_columns = {
    "film": text("Film", width="medium"),
    "ratings": number("Ratings", format="localized"),
    "mean": number("Mean", format="%.2f"),
    "bayesian_mean": number("Bayesian", format="%.2f"),
}
most = _frame("most_rated", here)
_view(
    "Most rated films",
    "The films that the most people have rated.",
    charts.most_rated(most),
    most,
    film_columns,
    key="most_rated",
)

best = _frame("best_rated", here)
_view(
    "Best rated films",
    "By Bayesian mean: each film is given, on top of its own, as many ratings of the overall mean "
    "as the average film has, so that two enthusiasts don't make a classic.",
    charts.best_rated(best),
    best,
    film_columns,
    key="best_rated",
)

tail = _frame("long_tail", here)
_view(
    "The long tail",
    "How much of all ratings the most rated films have: the steeper the start, the fewer films "
    "everybody knows.",
    charts.long_tail(tail),
    tail,
    {
        "rank": number("Most rated", format="localized"),
        "films_share": number("of all films", format="percent"),
        "ratings_share": number("have of all ratings", format="percent"),
    },
    key="long_tail",
)
