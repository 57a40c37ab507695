"""What Streamlit runs for every page: lists the pages, and catches what goes wrong in them."""

from pathlib import Path

import streamlit as st

import startup
from pages.parts import access, footer, identity, search, waiting, wording
from pages.parts.wording import _

ICON = Path(__file__).parent / "parts" / "icon.svg"


def main() -> None:
    """Show the page that the address names."""
    st.set_page_config(page_title="Five Films", page_icon=str(ICON), layout="wide")
    st.html(f"<style>:root {{color-scheme: {st.context.theme.type or 'light dark'}}}</style>")
    user = identity.current_user() if startup.current().has_films else None
    wording.begin(user)
    page = st.navigation(
        [
            st.Page("for_you.py", title=_("For you"), icon=":material/theaters:", default=True),
            st.Page("by_genre.py", title=_("By genre"), icon=":material/category:"),
            st.Page("my_films.py", title=_("My films"), icon=":material/bookmarks:"),
            st.Page("film.py", title=_("A film"), url_path="film", visibility="hidden"),
            st.Page("ratings.py", title=_("Ratings"), icon=":material/bar_chart:"),
            st.Page("map.py", title=_("Map"), icon=":material/scatter_plot:"),
            st.Page("quality.py", title=_("Quality"), icon=":material/verified:"),
            st.Page("walkthrough.py", title=_("Walkthrough"), icon=":material/co_present:"),
            st.Page(
                "inspector.py",
                title=_("Inspector"),
                icon=":material/person_search:",
                visibility=access.visibility(user, "analyst"),
            ),
            st.Page(
                "operations.py",
                title=_("Operations"),
                icon=":material/monitor_heart:",
                visibility=access.visibility(user, "admin"),
            ),
            st.Page(
                "account.py",
                title=_("Account") if user is None else identity.display_name(user),
                icon=":material/login:" if user is None else ":material/person:",
                url_path="account",
            ),
        ],
        position="top",
    )
    if startup.current().has_films:
        with st.container(horizontal=True, horizontal_alignment="right", key="find"):
            search.button()
            wording.button(user)
        page.run()
        footer.show()
    else:
        waiting.until_films()
    wording.say_which()


with waiting.faults_are_told():
    main()
