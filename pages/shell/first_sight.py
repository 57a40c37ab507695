"""For you as plain HTML, before Streamlit has loaded: a guest's five, readable at once.

A known person's films are left to the page itself; a skeleton takes their place.
"""

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape

from pages.parts import cards, lists, styles, wording
from pages.parts.wording import _
from recsys.models.styles import DEFAULT_STYLE
from startup import Services

_FOLDER = Path(__file__).parent
_TEMPLATE = Environment(loader=FileSystemLoader(_FOLDER), autoescape=True).get_template(
    "first_sight.html", globals={"_": _}
)
_LINK = re.compile(r"\[(.+?)\]\((/\w*)\)")  # Markdown's, inside one of our texts


def html(names: dict[str, str], services: Services | None) -> str:
    """Return the page in the current language, to insert before Streamlit's root.

    Parameters
    ----------
    names : dict of str to str
        The pages' names, by path.
    services : Services or None
        For a guest's five; None for placeholders.

    Returns
    -------
    str
        HTML.
    """
    return _TEMPLATE.render(
        language=wording.spoken(),
        links=list(names.items()),
        title=_("Five films for tonight"),
        about=_(styles.ABOUT[DEFAULT_STYLE]),
        told=Markup("&nbsp;") if services is None else _told(),
        cards="" if services is None else _cards(services),
        script=_script(),
    )


def _told() -> Markup:
    words = str(escape(lists.nothing_told()))
    return Markup(_LINK.sub(r'<a href="\2">\1</a>', words))  # noqa: S704 # nosec B704 - escaped above


def _cards(services: Services) -> Markup:
    served = services.recommender.recommend(None, limit=lists.FIVE)
    return cards.written(services, served.items)


@cache
def _script() -> Markup:
    return Markup((_FOLDER / "first_sight.js").read_text())  # noqa: S704 # nosec B704 - a file of ours
