"""Films that stand out: best, most disputed, most underrated, most rated."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from sqlalchemy import Connection

from db.explore.films import Order, outstanding
from db.explore.slices import Slice
from db.queries import movies
from pages.parts.choice import one_of
from pages.parts.wording import N_, _, number
from pages.ratings import charts, figure
from pages.ratings.figure import Context
from pages.ratings.reading import read_for_view
from recsys.serving.recommender import Recommender
from startup import Services

STEPS = (1, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
_USUAL = 20
_BAYESIAN = N_(
    "to its own ratings, each film gets as many at the overall mean as the average film has ratings"
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
    N_("Best"): _List(
        "best",
        N_("Best films"),
        N_(
            "By Bayesian mean ({bayesian}), so that two enthusiasts don't make a classic. "
            "Films with at least {least} ratings."
        ),
        charts.films_by_mean,
        "bayesian_mean",
        N_("The first is {film}, with a Bayesian mean of {bayesian_mean}"),
    ),
    N_("Most disputed"): _List(
        "disputed",
        N_("Most disputed films"),
        N_(
            "By the standard deviation of their ratings: how far, in stars, people typically "
            "are from the film's mean. Films with at least {least} ratings."
        ),
        charts.films_by_deviation,
        "deviation",
        N_("The first is {film}, with a standard deviation of {deviation} stars"),
    ),
    N_("Most underrated"): _List(
        "underrated",
        N_("Most underrated films"),
        N_(
            "Well liked but little known: of the films with at least {least} ratings, the "
            "quarter with the fewest, by Bayesian mean ({bayesian})."
        ),
        charts.films_by_mean,
        "bayesian_mean",
        N_("The first is {film}, with a Bayesian mean of {bayesian_mean}; ratings: {ratings}"),
    ),
    N_("Most rated"): _List(
        "most",
        N_("Most rated films"),
        N_("The films that most people have rated, of those with at least {least} ratings."),
        charts.films_by_ratings,
        "ratings",
        N_("The first is {film}; ratings: {ratings}"),
    ),
}


def show(services: Services, context: Context) -> None:
    """Show the films that stand out in the chosen way."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        name = one_of(_("Films"), LISTS, key="films", default="Best")
        least = _least(services.recommender)
    listed = LISTS[name]

    def first(connection: Connection, chosen: Slice) -> pd.DataFrame:
        return _named(outstanding(connection, chosen, listed.order, least=least))

    def every() -> pd.DataFrame:
        with services.engine.connect() as connection:
            films = outstanding(connection, context.chosen, listed.order, least=least, limit=None)
        return _named(films)

    table = read_for_view(services.engine, context, first, listed.order, least)
    if table.empty:
        st.info(
            _(
                "No film has that many matching ratings ({least}). Lower “Minimum ratings”, "
                "or use broader filters."
            ).format(least=least),
            icon=":material/filter_alt_off:",
        )
        return
    column = st.column_config.NumberColumn
    columns = {
        "ratings": column(_("Ratings"), format="localized"),
        "bayesian_mean": column(_("Bayesian"), format="%.2f"),
        "deviation": column(_("Deviation"), format="%.2f"),
        "mean": column(_("Mean"), format="%.2f"),
        "liked": column(_("4 ★ or more"), format="percent"),
    }
    first_row = table.iloc[0]
    figure.show(
        context,
        listed.title,
        _(listed.says).format(least=number(least), bayesian=_(_BAYESIAN)),
        listed.chart(table),
        table,
        {
            "film": st.column_config.TextColumn(_("Film"), width="medium"),
            "page": st.column_config.LinkColumn(_("Page"), display_text=_("Open")),
            listed.column: columns[listed.column],
            **columns,
        },
        main=_(listed.main).format(
            film=first_row["film"],
            ratings=number(first_row["ratings"]),
            bayesian_mean=number(first_row["bayesian_mean"], ".2f"),
            deviation=number(first_row["deviation"], ".2f"),
        ),
        every=every,
    )


def _least(recommender: Recommender) -> int:
    most = recommender.extent().most_ratings
    steps = [step for step in STEPS if step <= max(most, 1)]
    if len(steps) < 2:
        return steps[0]
    return int(
        st.select_slider(
            _("Minimum ratings"),
            steps,
            min(_USUAL, steps[-1]),
            key="least",
            bind="query-params",
            width=260,
        )
    )


def _named(films: pd.DataFrame) -> pd.DataFrame:
    """Add `film`, the title with the year, and `page`, its address."""
    return films.assign(
        film=movies.with_years(films),
        page="/film?id=" + films["movie_id"].astype(str),
    )
