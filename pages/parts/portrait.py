"""What my ratings say about me."""

import pandas as pd
import streamlit as st

import startup
from db import portrait
from pages.parts import charts

FEW = 5


def show(films: pd.DataFrame) -> None:
    """Three pictures of somebody's taste, each with its figures.

    Parameters
    ----------
    films : DataFrame
        As from `db.portrait.films`.
    """
    if len(films) < FEW:
        st.info(
            f"Rate {FEW - len(films)} more films, and you see here how your taste differs from "
            "others'.",
            icon=":material/insights:",
        )
        return
    with startup.current().engine.connect() as connection:
        distribution = portrait.distribution(connection, films)
        genres = portrait.genres(connection, films)
    st.write(
        f"You give **{films['rating'].mean():.2f} ★** on average, to films that everybody gives "
        f"**{films['mean'].mean():.2f} ★**."
    )
    st.subheader("How you rate, beside everybody")
    st.write("The share of your ratings, and of all ratings, that has so many stars.")
    st.plotly_chart(
        charts.mine_and_everybodys(distribution),
        key="portrait_distribution",
        alt="Shares of stars in your ratings and in everybody's",
        config={"displayModeBar": False},
    )
    if not genres.empty:
        st.subheader("Genres you like more, or less, than others do")
        st.write("Your mean less everybody's, for genres of which you have rated three films.")
        st.plotly_chart(
            charts.differences(genres["genre"], genres["difference"]),
            key="portrait_genres",
            alt="Your mean rating of each genre less everybody's: "
            + ", ".join(f"{row.genre} {row.difference:+.1f}" for row in genres.itertuples()),
            config={"displayModeBar": False},
        )
    apart = portrait.disagreements(films)
    if not apart.empty:
        st.subheader("Where you disagree most")
        st.write("Films that at least five people have rated, by how far you are from their mean.")
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
            hide_index=True,
            column_config={
                "film": st.column_config.TextColumn("Film", width="medium"),
                "mine": st.column_config.NumberColumn("You ★", format="%.1f"),
                "everybody": st.column_config.NumberColumn("All ★", format="%.1f"),
                "difference": st.column_config.NumberColumn("Difference", format="%+.1f"),
            },
        )
