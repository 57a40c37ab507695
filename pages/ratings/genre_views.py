"""Views of the Ratings page that compare genres, one function each."""

import pandas as pd
import streamlit as st

from db.explore import counts, liking
from pages.parts.wording import N_, _, genre, number
from pages.ratings import cells, charts, figure
from pages.ratings.figure import Context
from pages.ratings.reading import read_for_view, row_with_most
from startup import Services

FEW_RATINGS = 20

NumberColumn = st.column_config.NumberColumn
text = st.column_config.TextColumn


def genres(services: Services, context: Context) -> None:
    """Show which genres are rated, and how."""
    table = _with_genres(read_for_view(services.engine, context, counts.genres))
    if _is_empty(table, _("None of these films has a genre.")):
        return
    best = row_with_most(table, "mean")
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
        cells.liked_together(table),
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
    top = row_with_most(table, "ratings")
    table = table.assign(share=table["share"].where(table["of_all"] >= FEW_RATINGS))
    figure.show(
        context,
        N_("Genres over the years of release"),
        _(
            "Each genre's share of the ratings of films released in the same five years. A "
            "film with two genres counts in both; films without a year are left out, and "
            "five years with fewer than {few_ratings} ratings are left blank."
        ).format(few_ratings=FEW_RATINGS),
        cells.genres_by_release(table),
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
