"""Other people's words, shown as they were typed."""

from hypothesis import given
from hypothesis import strategies as st

from pages.parts.text import plain


def test_markup_is_shown_not_obeyed() -> None:
    assert plain("**Jane** <b>") == r"\*\*Jane\*\* \<b\>"
    assert plain("![x](http://evil)") == r"!\[x\](http\://evil)"
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


@given(st.text())
def test_one_line_of_bounded_length(words: str) -> None:
    assert "\n" not in plain(words)
    assert len(plain(words)) <= 200
