"""Two people against each other: what both have rated, and what each would get."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from pages.parts.inspector import lists
from pages.parts.inspector.compared import Compared
from pages.parts.inspector.subject import Subject
from recsys.comparison import FIVE_FILMS, RANKED, agreement, jaccard, overlap

FEW_FILMS = 10


def show(first: Subject, second: Subject, compared: Compared, k: int) -> None:
    """Their ratings of the same films, then their lists."""
    people = (first, second)
    st.header(f"{first.name} and {second.name}")
    st.table(
        pd.DataFrame({each.name: lists.known_of(each, compared) for each in people}).T,
        alt="How much is known of each, and how far the model is trusted for them",
    )
    _ratings(first, second, compared)
    st.subheader(f"What {FIVE_FILMS} gives each")
    one, other = (given[FIVE_FILMS] for given in compared.lists)
    st.write(
        f"They share **{overlap(one, other, k)}** of {k} films (Jaccard index "
        f"{jaccard(one, other, k):.2f})."
    )
    for place, column in enumerate(st.columns(2, gap="large")):
        with column, st.container(border=True):
            st.markdown(f"**{people[place].name}**")
            lists.listed(
                compared.lists[place][FIVE_FILMS][:k],
                compared,
                _elsewhere(people[1 - place], compared, 1 - place),
            )
    st.subheader("What they share in each model's list")
    both = [
        (
            name,
            overlap(given, compared.lists[1][name], k),
            jaccard(given, compared.lists[1][name], k),
        )
        for name, given in compared.lists[0].items()
    ]
    st.table(
        pd.DataFrame(
            {
                "Model": [name for name, _, _ in both],
                f"Shared of the first {k}": [shared for _, shared, _ in both],
                "Jaccard": [f"{share:.2f}" for _, _, share in both],
            }
        ).set_index("Model"),
        alt=f"How many of the first {k} films of each model's two lists are the same",
    )


def _ratings(first: Subject, second: Subject, compared: Compared) -> None:
    found = agreement(first.history, second.history)
    n = len(found.films)
    st.subheader("Films that both have rated")
    if not n:
        st.info("There is none.", icon=":material/join_inner:")
        return
    with st.grid(4, min_column_width=140):
        st.metric("Both have rated", f"{n:,}", border=True)
        st.metric(
            "Correlation",
            "-" if found.correlation is None else f"{found.correlation:.2f}",
            border=True,
            help=f"Pearson's, of their stars for {n} films: from -1 to 1; it takes three films, "
            "and stars that are not all the same.",
        )
        st.metric(
            "Apart by", f"{found.difference:.2f} ★", border=True, help="On average, for a film."
        )
        st.metric(
            "Both like",
            f"{found.both_like:,}",
            border=True,
            help=f"Both like, or neither does: {found.same_side} of {n}.",
        )
    st.caption(
        f"These rest on {n} film{'s' if n != 1 else ''}"
        + (": too few to say much." if n < FEW_FILMS else ".")
    )
    st.dataframe(
        pd.DataFrame(
            {
                "film": [compared.label(int(film)) for film in found.films["movie_id"]],
                "first": found.films["first"],
                "second": found.films["second"],
                "apart": (found.films["first"] - found.films["second"]).abs(),
                "page": "/film?id=" + found.films["movie_id"].astype(str),
            }
        ),
        key="both_rated",
        hide_index=True,
        height=320 if n > 8 else "auto",
        column_config={
            "film": st.column_config.TextColumn("Film", width="medium"),
            "first": st.column_config.NumberColumn(first.name, format="%.1f ★"),
            "second": st.column_config.NumberColumn(second.name, format="%.1f ★"),
            "apart": st.column_config.NumberColumn("Apart", format="%.1f"),
            "page": st.column_config.LinkColumn("Page", display_text="Open"),
        },
        alt=f"The {n} films that both have rated, those with many stars from both first",
    )


def _elsewhere(other: Subject, compared: Compared, place: int) -> Callable[[int], str]:
    """What a film is to the other one."""
    rated = dict(zip(other.history["movie_id"], other.history["rating"], strict=True))
    ranks = {
        item.movie_id: rank for rank, item in enumerate(compared.lists[place][FIVE_FILMS], start=1)
    }

    def says(movie_id: int) -> str:
        if movie_id in rated:
            return f"{other.name} has rated it: {rated[movie_id]:g} ★"
        if movie_id in ranks:
            return f"number {ranks[movie_id]} for {other.name}"
        return f"beyond the first {RANKED} for {other.name}"

    return says
