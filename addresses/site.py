"""Reading `PUBLIC_URL`, the address that people type."""

from urllib.parse import urlsplit


def read(url: str) -> str:
    """Return the scheme, host and port of an address.

    Parameters
    ----------
    url : str
        `https://films.example.org`, perhaps with a port.

    Returns
    -------
    str
        Without a slash at the end.

    Raises
    ------
    ValueError
        If it is invalid, or has a path.
    """
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address or "@" in parts.netloc:
        raise ValueError("must read https://films.example.org")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(
            "must have no path: the app can't be served below one, for its cookies and links "
            "are those of a whole host; give it a name of its own, as https://films.example.org"
        )
    return f"{parts.scheme}://{parts.netloc}"
