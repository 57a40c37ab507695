"""Ranks of films across models, and the overlap of their lists."""

import pandas as pd
import streamlit as st

from pages.inspector import charts
from pages.inspector.compared import Compared
from pages.parts.wording import _, number
from recsys.models.comparison import RANKED, jaccard, overlap, ranks


def show(compared: Compared, k: int) -> None:
    """Show the ranks of all films of all lists, and the lists' overlaps."""
    (given,) = compared.lists
    found = ranks(given, k)
    if found.empty:
        return
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.subheader(_("Ranks in the other lists"), anchor="ranks")
        st.write(
            _(
                "Every film in the first {k} of any list, with its rank in each list; “–” "
                "means not in the first {ranked}."
            ).format(k=k, ranked=RANKED)
        )
        names = pd.Series([compared.label(int(film)) for film in found.index])
        st.plotly_chart(
            charts.rank_matrix(found, names),
            key="rank_matrix",
            alt=_in_words(found, names),
            config={"displayModeBar": False},
        )
    with right:
        st.subheader(_("Shared films"), anchor="shared")
        st.write(
            _(
                "How many of the first {k} films two lists share; in brackets the Jaccard "
                "index, the shared films divided by all films of the two."
            ).format(k=k)
        )
        table = pd.DataFrame(
            {
                _(name): [
                    f"{overlap(one, other, k)} ({number(jaccard(one, other, k), '.2f')})"
                    for one in given.values()
                ]
                for name, other in given.items()
            },
            index=pd.Index([_(name) for name in given], name=""),
        )
        st.table(table, alt=_("Films that two lists share among their first {k}").format(k=k))


def _in_words(found: pd.DataFrame, names: pd.Series) -> str:
    first = {
        name: names.iloc[int((column == 1).fillna(False).to_numpy().argmax())]
        for name, column in found.items()
        if (column == 1).any()
    }
    firsts = "; ".join(f"{_(str(name))}: {title}" for name, title in first.items())
    return _("Ranks in {lists} lists, films: {films}. First in each: {firsts}.").format(
        films=len(found), lists=found.shape[1], firsts=firsts
    )
