"""What people have rated: views of it, filters for all of them, and the same numbers in tables."""

import streamlit as st

import startup
from db import statistics, views
from db.explore import counts, filters
from pages.parts import waiting
from pages.parts.explore import slicing
from pages.parts.explore.figure import Frame
from pages.parts.explore.reading import read
from pages.parts.explore.views import VIEWS
from pages.parts.text import plain
from pages.parts.wording import _, moment, names, ngettext, number, understand

st.title(_("What people have rated"))
with startup.current().engine.connect() as connection:
    if views.are_missing(connection):
        waiting.until_figures()
        st.stop()
    totals = statistics.totals(connection)
    load = statistics.last_load(connection)
    here = str(statistics.installation(connection))
    computed_at = views.computed_at(connection)
    choices = filters.choices(connection)

if totals.ratings == 0 or totals.first_at is None or totals.last_at is None:
    st.info(
        _("There are no ratings yet. `python -m recsys load demo` brings a hundred thousand."),
        icon=":material/hourglass_empty:",
    )
    st.stop()
span = {
    "first": moment(totals.first_at, "LLLL y"),
    "last": moment(totals.last_at, "LLLL y"),
    "computed": moment(computed_at, "d MMMM y, HH:mm"),
}
words = (
    _("{first} to {last}; figures of {computed} UTC.").format(**span)
    if load is None
    else _(
        "{first} to {last}; data set: {source}, loaded on {loaded}; figures of {computed} UTC."
    ).format(source=plain(load.source), loaded=moment(load.loaded_at, "d MMMM y"), **span)
)
st.write(words[:1].upper() + words[1:])
with st.grid(4, min_column_width=140):
    st.metric(_("Ratings"), number(totals.ratings), border=True)
    st.metric(_("People"), number(totals.people), border=True)
    st.metric(_("Films rated"), number(totals.rated_films), border=True)
    st.metric(_("Mean rating"), f"{number(totals.mean or 0.0, '.2f')} ★", border=True)

understand("view", VIEWS)
asked_for = st.query_params.get("view")
if asked_for and asked_for not in names(VIEWS):
    st.warning(
        _("There is no view “{asked_for}”. There are: {views}.").format(
            asked_for=plain(asked_for, 40), views=", ".join(map(_, VIEWS))
        ),
        icon=":material/rule:",
    )
view = st.segmented_control(
    _("View"),
    list(VIEWS),
    default=next(iter(VIEWS)),
    format_func=_,
    required=True,
    key="view",
    bind="query-params",
    label_visibility="collapsed",
)
notes = st.container()
with st.container(horizontal=True, vertical_alignment="center"):
    chosen = slicing.ask(choices, notes)
    frame = Frame(chosen, here, load, computed_at)
    count = read(frame, counts.total)
    words = slicing.in_words(chosen)
    st.markdown(
        ngettext("{words}: **{count} rating**", "{words}: **{count} ratings**", count).format(
            words=plain(words, 600), count=number(count)
        )
        if words
        else _("All ratings: **{count}**").format(count=number(count)),
        width="content",
    )
    if words and count:
        slicing.clear_button("clear")
if count == 0:
    st.info(
        _("No rating fits these filters. Clear them, or choose wider ones."),
        icon=":material/filter_alt_off:",
    )
    slicing.clear_button("clear_all")
    st.stop()
with st.container(key="figures"):
    st.fragment(VIEWS[str(view)])(frame)
