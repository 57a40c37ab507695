"""The page at an address where there is none: it says so, and which pages there are."""

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from pages.parts import search, wording
from pages.parts.wording import _

_TEMPLATE = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True
).get_template("nothing_here.html", globals={"_": _})


def html(pages: Sequence[tuple[str, str, str]]) -> str:
    """The page in the language that is spoken.

    Parameters
    ----------
    pages : sequence of tuples
        Path, title and description of each page that there is.
    """
    return _TEMPLATE.render(language=wording.spoken(), pages=pages, find=search.as_html())
