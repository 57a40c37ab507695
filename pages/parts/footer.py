"""The source of the data, below every page."""

import streamlit as st

from accounts import demo
from config import Settings
from pages.parts.wording import _

CITATION = (
    "F. Maxwell Harper and Joseph A. Konstan. 2015. The MovieLens Datasets: "
    "History and Context. *ACM Transactions on Interactive Intelligent Systems* 5, 4: 19:1–19:19. "
    "<https://doi.org/10.1145/2827872>"
)


def show(settings: Settings) -> None:
    """Show the citation and terms of MovieLens, and a warning for operators where one is due."""
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
    )
