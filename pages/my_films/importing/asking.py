"""Questions about a file: its columns, its best rating, and its order of dates."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from accounts.imports import NO_HINTS, DateOrder, Hints, Role, Scale, Section, UnknownTable
from pages.parts.text import plain
from pages.parts.wording import N_, _

_ROLES = {
    Role.TITLE: N_("Title"),
    Role.YEAR: N_("Year"),
    Role.RATING: N_("Rating"),
    Role.DATE: N_("Date"),
    Role.IMDB: N_("IMDb number"),
    Role.TMDB: N_("TMDB number"),
}
_NONE = ""
_SCALES: tuple[Scale, ...] = (5, 10, 100)
_HINTS = "import_hints"


def hints(file_id: str) -> Hints:
    """Return the answers about a file so far."""
    kept = st.session_state.get(_HINTS)
    return kept[1] if kept is not None and kept[0] == file_id else NO_HINTS


def columns(file_id: str, table: UnknownTable, scale: Scale | None) -> None:
    """Show the table's first rows, and ask which column is which."""
    with st.expander(_("What the columns say"), icon=":material/table:", expanded=not table.roles):
        st.write(
            _("This isn't a file of a known service. Check which column says what:")
            if table.roles
            else _("Choose which column says what. The titles are needed, or a number.")
        )
        if table.sample:
            st.dataframe(
                pd.DataFrame(
                    [row[: len(table.columns)] for row in table.sample],
                    columns=_distinct(table.columns),
                ),
                hide_index=True,
                key=f"import-sample-{file_id}",
                alt=_("The first rows of the file"),
            )
        chosen: dict[str, str] = {}
        with st.grid(3, min_column_width=160):
            for role, label in _ROLES.items():
                options = [_NONE, *table.columns]
                now = table.roles.get(role, _NONE)
                picked = st.selectbox(
                    _(label),
                    options,
                    index=options.index(now) if now in options else 0,
                    format_func=lambda name: plain(name) or _("none"),
                    key=f"import-{role}-{file_id}",
                )
                if picked:
                    chosen[role] = picked
        best = None
        if Role.RATING in chosen:
            best = st.segmented_control(
                _("The best rating is"),
                _SCALES,
                default=scale or 5,
                required=True,
                key=f"import-scale-{file_id}",
            )
    said = hints(file_id)
    if chosen != table.roles or (best is not None and scale is not None and best != scale):
        _keep(file_id, replace(said, columns=chosen, scale=best))


def date_order(file_id: str, sections: Sequence[Section]) -> None:
    """Ask for the order of day and month if no date of the file decides it."""
    said = hints(file_id)
    if said.date_order is None and not any(section.is_date_open for section in sections):
        return
    names: dict[DateOrder, str] = {
        "dmy": _("day first: 4/3/2021 is 4 March"),
        "mdy": _("month first: 4/3/2021 is 3 April"),
    }
    order = st.segmented_control(
        _("The dates of this file can be read in two ways. They have the"),
        list(names),
        default=said.date_order,
        format_func=names.__getitem__,
        key=f"import-dates-{file_id}",
    )
    if order != said.date_order:
        _keep(file_id, replace(said, date_order=order))


def _keep(file_id: str, said: Hints) -> None:
    if (file_id, said) != st.session_state.get(_HINTS):
        st.session_state[_HINTS] = (file_id, said)
        st.rerun()


def _distinct(names: Sequence[str]) -> list[str]:
    """Return unique column names, which a data frame needs."""
    return [
        name if name and name not in names[:place] else f"{name} {place + 1}".strip()
        for place, name in enumerate(names)
    ]
