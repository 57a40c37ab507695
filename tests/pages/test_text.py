"""Other people's words, shown as they were typed."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.parts.text import plain


def test_markup_is_shown_not_obeyed() -> None:
    assert plain("**Jane** <b>") == r"\*\*Jane\*\* \<b\>"
    assert plain("![x](http://evil)") == "!\\[x\\](http\\:\u2060//evil)"
    assert plain("- a") == r"\- a"
    assert plain("1) a") == r"1\) a"
    assert plain("1. a") == r"1\. a"
    assert plain(":smile: :red[x]") == r"\:smile: \:red\[x\]"


def test_what_is_no_markup_stays_for_screen_readers_too() -> None:
    assert plain("Star Wars: Episode IV - A New Hope (1977)!") == (
        "Star Wars: Episode IV - A New Hope (1977)!"
    )


def test_long_words_are_cut() -> None:
    assert plain("a" * 10_000) == "a" * 99 + "…"


# What remark-gfm, by which Streamlit reads Markdown, makes links of: it looks behind the escapes.
LINKED = re.compile(
    r"(https?://|www(?=\.))[-.\w]+|[-.\w+]+@[-\w]+(?:\.[-\w]+)+", re.IGNORECASE | re.ASCII
)
addresses = st.sampled_from(
    [
        "www.",
        "WWW.",
        "http://",
        "HTTPS://",
        "mailto:",
        "a@b.org",
        "@",
        ".",
        "evil.example",
        "w",
        " ",
    ]
)


@pytest.mark.parametrize(
    "words",
    ["www.evil.example (1999)", "http://evil.example", "HTTPS://evil.example", "me@evil.example"],
)
def test_an_address_is_no_link_and_looks_the_same(words: str) -> None:
    shown = re.sub(r"\\(.)", r"\1", plain(words))
    assert LINKED.search(words)
    assert not LINKED.search(shown)
    assert shown.replace("\u2060", "") == words


@given(st.lists(addresses | st.text(max_size=3), max_size=12).map("".join))
def test_nothing_is_a_link(words: str) -> None:
    assert not LINKED.search(re.sub(r"\\(.)", r"\1", plain(words)))


@given(st.text())
def test_one_line_of_bounded_length(words: str) -> None:
    assert "\n" not in plain(words)
    assert len(plain(words)) <= 200
