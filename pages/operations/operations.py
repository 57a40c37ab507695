"""Operations: health, models and trainings, outcomes, speed, data loads and imports."""

import streamlit as st

from pages.operations import data, health, models, outcomes, speed
from pages.parts import access
from pages.parts.choice import one_of
from pages.parts.wording import N_, _
from startup import Services

HEALTH, MODELS, OUTCOMES, SPEED, DATA = (
    N_("Health"),
    N_("Models"),
    N_("Shown films"),
    N_("Speed"),
    N_("Data"),
)


def show(services: Services) -> None:
    """Show the chosen view; for administrators."""
    access.require(services.settings, "admin")
    st.title(_("Operations"))
    view = one_of(_("What to show"), [HEALTH, MODELS, OUTCOMES, SPEED, DATA], key="show")
    if view == MODELS:
        models.show(services)
    elif view == OUTCOMES:
        outcomes.show(services.engine)
    elif view == SPEED:
        speed.show(services.recommender.cache)
    elif view == DATA:
        data.show(services.engine)
    else:
        health.show(services)
