"""Finding a film by title, year or tag, on every page: a button and a script.

The box belongs to the browser (`search.js`): Streamlit's would appear after the server's answer,
and what was typed until then would be lost or run as one of Streamlit's shortcuts.
"""

from pathlib import Path

import streamlit as st
from markupsafe import Markup

from pages.parts import wording
from pages.parts.wording import _
from recsys.data.genres import IN_RUSSIAN

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


def script() -> str:
    """Return the browser's script, with its texts in each language."""
    return _SCRIPT.read_text().replace("__TEXTS__", wording.in_each_language(_texts))


def _texts() -> dict[str, object]:
    return {
        "find": _("Find a film"),
        "title": _("Title, year or tag"),
        "placeholder": _("godfather, amelie, alien 1979 …"),
        "films": _("Films"),
        "hint": _("Case, accents, articles and small typing errors don't matter."),
        "nothing": _("No film has a title like “{typed}”. Try fewer letters."),
        "more": _("{total} more; keep typing to narrow it down."),
        "fault": _("Search is not available right now. Please try again in a moment."),
        "close": _("Close"),
        "genres": {name: wording.genre_in_text(name) for name in IN_RUSSIAN},
    }
