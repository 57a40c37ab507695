"""Forms on the pages: filled in, and what is said of what was typed."""

import re
from html import unescape

from streamlit.testing.v1 import AppTest


def fill(page: AppTest, label: str, typed: str) -> None:
    """Type into the only field with this label."""
    (found,) = [each for each in page.text_input if each.label == label]
    found.set_value(typed)


def wrong(page: AppTest) -> dict[str, str]:
    """What is said below the fields of a form, by their keys."""
    said = " ".join(each.proto.body for each in page.get("html"))
    found = re.findall(r'<p class="wrong" role="alert" id="wrong-(\w+)">(.*?)</p>', said)
    return {key: unescape(words) for key, words in found}


def errors(page: AppTest) -> list[str]:
    """All that is said to be wrong, below the fields and elsewhere."""
    assert not page.exception
    return [error.value for error in page.error] + list(wrong(page).values())
