"""Where the data comes from, below every page."""

import streamlit as st

MOVIELENS = (
    "Ratings and films: [MovieLens](https://grouplens.org/datasets/movielens/), used under its "
    "[terms](https://files.grouplens.org/datasets/movielens/ml-latest-small-README.html): "
    "no commercial use without permission, no endorsement by the University of Minnesota or the "
    "GroupLens group. F. Maxwell Harper and Joseph A. Konstan. 2015. The MovieLens Datasets: "
    "History and Context. *ACM Transactions on Interactive Intelligent Systems* 5, 4: 19:1–19:19. "
    "<https://doi.org/10.1145/2827872>"
)


def show() -> None:
    """The citation that MovieLens asks for, and its terms."""
    st.space("medium")
    st.caption(MOVIELENS)
