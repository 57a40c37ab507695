"""The script that Streamlit runs for every page: navigation, and errors of pages."""

from pathlib import Path

import streamlit as st

import startup
from db.queries.users import User
from pages.parts import access, faults, footer, guard, identity, search, switching, waiting, wording
from pages.shell.head import PAGES, TITLE, page_title

ICON = Path(__file__).parent / "parts" / "icon.svg"


def main() -> None:
    """Show the page that the address names."""
    st.set_page_config(page_title=TITLE, page_icon=str(ICON), layout="wide")
    st.html(f"<style>:root {{color-scheme: {st.context.theme.type or 'light dark'}}}</style>")
    if startup.current().has_films:
        with guard.page() as user:
            _show(user)
    else:
        wording.begin(None)
        _navigation(None)
        waiting.until_films()
        wording.say_which(None)


def _show(user: User | None) -> None:
    wording.begin(user)
    page = _navigation(user)
    st.set_page_config(page_title=page_title(page.url_path))
    with st.container(
        horizontal=True, horizontal_alignment="right", vertical_alignment="center", key="find"
    ):
        search.button()
        switching.button()
    guard.notice()
    page.run()
    footer.show()
    wording.say_which(user)


def _navigation(user: User | None) -> st.Page:
    titles = {path: wording.say(title) for path, (title, _about) in PAGES.items()}
    return st.navigation(
        [
            st.Page(
                "for_you/for_you.py", title=titles[""], icon=":material/theaters:", default=True
            ),
            st.Page("by_genre.py", title=titles["by_genre"], icon=":material/category:"),
            st.Page("my_films/my_films.py", title=titles["my_films"], icon=":material/bookmarks:"),
            st.Page("film.py", title=titles["film"], url_path="film", visibility="hidden"),
            st.Page("ratings/ratings.py", title=titles["ratings"], icon=":material/bar_chart:"),
            st.Page("map.py", title=titles["map"], icon=":material/scatter_plot:"),
            st.Page("quality/quality.py", title=titles["quality"], icon=":material/verified:"),
            st.Page(
                "walkthrough/walkthrough.py",
                title=titles["walkthrough"],
                icon=":material/co_present:",
            ),
            st.Page(
                "inspector/inspector.py",
                title=titles["inspector"],
                icon=":material/person_search:",
                visibility=access.visibility(user, "analyst"),
            ),
            st.Page(
                "operations/operations.py",
                title=titles["operations"],
                icon=":material/monitor_heart:",
                visibility=access.visibility(user, "admin"),
            ),
            st.Page(
                "account/account.py",
                title=titles["account"] if user is None else identity.display_name(user),
                icon=":material/login:" if user is None else ":material/person:",
                url_path="account",
            ),
        ],
        position="top",
    )


with faults.are_told():
    main()
