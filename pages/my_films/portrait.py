"""A portrait of a person's taste."""

import pandas as pd
import streamlit as st
from sqlalchemy import Engine

from db.queries import portrait
from pages.parts import charts, wording
from pages.parts.wording import _, ngettext, number

FEW = 5


def show(engine: Engine, films: pd.DataFrame) -> None:
    """Show three charts of a person's taste, each with its numbers.

    Parameters
    ----------
    engine : Engine
    films : DataFrame
        As from `db.queries.portrait.films`.
    """
    if len(films) < FEW:
        st.info(
            ngettext(
                "Rate {count} more film, and you see here how your taste differs from others'.",
                "Rate {count} more films, and you see here how your taste differs from others'.",
                FEW - len(films),
            ).format(count=FEW - len(films)),
            icon=":material/insights:",
        )
        return
    with engine.connect() as connection:
        distribution = portrait.distribution(connection, films)
        genres = portrait.genres(connection, films)
    st.write(
        _("You give **{rating} ★** on average, to films that everybody gives **{mean} ★**.").format(
            rating=number(films["rating"].mean(), ".2f"), mean=number(films["mean"].mean(), ".2f")
        )
    )
    st.subheader(_("How you rate, beside everybody"))
    st.write(_("The share of your ratings, and of all ratings, that has so many stars."))
    st.plotly_chart(
        charts.mine_and_everybodys(distribution),
        key="portrait_distribution",
        alt=_("Shares of stars in your ratings and in everybody's"),
        config={"displayModeBar": False},
    )
    if not genres.empty:
        st.subheader(_("Genres you like more or less than others do"))
        st.write(
            _(
                "Your mean minus the overall mean, for genres of which you have rated at "
                "least three films."
            )
        )
        st.plotly_chart(
            charts.differences(genres["genre"].map(wording.genre), genres["difference"]),
            key="portrait_genres",
            alt=_("Your mean rating of each genre minus the overall mean: {genres}").format(
                genres=", ".join(
                    f"{wording.genre(name)} {number(difference, '+.1f')}"
                    for name, difference in zip(genres["genre"], genres["difference"], strict=True)
                )
            ),
            config={"displayModeBar": False},
        )
    apart = portrait.disagreements(films)
    if not apart.empty:
        st.subheader(_("Where you disagree most"))
        st.write(
            _(
                "Films that at least five people have rated, by how far your rating is from "
                "their mean."
            )
        )
        st.dataframe(
            pd.DataFrame(
                {
                    "film": apart["title"]
                    + (" (" + apart["year"].astype("string") + ")").fillna(""),
                    "mine": apart["rating"],
                    "everybody": apart["mean"],
                    "difference": apart["difference"],
                }
            ),
            key="portrait_apart",
            alt=_("Films where you differ most from others"),
            hide_index=True,
            column_config={
                "film": st.column_config.TextColumn(_("Film"), width="medium"),
                "mine": st.column_config.NumberColumn(_("You ★"), format="%.1f"),
                "everybody": st.column_config.NumberColumn(_("All ★"), format="%.1f"),
                "difference": st.column_config.NumberColumn(_("Difference"), format="%+.1f"),
            },
        )
