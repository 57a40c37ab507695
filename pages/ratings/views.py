"""Views of the Ratings page, one function each."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from db.explore import counts, liking
from db.explore import films as film_statistics
from pages.parts.charts import rating_distribution
from pages.parts.wording import N_, _, genre, moment, number
from pages.ratings import charts, figure, films
from pages.ratings.figure import Context
from pages.ratings.reading import read_for_view
from startup import Services

FEW_RATINGS = 20

NumberColumn = st.column_config.NumberColumn
text = st.column_config.TextColumn


def stars(services: Services, context: Context) -> None:
    """Show how often each rating was given."""
    table: pd.DataFrame = read_for_view(services.engine, context, counts.distribution)
    top = _most(table, "ratings")
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
    top = _most(table, "ratings")
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


def genres(services: Services, context: Context) -> None:
    """Show which genres are rated, and how."""
    table = _with_genres(read_for_view(services.engine, context, counts.genres))
    if _is_empty(table, _("None of these films has a genre.")):
        return
    best = _most(table, "mean")
    figure.show(
        context,
        N_("Genres"),
        _(
            "Ratings of the films of each genre, their mean, and the share of 4 stars or "
            "more. A film with two genres counts in both."
        ),
        charts.genres(table),
        table,
        {
            "genre": text(_("Genre")),
            "ratings": NumberColumn(_("Ratings"), format="localized"),
            "share": NumberColumn(_("share"), format="percent"),
            "mean": NumberColumn(_("Mean"), format="%.2f"),
            "liked": NumberColumn(_("4 ★ or more"), format="percent"),
        },
        main=_("{first} has the most ratings, {count}; {genre} has the best mean, {mean}").format(
            first=table["genre"].iloc[0],
            count=number(table["ratings"].iloc[0]),
            genre=best.genre,
            mean=number(best["mean"], ".2f"),
        ),
    )


def together(services: Services, context: Context) -> None:
    """Show which genres the same people like."""
    liked: liking.LikedTogether = read_for_view(services.engine, context, liking.together)
    table = _with_genres(liked.pairs)
    known = table.dropna(subset=["lift"])
    if _is_empty(
        known,
        _(
            "Fewer than {count} people like films of two genres here, which is too few to tell."
        ).format(count=liking.FEW_PEOPLE),
    ):
        return
    apart = known[known["genre"] < known["other"]]
    first = (apart if not apart.empty else known).sort_values("lift", ascending=False).iloc[0]
    figure.show(
        context,
        N_("Genres liked by the same people"),
        _(
            "How much more often than by chance (1 ×) two different films liked by one "
            "person (4 ★ or more) belong to these two genres. Based on {people} people drawn "
            "at random (1,000 at most), all with the same weight. A film with two genres "
            "counts in both; a pair that fewer than {few_people} people like is left blank."
        ).format(people=number(liked.people), few_people=liking.FEW_PEOPLE),
        charts.liked_together(table),
        table,
        {
            "genre": text(_("Genre")),
            "other": text(_("Other genre")),
            "lift": NumberColumn(_("Lift"), format="%.2f ×"),
            "people": NumberColumn(_("People"), format="localized"),
        },
        main=_(
            "The strongest pair is {genre} and {other}: {lift} times as often as by chance"
        ).format(genre=first.genre, other=first.other, lift=number(first.lift, ".2f")),
    )


def release_years(services: Services, context: Context) -> None:
    """Show the shares of genres by release year."""
    table = _with_genres(read_for_view(services.engine, context, counts.genres_by_release))
    if _is_empty(table, _("None of these films has both a genre and a year of release.")):
        return
    top = _most(table, "ratings")
    table = table.assign(share=table["share"].where(table["of_all"] >= FEW_RATINGS))
    figure.show(
        context,
        N_("Genres over the years of release"),
        _(
            "Each genre's share of the ratings of films released in the same five years. A "
            "film with two genres counts in both; films without a year are left out, and "
            "five years with fewer than {few_ratings} ratings are left blank."
        ).format(few_ratings=FEW_RATINGS),
        charts.genres_by_release(table),
        table,
        {
            "genre": text(_("Genre")),
            "release": NumberColumn(
                _("Released from"), format="%d", help=_("and in the four years after")
            ),
            "share": NumberColumn(_("Share"), format="percent"),
            "ratings": NumberColumn(_("Ratings"), format="localized"),
            "mean": NumberColumn(_("Mean"), format="%.2f"),
        },
        main=_(
            "The most ratings, {ratings}, are of {genre} films released "
            "{first}-{last}: {share} of the ratings of these years"
        ).format(
            ratings=number(top.ratings),
            genre=top.genre,
            first=top.release,
            last=top.release + 4,
            share=number(top.share, ".0%"),
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
    tenth = _most(steps.assign(near=-(steps["films_share"] - 0.1).abs()), "near")
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
    top = _most(table, "ratings")
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


def _most(table: pd.DataFrame, column: str) -> pd.Series:
    """Return the row with the largest value."""
    return table.iloc[int(table[column].argmax())]


def _with_genres(table: pd.DataFrame) -> pd.DataFrame:
    """Replace genres by their names in the language of the page."""
    columns = [column for column in ("genre", "other") if column in table]
    return table.assign(**{column: table[column].map(genre) for column in columns})


def _is_empty(table: pd.DataFrame, says: str) -> bool:
    if table.empty:
        st.info(
            says + " " + _("Use broader filters."),
            icon=":material/filter_alt_off:",
        )
    return table.empty


VIEWS: dict[str, Callable[[Services, Context], None]] = {
    N_("Stars"): stars,
    N_("Over time"): over_time,
    N_("Genres"): genres,
    N_("Liked together"): together,
    N_("Release years"): release_years,
    N_("Films"): films.show,
    N_("Long tail"): long_tail,
    N_("People"): people,
}
