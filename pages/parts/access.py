"""Roles: which page each of them may open; administrators may open what analysts may, and more."""

from typing import Literal, NoReturn

import streamlit as st

from accounts import demo
from config import Settings
from db.queries.users import ROLES, Role, User
from pages.parts import commands, identity, links
from pages.parts.text import plain
from pages.parts.wording import N_, _

_CALLED: dict[Role, str] = {
    "user": N_("an account"),
    "analyst": N_("an analyst's account"),
    "admin": N_("an administrator's account"),
}


def may(user: User | None, role: Role) -> bool:
    """Return whether a person may see what this role may."""
    return user is not None and ROLES.index(user.role) >= ROLES.index(role)


def visibility(user: User | None, role: Role) -> Literal["visible", "hidden"]:
    """Return whether the navigation shows a page of this role; a hidden page keeps its address."""
    return "visible" if may(user, role) else "hidden"


def require(settings: Settings, role: Role) -> User:
    """Return the current user if they may see the page; otherwise explain, and stop the page."""
    user = identity.current_user()
    if user is None or not may(user, role):
        _refuse(settings, user, role)
    return user


def _refuse(settings: Settings, user: User | None, role: Role) -> NoReturn:
    called = _(_CALLED[role])
    st.title(_("This page needs {account}").format(account=called))
    if user is None:
        st.write(_("You are not logged in."))
        links.link(
            "account",
            _("Log in with {account}").format(account=called),
            icon=":material/login:",
        )
    else:
        st.write(
            _("You are logged in as {name}, who may not see it.").format(
                name=plain(identity.display_name(user))
            )
        )
        links.link(
            "account",
            _("Log out, and in with {account}").format(account=called),
            icon=":material/logout:",
        )
    if role == "analyst" and settings.has_demo_accounts:
        st.info(
            _("To try it out, log in as `test195@mail.com` with the password `{password}`.").format(
                password=demo.PASSWORD
            ),
            icon=":material/science:",
        )
    st.caption(_("Whoever runs this installation can grant the role on the command line:"))
    email = "EMAIL" if user is None or user.is_demo else user.email
    commands.show(f"python -m recsys role {email} {role}")
    st.stop()
