"""The page for an unknown address: it says so, and lists the pages."""

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from pages.parts import search, wording
from pages.parts.wording import _

_TEMPLATE = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True
).get_template("nothing_here.html", globals={"_": _})


def html(pages: Sequence[tuple[str, str, str]]) -> str:
    """Return the page in the current language.

    Parameters
    ----------
    pages : sequence of tuples
        Path, title and description of each page.

    Returns
    -------
    str
        HTML.
    """
    return _TEMPLATE.render(language=wording.spoken(), pages=pages, find=search.as_html())
