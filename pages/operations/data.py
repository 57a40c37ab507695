"""Data: data loads and imports."""

from typing import Any

import pandas as pd
import streamlit as st
from sqlalchemy import Engine

from db.queries import journal, server
from pages.parts.wording import _, number


def show(engine: Engine) -> None:
    """Show data loads, imports, and the size of the database."""
    with engine.connect() as connection:
        loads = journal.loads(connection)
        imports = journal.imports(connection)
        about = server.about(connection)
    column = st.column_config.NumberColumn
    st.subheader(_("Data sets"))
    st.caption(_("The database takes {size} MB.").format(size=number(about.size / 1e6, ",.0f")))
    _table(
        loads,
        {
            "loaded_at": _time(_("Loaded (UTC)")),
            "source": st.column_config.TextColumn(_("Data set")),
            "movies": column(_("Films"), format="localized"),
            "raters": column(_("People"), format="localized"),
            "ratings": column(_("Ratings"), format="localized"),
            "rejected": column(_("Lines left out"), format="localized"),
        },
        nothing=_("Nothing has been loaded yet. `python -m recsys load demo` loads a data set."),
        alt=_("Loaded data sets"),
        key="loads",
    )
    st.subheader(_("Imports"))
    _table(
        imports,
        {
            "imported_at": _time(_("Imported (UTC)")),
            "email": st.column_config.TextColumn(_("By")),
            "service": st.column_config.TextColumn(_("From")),
            "added": column(_("Added"), format="localized"),
            "changed": column(_("Changed"), format="localized"),
            "unchanged": column(_("Unchanged"), format="localized"),
            "unknown": column(_("Unknown films"), format="localized"),
        },
        nothing=_("Nobody with an account has imported ratings yet. They can under “My films”."),
        alt=_("The last imports of ratings"),
        key="imports",
    )


def _time(label: str) -> Any:
    return st.column_config.DatetimeColumn(label, format="YYYY-MM-DD HH:mm", timezone="UTC")


def _table(
    frame: pd.DataFrame, columns: dict[str, Any], *, nothing: str, alt: str, key: str
) -> None:
    if frame.empty:
        st.info(nothing, icon=":material/inbox:")
        return
    st.dataframe(frame, key=key, hide_index=True, placeholder="–", column_config=columns, alt=alt)
