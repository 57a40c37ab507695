"""What can be looked at on the Ratings page, a function a view."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from db.explore import counts, liking
from db.explore import films as film_figures
from pages.parts.charts import rating_distribution
from pages.parts.explore import charts, figure, films
from pages.parts.explore.figure import Frame
from pages.parts.explore.reading import read_for_view

FEW_RATINGS = 20

number = st.column_config.NumberColumn
text = st.column_config.TextColumn


def stars(frame: Frame) -> None:
    """How often each number of stars was given."""
    table: pd.DataFrame = read_for_view(frame, counts.distribution)
    top = _most(table, "ratings")
    figure.show(
        frame,
        "How people rate",
        "How often each number of stars was given: ratings counted, one for each person and film.",
        rating_distribution(table),
        table,
        {
            "rating": number("Stars", format="%.1f"),
            "ratings": number("Ratings", format="localized"),
            "share": number("of all", format="percent"),
        },
        main=f"Most often {top.rating:g} stars: {int(top.ratings):,} ratings, {top.share:.0%}",
    )


def over_time(frame: Frame) -> None:
    """When people rated: by month, or by year where films are filtered."""
    by_month = frame.chosen.is_of_all_films
    table: pd.DataFrame = read_for_view(frame, counts.by_month if by_month else counts.by_year)
    step, shape = ("month", "%B %Y") if by_month else ("year", "%Y")
    says = (
        "Ratings in each month (UTC), with how many people gave them and their mean."
        if by_month
        else "Ratings in each year (UTC) and their mean; by year, because films are filtered."
    )
    columns: dict[str, Any] = {
        "period": st.column_config.DateColumn(
            step.capitalize(), format="MMM YYYY" if by_month else "YYYY"
        ),
        "ratings": number("Ratings", format="localized"),
        "mean": number("Mean", format="%.2f"),
    }
    if by_month:
        columns["people"] = number("People", format="localized")
    top = _most(table, "ratings")
    figure.show(
        frame,
        "Ratings over time",
        says,
        charts.over_time(table, by_month=by_month),
        table,
        columns,
        main=f"The busiest {step} is {top.period:{shape}}, with {top.ratings:,} ratings",
    )


def genres(frame: Frame) -> None:
    """Which genres are rated, and how."""
    table: pd.DataFrame = read_for_view(frame, counts.genres)
    if _is_empty(table, "None of these films has a genre."):
        return
    best = _most(table, "mean")
    figure.show(
        frame,
        "Genres",
        "Ratings of each genre's films, their mean, and the share of 4 stars or more; a film of "
        "two genres counts in both.",
        charts.genres(table),
        table,
        {
            "genre": text("Genre"),
            "ratings": number("Ratings", format="localized"),
            "share": number("of all", format="percent"),
            "mean": number("Mean", format="%.2f"),
            "liked": number("4 ★ or more", format="percent"),
        },
        main=f"{table['genre'].iloc[0]} has the most ratings, {table['ratings'].iloc[0]:,}; "
        f"{best.genre} has the best mean, {best['mean']:.2f}",
    )


def together(frame: Frame) -> None:
    """Which genres the same people like."""
    liked: liking.LikedTogether = read_for_view(frame, liking.together)
    table = liked.pairs
    known = table.dropna(subset=["lift"])
    if _is_empty(
        known,
        f"Fewer than {liking.FEW_PEOPLE} people like films of two genres here: too few to tell.",
    ):
        return
    apart = known[known["genre"] < known["other"]]
    first = (apart if not apart.empty else known).sort_values("lift", ascending=False).iloc[0]
    figure.show(
        frame,
        "Genres liked by the same people",
        "How much oftener than by chance (1 ×) two different films that one person likes (4 ★ or "
        f"more) are of these two genres, over {liked.people:,} people drawn at random (1,000 at "
        "the most), each of the same weight; a film of two genres counts in both, and a pair that "
        f"fewer than {liking.FEW_PEOPLE} people like is blank.",
        charts.liked_together(table),
        table,
        {
            "genre": text("Genre"),
            "other": text("Other genre"),
            "lift": number("Lift", format="%.2f ×"),
            "people": number("People", format="localized"),
        },
        main=f"The strongest pair is {first.genre} and {first.other}: {first.lift:.2f} times as "
        "often as by chance",
    )


def release_years(frame: Frame) -> None:
    """Which genres are rated among the films of each time."""
    table: pd.DataFrame = read_for_view(frame, counts.genres_by_release)
    if _is_empty(table, "None of these films has both a genre and a year of release."):
        return
    top = _most(table, "ratings")
    table = table.assign(share=table["share"].where(table["of_all"] >= FEW_RATINGS))
    figure.show(
        frame,
        "Genres over the years of release",
        "Of the ratings of films that came out in the same five years, the share that each genre "
        "has; a film of two genres counts in both, films of an unknown year in none, and five "
        f"years with fewer than {FEW_RATINGS} ratings are blank.",
        charts.genres_by_release(table),
        table,
        {
            "genre": text("Genre"),
            "release": number("Released from", format="%d", help="and in the four years after"),
            "share": number("Share", format="percent"),
            "ratings": number("Ratings", format="localized"),
            "mean": number("Mean", format="%.2f"),
        },
        main=f"The most ratings, {top.ratings:,}, are of {top.genre} films released "
        f"{top.release}-{top.release + 4}: {top.share:.0%} of the ratings of these years",
    )


def long_tail(frame: Frame) -> None:
    """How unevenly ratings fall on films: by rank, and as a Lorenz curve."""
    spread: film_figures.Concentration = read_for_view(frame, film_figures.concentration)
    steps = spread.steps
    tenth = _most(steps.assign(near=-(steps["films_share"] - 0.1).abs()), "near")
    says_tenth = (
        f"the most rated {tenth.films_share:.0%} have {tenth.ratings_share:.0%} of all ratings"
    )
    figure.show(
        frame,
        "The long tail",
        f"How many ratings the film at each rank has, of {spread.films:,} films with at least one: "
        f"{says_tenth}. Both axes are logarithmic; some 200 of the ranks are shown.",
        charts.long_tail(steps),
        steps,
        {
            "rank": number("Rank", format="localized"),
            "ratings": number("Ratings", format="localized"),
            "films_share": number("Films up to it", format="percent"),
            "ratings_share": number("have of all ratings", format="percent"),
        },
        main=f"{spread.films:,} films; {says_tenth}",
    )
    least = steps.iloc[::-1].assign(
        films=lambda each: spread.films - each["rank"],
        films_share=lambda each: 1 - each["films_share"],
        ratings_share=lambda each: 1 - each["ratings_share"],
    )
    figure.show(
        frame,
        "The Lorenz curve",
        "The share of all ratings that the least rated films have together; if all films had as "
        f"many, it would be the dashed line. Gini coefficient: {spread.gini:.2f}, where 0 is "
        "equality and 1 is one film with all ratings. Films without a rating don't count.",
        charts.lorenz(least),
        least,
        {
            "films": number("Least rated films", format="localized"),
            "films_share": number("of all films", format="percent"),
            "ratings_share": number("have of all ratings", format="percent"),
        },
        main=f"Gini coefficient {spread.gini:.2f}",
    )


def people(frame: Frame) -> None:
    """How many people rate how much, and what they give."""
    table: pd.DataFrame = read_for_view(frame, counts.people)
    top = _most(table, "ratings")
    figure.show(
        frame,
        "People by activity",
        "People by how many ratings they have given in all, whatever the filters on films and "
        "times, and the share of the ratings in force that each band of them has given.",
        charts.people(table),
        table,
        {
            "activity": text("Ratings in all"),
            "people": number("People", format="localized"),
            "people_share": number("of all people", format="percent"),
            "ratings": number("Ratings", format="localized"),
            "ratings_share": number("of all ratings", format="percent"),
        },
        main=f"People with {top.activity} ratings have given {top.ratings_share:.0%} of them and "
        f"are {top.people_share:.0%} of the people",
    )


def _most(table: pd.DataFrame, column: str) -> pd.Series:
    """The row with the largest value."""
    return table.iloc[int(table[column].argmax())]


def _is_empty(table: pd.DataFrame, says: str) -> bool:
    if table.empty:
        st.info(f"{says} Choose less narrow filters.", icon=":material/filter_alt_off:")
    return table.empty


VIEWS: dict[str, Callable[[Frame], None]] = {
    "Stars": stars,
    "Over time": over_time,
    "Genres": genres,
    "Liked together": together,
    "Release years": release_years,
    "Films": films.show,
    "Long tail": long_tail,
    "People": people,
}
