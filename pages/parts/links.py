"""Links to other pages, by their paths in `pages.shell.head.PAGES`."""

from collections.abc import Mapping
from typing import Literal

import streamlit as st


def link(
    path: str,
    label: str,
    *,
    icon: str | None = None,
    query_params: Mapping[str, str] | None = None,
    width: Literal["content", "stretch"] = "content",
) -> None:
    """Show a link to the page at a path, which `pages.navigation` lists."""
    st.page_link(
        st.Page(_elsewhere, url_path=path),
        label=label,
        icon=icon,
        query_params=query_params,
        width=width,
    )


def _elsewhere() -> None:
    """Stand for a page, which Streamlit finds by its path."""
