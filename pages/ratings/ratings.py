"""The Ratings page: views of all ratings, filters, and the same numbers in tables."""

import streamlit as st

from db.explore import slices
from db.explore.summary import Summary, summary
from db.queries import statistics, views
from pages.parts import guard, waiting
from pages.parts.choice import one_of
from pages.parts.text import plain
from pages.parts.wording import _, moment, names
from pages.ratings import slicing
from pages.ratings.figure import Context
from pages.ratings.reading import read
from pages.ratings.views import VIEWS
from startup import Services


def show(services: Services) -> None:
    """Show the chosen view of the ratings that match the filters."""
    st.title(_("What people have rated"))
    with services.engine.connect() as connection:
        if views.are_missing(connection):
            waiting.until_statistics(services.engine)
            st.stop()
        totals = statistics.totals(connection)
        load = statistics.last_load(connection)
        here = str(statistics.installation(connection))
        computed_at = views.computed_at(connection)
        choices = slices.choices(connection)

    if totals.ratings == 0 or totals.first_at is None or totals.last_at is None:
        st.info(
            _("There are no ratings yet. `python -m recsys load demo` loads a hundred thousand."),
            icon=":material/hourglass_empty:",
        )
        st.stop()
    first, last = (moment(each, "LLLL y") for each in (totals.first_at, totals.last_at))
    said = {
        "span": first if first == last else _("{first} to {last}").format(first=first, last=last),
        "computed": moment(computed_at, "d MMMM y, HH:mm"),
    }
    words = (
        _("{span}; computed {computed} UTC.").format(**said)
        if load is None
        else _("{span}; data set: {source}, loaded on {loaded}; computed {computed} UTC.").format(
            source=plain(load.source), loaded=moment(load.loaded_at, "d MMMM y"), **said
        )
    )
    st.write(words[:1].upper() + words[1:])
    tiles = st.container()
    asked_for = st.query_params.get("view")
    if asked_for and asked_for not in names(VIEWS):
        st.warning(
            _("There is no view “{asked_for}”. Choose from: {views}.").format(
                asked_for=plain(asked_for, 40), views=", ".join(map(_, VIEWS))
            ),
            icon=":material/rule:",
        )
    view = one_of(_("View"), VIEWS, key="view")
    notes = st.container()
    with st.container(horizontal=True, vertical_alignment="center"):
        chosen = slicing.ask(choices, notes)
        context = Context(chosen, here, load, computed_at)
        found: Summary = read(services.engine, context, summary)
        if words := slicing.in_words(chosen):
            st.markdown(plain(words, 600), width="content")
            if found.ratings:
                slicing.clear_button("clear")
    with tiles:
        slicing.tiles(found)
    if not found.ratings:
        st.info(
            _("No ratings match these filters. Clear them, or use broader ones."),
            icon=":material/filter_alt_off:",
        )
        slicing.clear_button("clear_all")
        st.stop()
    with st.container(key="figures"):
        view = view if view in VIEWS else next(iter(VIEWS))  # a browser may send anything
        guard.fragment()(VIEWS[view])(services, context)
