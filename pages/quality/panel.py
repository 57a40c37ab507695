"""The taste panel on the Quality page: whether five films fit, and the five themselves."""

from typing import Any

import streamlit as st

from db.queries.evaluations import KeptEvaluation
from pages.parts.text import plain
from pages.parts.wording import _, ngettext, number, say
from pages.quality import charts, measuring, tables


def show(evaluation: KeptEvaluation) -> None:
    """Show the share of fitting films by model, and each person's five by each model."""
    people = evaluation.results["people"]
    st.write(
        say(evaluation.results["explanation"])
        + " "
        + _("People: {count}.").format(count=number(people))
    )
    st.write(
        _(
            "fits@5 is the share of the five films that fit, averaged over these people. It "
            "answers what ratings can't: whether the five are recognisably theirs from the "
            "very first like. The table also shows for how many people nothing fits, and the "
            "median number of likes of the listed films."
        )
    )
    measuring.left_out(evaluation)
    frame = tables.panel(evaluation)
    best = frame.to_dict("records")[0]
    st.plotly_chart(
        charts.fits(frame),
        key="fits",
        alt=_("fits@5 by model: {model} has the most, {mean}.").format(
            model=say(best["model"]), mean=number(best["mean"], ".2f")
        ),
        config={"displayModeBar": False},
    )
    st.dataframe(
        frame.assign(model=frame["model"].map(_)),
        key="fits_table",
        hide_index=True,
        placeholder="–",
        alt=_("fits@5 by model, as a table"),
        column_config={
            "model": _("Model"),
            "mean": st.column_config.NumberColumn("fits@5", format="%.3f"),
            "low": st.column_config.NumberColumn(_("Low"), format="%.3f"),
            "high": st.column_config.NumberColumn(_("High"), format="%.3f"),
            "nobody": st.column_config.NumberColumn(_("Nothing fits"), format="%.3g"),
            "likes": st.column_config.NumberColumn(_("Median likes"), format="%.0f"),
        },
    )
    st.subheader(_("What they are listed"), anchor="lists")
    persons = {each["name"]: each for each in evaluation.results["panel"]}
    chosen = st.selectbox(_("Person"), list(persons), key="person", bind="query-params")
    others = [name for name in frame["model"] if name not in tables.STYLED]
    _lists(persons[chosen], [*tables.STYLED, *others])


def _lists(person: dict[str, Any], models: list[str]) -> None:
    st.write(
        _("Loves {films}. What fits is marked ✓.").format(
            films=", ".join(plain(title) for title in person["likes"])
        )
    )
    if person["missing"]:
        n = len(person["missing"])
        st.caption(
            ngettext(
                "{count} of this person's films is not in the data set.",
                "{count} of this person's films are not in the data set.",
                n,
            ).format(count=number(n))
        )
    for model in models:
        if model not in person["lists"]:
            continue
        five = person["lists"][model]
        titles = [
            f"**✓\u00a0{plain(film['title'])}**" if film["fits"] else plain(film["title"])
            for film in five["films"]
        ]
        st.markdown(
            f"**{plain(say(model))}** · {number(five['fits@5'], '.2f')}  \n" + " · ".join(titles)
        )
