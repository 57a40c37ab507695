"""Data: what was loaded and imported."""

from typing import Any

import pandas as pd
import streamlit as st

import startup
from db import journal, server


def show() -> None:
    """The loads, the imports, and the database's size."""
    with startup.current().engine.connect() as connection:
        loads = journal.loads(connection)
        imports = journal.imports(connection)
        about = server.about(connection)
    number = st.column_config.NumberColumn
    st.subheader("Data sets")
    st.caption(f"The database takes {about.size / 1e6:,.0f} MB.")
    _table(
        loads,
        {
            "loaded_at": _time("Loaded (UTC)"),
            "source": st.column_config.TextColumn("Data set"),
            "movies": number("Films", format="localized"),
            "raters": number("People", format="localized"),
            "ratings": number("Ratings", format="localized"),
            "rejected": number("Lines left out", format="localized"),
        },
        nothing="Nothing has been loaded: `python -m recsys load demo` brings a data set.",
        key="loads",
    )
    st.subheader("Imports")
    _table(
        imports,
        {
            "imported_at": _time("Imported (UTC)"),
            "email": st.column_config.TextColumn("By"),
            "service": st.column_config.TextColumn("From"),
            "added": number("Added", format="localized"),
            "changed": number("Changed", format="localized"),
            "unchanged": number("As they were", format="localized"),
            "unknown": number("Unknown films", format="localized"),
        },
        nothing="Nobody with an account has imported ratings yet; “My films” does it.",
        key="imports",
    )


def _time(label: str) -> Any:
    return st.column_config.DatetimeColumn(label, format="YYYY-MM-DD HH:mm", timezone="UTC")


def _table(frame: pd.DataFrame, columns: dict[str, Any], *, nothing: str, key: str) -> None:
    if frame.empty:
        st.info(nothing, icon=":material/inbox:")
        return
    st.dataframe(frame, key=key, hide_index=True, column_config=columns)
