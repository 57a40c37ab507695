"""Statistics, read once for everybody until the views are refreshed."""

from collections.abc import Callable
from typing import TypeVar

import pandas as pd
import streamlit as st
from sqlalchemy import Connection, Engine

from db.explore.slices import Slice
from pages.ratings.figure import Context

Result = TypeVar("Result")

_HEIGHT = 560


@st.cache_data(max_entries=300, show_spinner=False)
def _read(
    key: tuple[object, ...],  # noqa: ARG001 - what the statistics are kept under
    _engine: Engine,
    _what: Callable[[Connection, Slice], Result],
    _chosen: Slice,
) -> Result:
    with _engine.connect() as connection:
        return _what(connection, _chosen)


def read(
    engine: Engine, context: Context, what: Callable[[Connection, Slice], Result], *more: object
) -> Result:
    """Read statistics through the active filters.

    Parameters
    ----------
    engine : Engine
    context : Context
    what : callable
        A function of `db.explore`.
    *more : object
        Arguments that it was built with, if it was built here.

    Returns
    -------
    Result
        What `what` returns.
    """
    name = f"{what.__module__}.{what.__qualname__}"
    key = (name, *more, repr(context.chosen), context.installation, context.computed_at.isoformat())
    return _read(key, engine, what, context.chosen)


def read_for_view(
    engine: Engine, context: Context, what: Callable[[Connection, Slice], Result], *more: object
) -> Result:
    """Read as `read` does, and show a skeleton if it takes a moment."""
    with st.skeleton(height=_HEIGHT):
        return read(engine, context, what, *more)


def row_with_most(table: pd.DataFrame, column: str) -> pd.Series:
    """Return the first row with the largest value of a column."""
    return table.iloc[int(table[column].argmax())]
