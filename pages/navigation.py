"""The script that Streamlit runs for every page: navigation, and errors of pages."""

from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Literal

import streamlit as st

import startup
from db.queries.users import User
from pages.parts import access, faults, footer, guard, identity, search, switching, waiting, wording
from pages.shell.head import PAGES, TITLE, page_title
from startup import Services

ICON = Path(__file__).parent / "parts" / "icon.svg"


def main() -> None:
    """Show the page that the address names."""
    st.set_page_config(page_title=TITLE, page_icon=str(ICON), layout="wide")
    st.html(f"<style>:root {{color-scheme: {st.context.theme.type or 'light dark'}}}</style>")
    application = startup.current()
    if application.progress.has_films:
        with guard.page(application.services) as user:
            _show(application.services, user)
    else:
        wording.begin(None)
        _navigation(None, lambda _module: waiting.until_films(application.progress)).run()
        wording.say_which(None)


def _show(services: Services, user: User | None) -> None:
    wording.begin(user)
    page = _navigation(user, partial(_show_page, services))
    st.set_page_config(page_title=page_title(page.url_path))
    with st.container(
        horizontal=True, horizontal_alignment="right", vertical_alignment="center", key="find"
    ):
        search.button()
        switching.button(services.engine)
    guard.notice()
    page.run()
    footer.show(services)
    wording.say_which(user)


def _show_page(services: Services, module: str) -> None:
    import_module(module).show(services)  # at its first visit: some import much


def _navigation(user: User | None, run: Callable[[str], None]) -> st.Page:
    """Return the page that the address names; `run` is called with its module to show it."""

    def page(
        module: str,
        icon: str | None = None,
        *,
        title: str | None = None,
        default: bool = False,
        visibility: Literal["visible", "hidden"] = "visible",
    ) -> st.Page:
        path = module.rpartition(".")[2]
        return st.Page(
            partial(run, module),
            title=title or wording.say(PAGES["" if default else path][0]),
            icon=icon,
            url_path=path,
            default=default,
            visibility=visibility,
        )

    return st.navigation(
        [
            page("pages.for_you.for_you", ":material/theaters:", default=True),
            page("pages.by_genre", ":material/category:"),
            page("pages.my_films.my_films", ":material/bookmarks:"),
            page("pages.film", visibility="hidden"),
            page("pages.person", visibility="hidden"),
            page("pages.ratings.ratings", ":material/bar_chart:"),
            page("pages.map", ":material/scatter_plot:"),
            page("pages.quality.quality", ":material/verified:"),
            page("pages.walkthrough.walkthrough", ":material/co_present:"),
            page(
                "pages.inspector.inspector",
                ":material/person_search:",
                visibility=access.visibility(user, "analyst"),
            ),
            page(
                "pages.operations.operations",
                ":material/monitor_heart:",
                visibility=access.visibility(user, "admin"),
            ),
            page(
                "pages.account.account",
                ":material/login:" if user is None else ":material/person:",
                title=None if user is None else identity.display_name(user),
            ),
        ],
        position="top",
    )


with faults.are_told():
    main()
