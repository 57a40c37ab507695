"""Views of the Ratings page, one function each."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from db.explore import counts
from db.explore import films as film_statistics
from pages.parts.charts import rating_distribution
from pages.parts.wording import N_, _, moment, number
from pages.ratings import charts, figure, films, genre_views
from pages.ratings.figure import Context
from pages.ratings.reading import read_for_view, row_with_most
from startup import Services

NumberColumn = st.column_config.NumberColumn
text = st.column_config.TextColumn


def stars(services: Services, context: Context) -> None:
    """Show how often each rating was given."""
    table: pd.DataFrame = read_for_view(services.engine, context, counts.distribution)
    top = row_with_most(table, "ratings")
    figure.show(
        context,
        N_("How people rate"),
        _("How often each number of stars was given. Each person's rating of a film counts once."),
        rating_distribution(table),
        table,
        {
            "rating": NumberColumn(_("Stars"), format="%.1f"),
            "ratings": NumberColumn(_("Ratings"), format="localized"),
            "share": NumberColumn(_("share"), format="percent"),
        },
        main=_("Most often {rating} stars: {ratings} ratings, {share}").format(
            rating=number(top.rating, "g"),
            ratings=number(int(top.ratings)),
            share=number(top.share, ".0%"),
        ),
    )


def over_time(services: Services, context: Context) -> None:
    """Show when people rated: by month, or by year if films are filtered."""
    by_month = context.chosen.is_of_all_films
    table: pd.DataFrame = read_for_view(
        services.engine, context, counts.by_month if by_month else counts.by_year
    )
    says = (
        _("Ratings in each month (UTC), the people who gave them, and their mean.")
        if by_month
        else _("Ratings in each year (UTC) and their mean. By year, because films are filtered.")
    )
    columns: dict[str, Any] = {
        "period": st.column_config.DateColumn(
            _("Month") if by_month else _("Year"), format=_("MMM YYYY") if by_month else "YYYY"
        ),
        "ratings": NumberColumn(_("Ratings"), format="localized"),
        "mean": NumberColumn(_("Mean"), format="%.2f"),
    }
    if by_month:
        columns["people"] = NumberColumn(_("People"), format="localized")
    top = row_with_most(table, "ratings")
    figure.show(
        context,
        N_("Ratings over time"),
        says,
        charts.over_time(table, by_month=by_month),
        table,
        columns,
        main=(
            _("The busiest month is {period}, with {ratings} ratings")
            if by_month
            else _("The busiest year is {period}, with {ratings} ratings")
        ).format(
            period=moment(top.period, "LLLL y" if by_month else "y"),
            ratings=number(top.ratings),
        ),
    )


def long_tail(services: Services, context: Context) -> None:
    """Show how unevenly ratings are distributed over films: by rank, and as a Lorenz curve."""
    spread: film_statistics.Concentration = read_for_view(
        services.engine, context, film_statistics.concentration
    )

    def every() -> pd.DataFrame:
        with services.engine.connect() as connection:
            return film_statistics.concentration(connection, context.chosen, every=True).steps

    steps = spread.steps
    tenth = row_with_most(steps.assign(near=-(steps["films_share"] - 0.1).abs()), "near")
    says_tenth = _("the most rated {films} of films have {ratings} of all ratings").format(
        films=number(tenth.films_share, ".0%"), ratings=number(tenth.ratings_share, ".0%")
    )
    figure.show(
        context,
        N_("The long tail"),
        _(
            "The number of ratings of the film at each rank, for the {films} films with at "
            "least one: {says_tenth}. Both axes are logarithmic; about 200 of the ranks are "
            "shown."
        ).format(films=number(spread.films), says_tenth=says_tenth),
        charts.long_tail(steps),
        steps,
        {
            "rank": NumberColumn(_("Rank"), format="localized"),
            "ratings": NumberColumn(_("Ratings"), format="localized"),
            "films_share": NumberColumn(_("Films up to it"), format="percent"),
            "ratings_share": NumberColumn(_("their share of all ratings"), format="percent"),
        },
        main=_("Films: {films}; {says_tenth}").format(
            films=number(spread.films), says_tenth=says_tenth
        ),
        every=every,
    )
    least = _least_first(steps)
    figure.show(
        context,
        N_("The Lorenz curve"),
        _(
            "The share of all ratings that the least rated films have together; the dashed "
            "line is what it would be if all films had equally many. Gini coefficient: "
            "{gini}, where 0 means equality and 1 means that one film has all ratings. Films "
            "without a rating don't count."
        ).format(gini=number(spread.gini, ".2f")),
        charts.lorenz(least),
        least,
        {
            "films": NumberColumn(_("Least rated films"), format="localized"),
            "films_share": NumberColumn(_("of all films"), format="percent"),
            "ratings_share": NumberColumn(_("their share of all ratings"), format="percent"),
        },
        main=_("Gini coefficient {gini}").format(gini=number(spread.gini, ".2f")),
        every=lambda: _least_first(every()),
    )


def people(services: Services, context: Context) -> None:
    """Show how many people rate how much, and how."""
    table: pd.DataFrame = read_for_view(services.engine, context, counts.people)
    table = table.assign(activity=table["activity"].map(_))
    top = row_with_most(table, "ratings")
    figure.show(
        context,
        N_("People by activity"),
        _(
            "People grouped by how many ratings they have given in total, whatever the "
            "filters on films and years, and each group's share of the ratings that match "
            "the filters."
        ),
        charts.people(table),
        table,
        {
            "activity": text(_("Ratings in total")),
            "people": NumberColumn(_("People"), format="localized"),
            "people_share": NumberColumn(_("of all people"), format="percent"),
            "ratings": NumberColumn(_("Ratings"), format="localized"),
            "ratings_share": NumberColumn(_("of all ratings"), format="percent"),
        },
        main=_(
            "People with {activity} ratings have given {ratings_share} of them and "
            "are {people_share} of the people"
        ).format(
            activity=top.activity,
            ratings_share=number(top.ratings_share, ".0%"),
            people_share=number(top.people_share, ".0%"),
        ),
    )


def _least_first(steps: pd.DataFrame) -> pd.DataFrame:
    """Return the table sorted from the film with the fewest ratings."""
    films = steps["rank"].max()
    return steps.iloc[::-1].assign(
        films=lambda each: films - each["rank"],
        films_share=lambda each: 1 - each["films_share"],
        ratings_share=lambda each: 1 - each["ratings_share"],
    )


VIEWS: dict[str, Callable[[Services, Context], None]] = {
    N_("Stars"): stars,
    N_("Over time"): over_time,
    N_("Genres"): genre_views.genres,
    N_("Liked together"): genre_views.together,
    N_("Release years"): genre_views.release_years,
    N_("Films"): films.show,
    N_("Long tail"): long_tail,
    N_("People"): people,
}
