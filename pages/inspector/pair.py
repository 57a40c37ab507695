"""Two people compared: what both have rated, and what each would get."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from pages.inspector import lists
from pages.inspector.compared import Compared
from pages.inspector.subject import Subject
from pages.parts.wording import _, ngettext, number
from recsys.models.comparison import FIVE_FILMS, RANKED, agreement, jaccard, overlap

FEW_FILMS = 10


def show(first: Subject, second: Subject, compared: Compared, k: int) -> None:
    """Show their ratings of the same films, then their lists."""
    people = (first, second)
    st.header(_("{name} and {name2}").format(name=first.name, name2=second.name))
    st.table(
        pd.DataFrame({each.name: lists.known_of(each) for each in people}).T,
        alt=_("How much is known about each"),
    )
    _ratings(first, second, compared)
    st.subheader(_("What {five_films} recommends to each").format(five_films=FIVE_FILMS))
    one, other = (given[FIVE_FILMS] for given in compared.lists)
    st.write(
        _("They share **{overlap}** of {k} films (Jaccard index {jaccard}).").format(
            overlap=overlap(one, other, k), k=k, jaccard=number(jaccard(one, other, k), ".2f")
        )
    )
    for place, column in enumerate(st.columns(2, gap="large")):
        with column, st.container(border=True):
            st.markdown(f"**{people[place].name}**")
            lists.listed(
                compared.lists[place][FIVE_FILMS][:k],
                compared,
                _elsewhere(people[1 - place], compared, 1 - place),
            )
    st.subheader(_("What they share in each model's list"))
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
                _("Model"): [_(name) for name, shared, share in both],
                _("Shared in the first {k}").format(k=k): [shared for name, shared, share in both],
                _("Jaccard"): [number(share, ".2f") for name, shared, share in both],
            }
        ).set_index(_("Model")),
        alt=_("How many of the first {k} films of each model's two lists are the same").format(k=k),
    )


def _ratings(first: Subject, second: Subject, compared: Compared) -> None:
    found = agreement(first.history, second.history)
    n = len(found.films)
    st.subheader(_("Films that both have rated"))
    if not n:
        st.info(_("There are none."), icon=":material/join_inner:")
        return
    with st.grid(4, min_column_width=140):
        st.metric(_("Both have rated"), number(n), border=True)
        st.metric(
            _("Correlation"),
            "-" if found.correlation is None else number(found.correlation, ".2f"),
            border=True,
            help=_(
                "Pearson correlation of their stars on the {n} films both have rated, from "
                "-1 to 1. It needs three films, and stars that are not all the same."
            ).format(n=n),
        )
        st.metric(
            _("Mean difference"),
            f"{number(found.difference or 0.0, '.2f')} ★",
            border=True,
            help=_("Average per film."),
        )
        st.metric(
            _("Both like"),
            number(found.both_like),
            border=True,
            help=_("Both like it or neither does: {same_side} of {n}.").format(
                same_side=found.same_side, n=n
            ),
        )
    st.caption(
        ngettext(
            "Based on {count} film: too few to say much.",
            "Based on {count} films: too few to say much.",
            n,
        ).format(count=n)
        if n < FEW_FILMS
        else ngettext("Based on {count} film.", "Based on {count} films.", n).format(count=n)
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
            "film": st.column_config.TextColumn(_("Film"), width="medium"),
            "first": st.column_config.NumberColumn(first.name, format="%.1f ★"),
            "second": st.column_config.NumberColumn(second.name, format="%.1f ★"),
            "apart": st.column_config.NumberColumn(_("Difference"), format="%.1f"),
            "page": st.column_config.LinkColumn(_("Page"), display_text=_("Open")),
        },
        alt=_("The {n} films both have rated, those with the most stars from both first").format(
            n=n
        ),
    )


def _elsewhere(other: Subject, compared: Compared, place: int) -> Callable[[int], str]:
    """Return what a film is to the other person."""
    rated = dict(zip(other.history["movie_id"], other.history["rating"], strict=True))
    ranks = {
        item.movie_id: rank for rank, item in enumerate(compared.lists[place][FIVE_FILMS], start=1)
    }

    def says(movie_id: int) -> str:
        if movie_id in rated:
            return _("{name} has rated it: {stars} ★").format(
                name=other.name, stars=number(rated[movie_id], "g")
            )
        if movie_id in ranks:
            return _("number {rank} for {name}").format(rank=ranks[movie_id], name=other.name)
        return _("beyond the first {count} for {name}").format(count=RANKED, name=other.name)

    return says
