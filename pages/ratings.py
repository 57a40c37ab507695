"""What people have rated: views of it, filters for all of them, and the same numbers in tables."""

import streamlit as st

import startup
from db import statistics, views
from db.explore import counts, filters
from pages.parts.explore import slicing
from pages.parts.explore.figure import Frame
from pages.parts.explore.reading import read
from pages.parts.explore.views import VIEWS
from pages.parts.text import plain

with startup.current().engine.connect() as connection:
    totals = statistics.totals(connection)
    load = statistics.last_load(connection)
    here = str(statistics.installation(connection))
    computed_at = views.computed_at(connection)
    choices = filters.choices(connection)

st.title("What people have rated")
if totals.ratings == 0 or totals.first_at is None or totals.last_at is None:
    st.info(
        "There are no ratings yet. `python -m recsys load demo` brings a hundred thousand.",
        icon=":material/hourglass_empty:",
    )
    st.stop()
loaded = (
    ""
    if load is None
    else f"; data set: {plain(load.source)}, loaded on {load.loaded_at:%-d %B %Y}"
)
st.write(
    f"{totals.first_at:%B %Y} to {totals.last_at:%B %Y}{loaded}; "
    f"figures of {computed_at:%-d %B %Y, %H:%M} UTC."
)
with st.container(key="totals"), st.grid(4, min_column_width=140):
    st.metric("Ratings", f"{totals.ratings:,}", border=True)
    st.metric("People", f"{totals.people:,}", border=True)
    st.metric("Films rated", f"{totals.rated_films:,}", border=True)
    st.metric("Mean rating", f"{totals.mean:.2f} ★", border=True)

asked_for = st.query_params.get("view")
if asked_for and asked_for not in VIEWS:
    st.warning(
        f"There is no view “{plain(asked_for, 40)}”. There are: {', '.join(VIEWS)}.",
        icon=":material/rule:",
    )
view = st.segmented_control(
    "View",
    list(VIEWS),
    default=next(iter(VIEWS)),
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
        f"{plain(words, 600)}: **{count:,} ratings**" if words else f"All **{count:,} ratings**",
        width="content",
    )
    if words and count:
        slicing.clear_button("clear")
if count == 0:
    st.info(
        "No rating fits these filters. Clear them, or choose wider ones.",
        icon=":material/filter_alt_off:",
    )
    slicing.clear_button("clear_all")
    st.stop()
with st.container(key="figures"):
    st.fragment(VIEWS[str(view)])(frame)
