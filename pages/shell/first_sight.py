"""For you as plain HTML, which is there before Streamlit: a stranger's five, readable at once.

The films of somebody who is known are left to the page itself, and a skeleton stands for them.
"""

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape

import startup
from pages.parts import cards, lists, styles, wording
from pages.parts.wording import _
from recsys.models.styles import DEFAULT_STYLE

_FOLDER = Path(__file__).parent
_TEMPLATE = Environment(loader=FileSystemLoader(_FOLDER), autoescape=True).get_template(
    "first_sight.html", globals={"_": _}
)
_LINK = re.compile(r"\[(.+?)\]\((/\w*)\)")  # Markdown's, within a text of ours


def html(names: dict[str, str], *, has_films: bool) -> str:
    """The page in the language that is spoken, to be put before Streamlit's root.

    Parameters
    ----------
    names : dict of str to str
        What the pages are called, by their paths.
    has_films : bool
        Whether it shows the five of a stranger, or places for somebody's own.
    """
    return _TEMPLATE.render(
        language=wording.spoken(),
        links=list(names.items()),
        title=_("Five films for tonight"),
        about=_(styles.ABOUT[DEFAULT_STYLE]),
        told=_told() if has_films else Markup("&nbsp;"),
        cards=_cards() if has_films else "",
        script=_script(),
    )


def _told() -> Markup:
    words = str(escape(lists.nothing_told()))
    return Markup(_LINK.sub(r'<a href="\2">\1</a>', words))  # noqa: S704 # nosec B704 - escaped above


def _cards() -> Markup:
    served = startup.current().recommender.recommend(None, limit=lists.FIVE)
    return cards.written(served.items)


@cache
def _script() -> Markup:
    return Markup((_FOLDER / "first_sight.js").read_text())  # noqa: S704 # nosec B704 - a file of ours
