"""The Streamlit paths that are served: only those that our pages use.

Streamlit also serves the files of every imported component, whether or not a page shows it,
logins with other sites' accounts, its own metrics, and ways to drive the app without a browser.
"""

_STREAMLIT_PREFIXES = ("/_stcore/", "/component/", "/auth/", "/oauth2callback", "/app/static/")
_SERVED = frozenset(
    {
        "/_stcore/health",
        "/_stcore/host-config",
        "/_stcore/stream",
        "/auth/session",  # this one and the next are ours
        "/auth/ended",
    }
)
_UPLOADS = "/_stcore/upload_file/"


def is_served(path: str) -> bool:
    """Return whether the path is served; all others are answered with 404."""
    return not path.startswith(_STREAMLIT_PREFIXES) or path in _SERVED or path.startswith(_UPLOADS)
