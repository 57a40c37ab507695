"""Operations: health, models and trainings, what becomes of films, speed, loads and imports."""

import streamlit as st

from pages.parts import access
from pages.parts.operations import data, health, models, outcomes, speed

HEALTH, MODELS, OUTCOMES, SPEED, DATA = "Health", "Models", "Shown films", "Speed", "Data"

user = access.require("admin")
st.title("Operations")
view = st.segmented_control(
    "What to show",
    [HEALTH, MODELS, OUTCOMES, SPEED, DATA],
    default=HEALTH,
    required=True,
    key="show",
    label_visibility="collapsed",
    bind="query-params",
)
if view == MODELS:
    models.show(user)
elif view == OUTCOMES:
    outcomes.show()
elif view == SPEED:
    speed.show()
elif view == DATA:
    data.show()
else:
    health.show()
