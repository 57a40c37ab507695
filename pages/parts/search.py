"""Finding a film by title, year or tag, from every page: a button, and what the browser runs.

The box is the browser's own (`search.js`), for Streamlit's would come when the server has answered:
what was typed meanwhile would be lost, or be taken for one of Streamlit's keys.
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
    """A button that opens the search, as the key F does."""
    st.html(as_html(), width="content")


def as_html() -> Markup:
    """The button, for pages that are not Streamlit's."""
    return _BUTTON.format(_("Find a film"))


def script() -> str:
    """What the browser runs, with its texts in each language."""
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
