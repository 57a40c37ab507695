"""Tables as CSV files that a spreadsheet opens as they are, each with a text about it beside it."""

from collections.abc import Callable, Iterable

import pandas as pd
import streamlit as st

from accounts.spreadsheets import defused
from db.queries.statistics import Load
from i18n.language import Language
from pages.parts.wording import _, spoken

LICENCE = (
    "MovieLens data: no commercial use without permission, no endorsement by the University of "
    "Minnesota or the GroupLens group. F. Maxwell Harper and Joseph A. Konstan. 2015. The "
    "MovieLens Datasets: History and Context. ACM Transactions on Interactive Intelligent "
    "Systems 5, 4: 19:1-19:19. https://doi.org/10.1145/2827872"
)

_BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for the code page of its country


def offer(label: str, table: pd.DataFrame | Callable[[], pd.DataFrame], name: str) -> None:
    """A button that downloads a table as `NAME.csv`, made by a callable when it is clicked."""
    language = spoken()  # a callable runs outside of the page, where no language is spoken
    st.download_button(
        label,
        (lambda: as_csv(table(), language)) if callable(table) else as_csv(table, language),
        file_name=f"{name}.csv",
        mime="text/csv",
        icon=":material/download:",
        key=f"{name}_csv",
        on_click="ignore",
    )


def tell(lines: Iterable[str], name: str) -> None:
    """A button that downloads what a file holds, in words, as `NAME.txt`."""
    st.download_button(
        _("About this file"),
        _BYTE_ORDER_MARK + "".join(f"{' '.join(line.split())}\r\n" for line in lines),
        file_name=f"{name}.txt",
        mime="text/plain",
        icon=":material/description:",
        key=f"{name}_txt",
        type="tertiary",
        on_click="ignore",
    )


def as_csv(table: pd.DataFrame, language: Language) -> bytes:
    """A table as CSV in UTF-8, with a byte order mark.

    Cells that a spreadsheet would run are defused. Excel cuts and reads a CSV by its country's
    rules, so in Russian there are semicolons between cells and commas in numbers.
    """
    separator, decimal = (";", ",") if language == "ru" else (",", ".")
    written = defused(table).to_csv(
        index=False, lineterminator="\r\n", sep=separator, decimal=decimal
    )
    return (_BYTE_ORDER_MARK + written).encode()


def source(load: Load | None) -> str:
    """Where the data comes from, in words."""
    if load is None:
        return _("people's own ratings")
    return _("{source}, loaded on {loaded}").format(
        source=load.source, loaded=f"{load.loaded_at:%Y-%m-%d}"
    )
