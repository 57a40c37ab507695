"""The box for a title, which several pages have."""

from streamlit.testing.v1 import AppTest


def _page() -> None:
    import streamlit as st

    from pages.parts.search import box

    st.text(f"[{box('Title', key='title', suggestion='godfather …')}]")


def test_box_returns_what_is_typed_without_spaces_around() -> None:
    page = AppTest.from_function(_page).run()
    assert page.text[0].value == "[]"
    (typed,) = page.text_input
    assert (typed.placeholder, typed.proto.max_chars) == ("godfather …", 100)
    typed.input("  alien 1979 ").run()
    assert page.text[0].value == "[alien 1979]"
    assert page.session_state["title"] == "  alien 1979 "
