"""Which of Streamlit's addresses are served: those that our pages use.

It also serves files of every component that is imported, whether or not a page shows it, logins
with other sites' accounts, its own figures, and ways to drive the app without a browser.
"""

_STREAMLITS = ("/_stcore/", "/component/", "/auth/", "/oauth2callback", "/app/static/")
_SERVED = frozenset(
    {
        "/_stcore/health",
        "/_stcore/host-config",
        "/_stcore/stream",
        "/auth/session",  # this one and what follows are ours
        "/auth/ended",
    }
)
_UPLOADS = "/_stcore/upload_file/"


def is_served(path: str) -> bool:
    """Whether anything but 404 may be answered there."""
    return not path.startswith(_STREAMLITS) or path in _SERVED or path.startswith(_UPLOADS)
