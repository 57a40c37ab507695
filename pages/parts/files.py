"""CSV files that spreadsheets open without settings, each with a text file about it."""

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

_BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as its country's code page


def offer(label: str, table: pd.DataFrame | Callable[[], pd.DataFrame], name: str) -> None:
    """Show a button that downloads a table as `NAME.csv`, built when it is clicked."""
    language = spoken()  # a callable runs outside the page, where no language is set
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
    """Show a button that downloads a description of the file as `NAME.txt`."""
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
    """Return a table as CSV in UTF-8 with a byte order mark.

    Cells that a spreadsheet would run are defused. Excel splits and reads CSV by its country's
    rules, so the Russian file has semicolons between cells and decimal commas.
    """
    separator, decimal = (";", ",") if language == "ru" else (",", ".")
    written = defused(table).to_csv(
        index=False, lineterminator="\r\n", sep=separator, decimal=decimal
    )
    return (_BYTE_ORDER_MARK + written).encode()


def source(load: Load | None) -> str:
    """Return a sentence about where the data comes from."""
    if load is None:
        return _("people's own ratings")
    return _("{source}, loaded on {loaded}").format(
        source=load.source, loaded=f"{load.loaded_at:%Y-%m-%d}"
    )
