"""The source of the data, below every page."""

import streamlit as st

from accounts import demo
from db.queries import details
from pages.parts.wording import N_, _
from startup import Services

CITATION = (
    "F. Maxwell Harper and Joseph A. Konstan. 2015. The MovieLens Datasets: "
    "History and Context. *ACM Transactions on Interactive Intelligent Systems* 5, 4: 19:1–19:19. "
    "<https://doi.org/10.1145/2827872>"
)


# IMDb asks for these words: https://developer.imdb.com/non-commercial-datasets/
IMDB = "Information courtesy of IMDb (<https://www.imdb.com>). Used with permission."


# TMDb asks for these words: https://developer.themoviedb.org/docs/faq
TMDB = N_("This product uses the TMDB API but is not endorsed or certified by TMDB.")


def show(services: Services) -> None:
    """Show the sources of the data, and a warning for operators where one is due."""
    settings = services.settings
    with services.engine.connect() as connection:
        with_imdb = details.are_from_imdb(connection)
    st.space("medium")
    if demo.are_public(settings):
        st.warning(
            _(
                "**Demo accounts are on**: anyone can log in as one of the people in the "
                "data set. This is for trying things out, not for real data; "
                "`DEMO_ACCOUNTS=false` turns it off."
            ),
            icon=":material/science:",
        )
    st.caption(
        _(
            "Ratings and films: [MovieLens](https://grouplens.org/datasets/movielens/), used under "
            "its [terms](https://files.grouplens.org/datasets/movielens/ml-latest-small-README.html"
            "): no commercial use without permission, no endorsement by the University of "
            "Minnesota or the GroupLens group."
        )
        + f" {CITATION}"
        + (f" {IMDB}" if with_imdb else "")
        + (f" {_(TMDB)}" if services.tmdb is not None else "")
    )
