"""What Streamlit runs for every page: lists the pages, and catches what goes wrong in them."""

import logging
from pathlib import Path

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

import startup
from pages.parts import access, footer, identity, search, style, waiting

logger = logging.getLogger("pages")

ICON = Path(__file__).parent / "parts" / "icon.svg"


def main() -> None:
    """Show the page that the address names."""
    st.set_page_config(page_title="Five Films", page_icon=str(ICON), layout="wide")
    style.apply()
    user = identity.current_user() if startup.current().has_films else None
    page = st.navigation(
        [
            st.Page(
                "for_you.py",
                title="For you",
                icon=":material/theaters:",
                default=True,
                help="Five films for tonight: popular ones for a stranger, your own after log-in.",
            ),
            st.Page(
                "by_genre.py",
                title="By genre",
                icon=":material/category:",
                help="Five films of a genre that you pick or type.",
            ),
            st.Page(
                "my_films.py",
                title="My films",
                icon=":material/bookmarks:",
                help="What you have rated and marked, and what it says about you.",
            ),
            st.Page("film.py", title="A film", url_path="film", visibility="hidden"),
            st.Page(
                "ratings.py",
                title="Ratings",
                icon=":material/bar_chart:",
                help="What people have rated, in charts with their figures beside them.",
            ),
            st.Page(
                "map.py",
                title="Map",
                icon=":material/scatter_plot:",
                help="Films that the same people like, side by side; you among them.",
            ),
            st.Page(
                "quality.py",
                title="Quality",
                icon=":material/verified:",
                help="How good the lists are, beside those of other models, and for whom.",
            ),
            st.Page(
                "walkthrough.py",
                title="Walkthrough",
                icon=":material/co_present:",
                help="The whole story in ten steps, for an audience.",
            ),
            st.Page(
                "inspector.py",
                title="Inspector",
                icon=":material/person_search:",
                help="What anybody would get from each model, and why, for analysts.",
                visibility=access.visibility(user, "analyst"),
            ),
            st.Page(
                "operations.py",
                title="Operations",
                icon=":material/monitor_heart:",
                help="Models, trainings, health and speed, for administrators.",
                visibility=access.visibility(user, "admin"),
            ),
            st.Page(
                "account.py",
                title="Account" if user is None else identity.display_name(user),
                icon=":material/login:" if user is None else ":material/person:",
                url_path="account",
                help="Log in, register, see who you are, log out.",
            ),
        ],
        position="top",
    )
    if startup.current().has_films:
        search.button()
        page.run()
        footer.show()
    else:
        waiting.until_films()


try:
    main()
except SQLAlchemyError as error:
    logger.error("a page could not reach the database: %s", str(error).splitlines()[0])
    waiting.database_away()
except Exception:
    logger.exception("a page failed")
    waiting.failed()
