"""Finding a film by title, year or tag: a button and a script on every page, boxes on some.

What the button opens belongs to the browser (`search.js`): Streamlit's box would appear after the
server's answer, and what was typed until then would be lost or run as one of Streamlit's shortcuts.
"""

from pathlib import Path
from typing import Literal

import streamlit as st
from markupsafe import Markup

from pages.parts import wording
from pages.parts.wording import N_, _
from recsys.data.genres import IN_RUSSIAN

ANY_FILM = N_("godfather, amelie, city of lost …")
"""What a box that finds any film suggests."""

_SCRIPT = Path(__file__).with_suffix(".js")
_BUTTON = Markup(
    '<button type="button" class="to-find" data-find aria-haspopup="dialog" aria-keyshortcuts="F">'
    "{}<kbd>F</kbd></button>"
)


def button() -> None:
    """Show a button that opens the search, as the key F does."""
    st.html(as_html(), width="content")


def as_html() -> Markup:
    """Return the button as HTML, for pages that aren't Streamlit's."""
    return _BUTTON.format(_("Find a film"))


def box(
    label: str,
    *,
    key: str,
    suggestion: str | None = None,
    is_in_address: bool = False,
    is_live: bool = False,
    width: int | Literal["stretch"] = "stretch",
) -> str:
    """Show a box for a title and return what is typed in it, without spaces around.

    Parameters
    ----------
    label : str
    key : str
        Of the widget.
    suggestion : str, optional
        What an empty box shows.
    is_in_address : bool
        Whether the page's address has what is typed.
    is_live : bool
        Whether the page follows each letter; by default it waits until the box is left.
    width : int or "stretch"
        Pixels.

    Returns
    -------
    str
    """
    return st.text_input(
        label,
        key=key,
        placeholder=suggestion,
        bind="query-params" if is_in_address else None,
        live="200ms" if is_live else False,
        max_chars=100,
        icon=":material/search:",
        width=width,
    ).strip()


def script() -> str:
    """Return the browser's script, with its texts in each language."""
    return _SCRIPT.read_text().replace("__TEXTS__", wording.in_each_language(texts))


def texts() -> dict[str, object]:
    """Return the texts of the search, by their names in the script."""
    return {
        "find": _("Find a film"),
        "title": _("Title, person, year or tag"),
        "placeholder": _("godfather, amelie, alien 1979 …"),
        "films": _("Films"),
        "person": _("Person"),
        "hint": _("Case, accents, articles and small typing errors don't matter."),
        "nothing": _("No film has a title like “{typed}”. Try fewer letters."),
        "more": _("{total} more; keep typing to narrow it down."),
        "fault": _("Search is not available right now. Please try again in a moment."),
        "close": _("Close"),
        "genres": {name: wording.genre_in_text(name) for name in IN_RUSSIAN},
    }
