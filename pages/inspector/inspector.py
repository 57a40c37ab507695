"""The Inspector: anyone's lists from each model, with reasons; for analysts."""

import streamlit as st
from sqlalchemy import Engine

from db.queries import statistics
from pages.inspector import choosing, files, lists, models, pair, ranks
from pages.inspector.choosing import Chosen
from pages.inspector.compared import Compared, compare
from pages.inspector.subject import Subject
from pages.parts import access
from pages.parts.files import offer, tell
from pages.parts.wording import _
from startup import Services


def show(services: Services) -> None:
    """Show the lists of the people whom the address names; for analysts."""
    access.require(services.settings, "analyst")
    st.title(_("Inspector"))
    asked = choosing.ask(services)
    if asked.first is None and asked.second is None:
        st.info(
            _(
                "Whose lists do you want to see? Enter a person's number, pick someone at "
                "random, or make up a history. Enter a second number to compare two people."
            ),
            icon=":material/person_search:",
        )
    else:
        _show(services, asked)


def _show(services: Services, chosen: Chosen) -> None:
    """Show one history with all lists, or compare two; then offer the files."""
    subjects = [each for each in (chosen.first, chosen.second) if each is not None]
    compared = compare(services, subjects, chosen.style)
    models.missing(compared)
    if len(subjects) == 2:
        pair.show(subjects[0], subjects[1], compared, chosen.k)
    else:
        st.header(subjects[0].name)
        lists.facts(subjects[0])
        lists.show(subjects[0], compared, chosen.k)
        ranks.show(compared, chosen.k)
    models.about(compared)
    _downloads(services.engine, subjects, compared)


def _downloads(engine: Engine, subjects: list[Subject], compared: Compared) -> None:
    with engine.connect() as connection:
        load = statistics.last_load(connection)
    tables = files.lists(subjects, compared), files.ratings(subjects, compared)
    with st.container(horizontal=True):
        offer(_("Lists as CSV"), tables[0], "five-films-lists")
        offer(_("Ratings as CSV"), tables[1], "five-films-ratings-of-people")
        tell(files.about(compared, load), "five-films-lists")
