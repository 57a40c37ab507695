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
            st.Page(
                "for_you.py",
                title=_("For you"),
                icon=":material/theaters:",
                default=True,
                help=_(
                    "Five films for tonight: popular ones for a stranger, your own after log-in."
                ),
            ),
            st.Page(
                "by_genre.py",
                title=_("By genre"),
                icon=":material/category:",
                help=_("Five films of a genre that you pick or type."),
            ),
            st.Page(
                "my_films.py",
                title=_("My films"),
                icon=":material/bookmarks:",
                help=_("What you have rated and marked, and what it says about you."),
            ),
            st.Page("film.py", title=_("A film"), url_path="film", visibility="hidden"),
            st.Page(
                "ratings.py",
                title=_("Ratings"),
                icon=":material/bar_chart:",
                help=_("What people have rated, in charts with their figures beside them."),
            ),
            st.Page(
                "map.py",
                title=_("Map"),
                icon=":material/scatter_plot:",
                help=_("Films that the same people like, side by side; you among them."),
            ),
            st.Page(
                "quality.py",
                title=_("Quality"),
                icon=":material/verified:",
                help=_("How good the lists are, beside those of other models, and for whom."),
            ),
            st.Page(
                "walkthrough.py",
                title=_("Walkthrough"),
                icon=":material/co_present:",
                help=_("The whole story in ten steps, for an audience."),
            ),
            st.Page(
                "inspector.py",
                title=_("Inspector"),
                icon=":material/person_search:",
                help=_("What anybody would get from each model, and why, for analysts."),
                visibility=access.visibility(user, "analyst"),
            ),
            st.Page(
                "operations.py",
                title=_("Operations"),
                icon=":material/monitor_heart:",
                help=_("Models, trainings, health and speed, for administrators."),
                visibility=access.visibility(user, "admin"),
            ),
            st.Page(
                "account.py",
                title=_("Account") if user is None else identity.display_name(user),
                icon=":material/login:" if user is None else ":material/person:",
                url_path="account",
                help=_("Log in, register, see who you are, log out."),
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
