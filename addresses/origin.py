"""Origins: scheme, host and port of a web page, as in browsers' Origin header."""

import re
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9.:_-]+")


class Origin(NamedTuple):
    """A page's scheme (http or https), host (in ASCII) and port."""

    scheme: str
    host: str
    port: int

    @property
    def header(self) -> str:
        """The form that browsers send: without the default port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"


def read(url: str) -> Origin | None:
    """Return the origin that a text names in any spelling; None if it names none."""
    with suppress(ValueError):  # an invalid port, an invalid name
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        rest = (parts.path.strip("/"), parts.query, parts.fragment, "@" in parts.netloc)
        if parts.scheme in _PORTS and _HOST.fullmatch(host) and not any(rest) and parts.port != 0:
            return Origin(parts.scheme, host, parts.port or _PORTS[parts.scheme])
    return None


def read_all(urls: str) -> list[str]:
    """Return the headers of origins that are separated by commas.

    Parameters
    ----------
    urls : str

    Returns
    -------
    list of str
        Each as browsers send it.

    Raises
    ------
    ValueError
        If one of them is no origin.
    """
    headers = []
    for each in map(str.strip, urls.split(",")):
        found = read(each)
        if found is None:
            raise ValueError(
                "must be origins, as https://films.example.org, separated by commas; "
                f"{each!r} is none"
            )
        headers.append(found.header)
    return headers
