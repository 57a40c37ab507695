"""Statistics, read once for everybody until the views are refreshed."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st
from sqlalchemy import Connection, Engine

from db.explore.filters import Slice
from pages.ratings.figure import Frame

Figures = TypeVar("Figures")

_HEIGHT = 560


@st.cache_data(max_entries=300, show_spinner=False)
def _read(
    key: tuple[object, ...],  # noqa: ARG001 - what the figures are kept under
    _engine: Engine,
    _what: Callable[[Connection, Slice], Figures],
    _chosen: Slice,
) -> Figures:
    with _engine.connect() as connection:
        return _what(connection, _chosen)


def read(
    engine: Engine, frame: Frame, what: Callable[[Connection, Slice], Figures], *more: object
) -> Figures:
    """Read statistics through the active filters.

    Parameters
    ----------
    engine : Engine
    frame : Frame
    what : callable
        A function of `db.explore`.
    *more : object
        Arguments that it was built with, if it was built here.

    Returns
    -------
    Figures
        What `what` returns.
    """
    name = f"{what.__module__}.{what.__qualname__}"
    key = (name, *more, repr(frame.chosen), frame.installation, frame.computed_at.isoformat())
    return _read(key, engine, what, frame.chosen)


def read_for_view(
    engine: Engine, frame: Frame, what: Callable[[Connection, Slice], Figures], *more: object
) -> Figures:
    """Read as `read` does, and show a skeleton if it takes a moment."""
    with st.skeleton(height=_HEIGHT):
        return read(engine, frame, what, *more)
